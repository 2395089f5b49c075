using Guichet.Contacts;
using Guichet.Support;

namespace Guichet.Tests.Contacts;

public sealed class SearchKeyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string, string> Written => new()
    {
        { "Céline", "celine" },
        { "CÉLINE", "celine" },
        { "Ce\u0301line", "celine" },
        { "Œuvre", "oeuvre" },
        { "Lætitia", "laetitia" },
        { "Strauß", "strauss" },
        { "STRAUẞ", "strauss" },
        { "Łukasz Ødegård", "lukasz odegard" },
        { "Þór Đoković Ħal", "thor dokovic hal" },
        { "İbrahim Işık", "ibrahim isik" },
        { "O’Neill", "o neill" },
        { "O'Neill", "o neill" },
        { "O`Neill", "o neill" },
        { "DUPONT-ROUGIER", "dupont rougier" },
        { "Dupont\u2011Rougier", "dupont rougier" },
        { "Dupont – Rougier", "dupont rougier" },
        { "  Dupont\u00A0\u202F\t Sadier ", "dupont sadier" },
        { "-d'", "d" },
        { "-’-", "" },
        { "", "" },
        { "Σωκράτης ΣΩΚΡΆΤΗΣ", "σωκρατησ σωκρατησ" },
        { "Йосиф Ёлкина", "иосиф елкина" },
        { "小林", "小林" },
        { "ｶﾀｶﾅ Ｄｕｐｏｎｔ", "カタカナ dupont" },
        { "김치", "김치".Normalize(System.Text.NormalizationForm.FormKD) },
        { "🎭\uFE0F Du\u00ADpont\u200B", "🎭 dupont" },
        { "100 % _ \\ *", "100 % _ \\ *" },
        { "𐐀", "𐐨" },
        { "ﬁn", "fin" },
        { $"{new string('x', 255)} y", new string('x', 255) },
        { new string('ﷺ', 200), $"{string.Concat(Enumerable.Repeat("صلى الله عليه وسلم", 15))}"[..256].TrimEnd() },
    };

    /// <summary>One function each: what is kept by the program is found by what SQL makes of the same text.</summary>
    [Theory, MemberData(nameof(Written))]
    public async Task The_program_and_the_database_fold_alike(string written, string key)
    {
        Assert.Equal(key, SearchKey.Of(written));
        Assert.Equal(key, await Sql(written));
    }

    /// <summary>Letter by letter through the scripts that names are written in here, and the signs between them.</summary>
    [Fact]
    public async Task Every_letter_of_the_latin_greek_and_cyrillic_scripts_is_folded_alike()
    {
        var wrong = new List<string>();
        foreach (var block in Enumerable.Range(1, 0x052F).Concat(Enumerable.Range(0x1E00, 0x200)).Concat(Enumerable.Range(0x1F00, 0x70)).Concat(Enumerable.Range(0x2000, 0x70)).Concat(Enumerable.Range(0xFF00, 0x60)).Chunk(16))
        {
            var written = string.Join("|", block.Select(value => $"a{char.ConvertFromUtf32(value)}b"));
            var (program, sql) = (SearchKey.Of(written), await Sql(written));
            if (program != sql) wrong.Add($"U+{block[0]:X4}: {program} / {sql}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Half_a_surrogate_pair_folds_without_failing() => Assert.Equal("a\uFFFDb", SearchKey.Of("a\ud83cb"));

    private async Task<string> Sql(string written)
    {
        await using var command = database.Owner.CreateCommand("SELECT contact_key($1)");
        command.Parameters.AddWithValue(written);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
