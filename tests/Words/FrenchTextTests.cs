namespace Guichet.Words;

public sealed class FrenchTextTests
{
    [Theory]
    [InlineData("Rien à signaler.", "Rien à signaler.")]
    [InlineData("en direct : vendus", "en direct\u00A0: vendus")]
    [InlineData("Refuser ?", "Refuser\u202F?")]
    [InlineData("suspendue ; reprise !", "suspendue\u202F; reprise\u202F!")]
    [InlineData("« Le Songe » est en vente", "«\u00A0Le Songe\u00A0» est en vente")]
    [InlineData("déjà\u00A0: mis, et «\u202Fmince\u202F»", "déjà\u00A0: mis, et «\u202Fmince\u202F»")]
    [InlineData("à 20:30, https://guichet.example/a?b=c;d", "à 20:30, https://guichet.example/a?b=c;d")]
    [InlineData(": en tête et en fin «", ": en tête et en fin «")]
    [InlineData("{0:q} : {0:n|place|places}", "{0:q}\u00A0: {0:n|place|places}")]
    [InlineData("", "")]
    public void No_line_ends_before_a_high_sign_or_inside_quotes(string written, string shown)
    {
        Assert.Equal(shown, FrenchText.Bound(written));
        Assert.Equal(shown, FrenchText.Bound(shown));
    }
}
