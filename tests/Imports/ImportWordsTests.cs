using System.Reflection;
using Guichet.Support;
using Guichet.Words;
using NodaTime;
using Xunit;

namespace Guichet.Imports;

public class ImportWordsTests
{
    private static readonly Reader French = new(new Formats(Language.French, DateTimeZoneProviders.Tzdb["Europe/Paris"], new ManualTime()));
    private static readonly Reader English = new(new Formats(Language.English, DateTimeZoneProviders.Tzdb["Europe/Paris"], new ManualTime()));

    [Fact]
    public void Every_code_has_a_sentence()
    {
        var said = new ImportRefusalTexts().Said;
        Assert.All(typeof(ImportCodes).GetFields(BindingFlags.Public | BindingFlags.Static), code => Assert.Contains((string)code.GetRawConstantValue()!, said.Keys));
    }

    [Fact]
    public void Every_field_has_a_word() =>
        Assert.All(ImportFields.Of(ImportKind.Season).Concat(ImportFields.Of(ImportKind.Tallies)).Concat(ImportFields.Of(ImportKind.Contacts)), field => Assert.NotEqual(field.Name, French.Field(field.Name)));

    public static TheoryData<ImportRefusal, string, string> Sentences => new()
    {
        {
            ImportRefusal.At(ImportCodes.SessionUnknown, 2, "", "", "Le Roi Lear | 2026-11-24T20:30 | Grande salle"),
            "Aucune séance ne correspond. Les plus proches\u00A0: Le Roi Lear, mar.\u00A024\u00A0nov., 20\u00A0h\u00A030, Grande salle.",
            "No session matches. The nearest: Le Roi Lear, Tue\u00A024\u00A0Nov, 20:30, Grande salle."
        },
        { ImportRefusal.At(ImportCodes.SessionUnknown, 2, "", ""), "Aucune séance ne correspond.", "No session matches." },
        {
            ImportRefusal.At(ImportCodes.NumberAmbiguous, 2, "CA", "1,234", "1.234", "1234"),
            "Se lit 1,234 ou 1\u202F234. Précisez l’écriture des nombres de cette colonne.", "Reads as 1.234 or 1,234. Say how this column’s numbers are written."
        },
        {
            ImportRefusal.At(ImportCodes.DateNotThatWeekday, 2, "Date", "lundi 24 novembre 2026", "2"),
            "Cette date tombe un autre jour de la semaine (mardi). Corrigez l’un ou l’autre.", "This date falls on another day of the week (Tuesday). Correct one or the other."
        },
        { ImportRefusal.Of(ImportCodes.FileTooLarge, "20000000"), "Le fichier dépasse 20\u00A0Mo. Découpez-le, ou n’exportez que la période utile.", "The file is larger than 20\u00A0MB. Split it, or export only the period you need." },
        { ImportRefusal.At(ImportCodes.FieldEmpty, 2, "show", "", "show"), "Le champ «\u00A0Spectacle\u00A0» est vide sur cette ligne.", "The field “Show” is empty on this line." },
        { ImportRefusal.At("capacity-out-of-range", 2, "", "Lear", "Balcon", "1000000"), "La jauge de «\u00A0Balcon\u00A0» doit être comprise entre 0 et 1\u202F000\u202F000.", "The capacity of “Balcon” must be between 0 and 1,000,000." },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_refusal_is_a_sentence_in_the_readers_language(ImportRefusal refusal, string french, string english)
    {
        Assert.Equal(french, French.Sentence(refusal));
        Assert.Equal(english, English.Sentence(refusal));
    }
}
