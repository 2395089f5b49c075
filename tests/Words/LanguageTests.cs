
namespace Guichet.Words;

public sealed class LanguageTests
{
    [Theory]
    [InlineData(null, Language.French)]
    [InlineData("", Language.French)]
    [InlineData("fr-FR,fr;q=0.9,en;q=0.8", Language.French)]
    [InlineData("en-GB,en;q=0.9,fr;q=0.8", Language.English)]
    [InlineData("de-DE,fr;q=0.4,en;q=0.6", Language.English)]
    [InlineData("de,it", Language.English)]
    [InlineData("fr;q=0,en;q=0.1", Language.English)]
    [InlineData("*;q=bad,,;", Language.English)]
    public void The_browser_decides_by_its_weights(string? header, Language expected) =>
        Assert.Equal(expected, Languages.FromAcceptLanguage(header));
}
