using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;

namespace Guichet.Demo;

/// <summary>What a till has told of the theatre's contacts: subscribers of several seasons, a school's groups, people who came once.</summary>
internal static class DemoTill
{
    private const string Till = "caisse-hall";

    /// <param name="place">Of the contact in the file: it decides what the contact bought, the same every time.</param>
    public static ImmutableArray<ContactActivity> HistoryOf(DemoContact contact, int place, DateTimeOffset now) =>
    [
        .. contact switch
        {
            { Details.Kind: ContactKind.Structure } or { Details.Types.Length: > 0 } or { RelayOf: DemoContacts.Producer } => [],
            { RelayOf: not null } => Group(place, now.AddDays(-40)).Concat(Group(place + 100, now.AddDays(-400))),
            { Tags: { IsDefault: false } tags } when tags.Contains("Abonnés") => Enumerable.Range(0, 3).SelectMany(season => Season(place, season, now)),
            _ when place % 4 == 0 => [],
            _ => Evening(place, now.AddDays(-30 * (1 + place % 9)), place % 3 == 0 ? "Guichet" : "Web", 1 + place % 3),
        },
    ];

    /// <summary>A subscription and a membership, bought in June, and an evening of the season.</summary>
    private static IEnumerable<ContactActivity> Season(int place, int ago, DateTimeOffset now)
    {
        var first = new SeasonCalendar(SeasonCalendar.Usual);
        var season = first.SeasonOf(DateOnly.FromDateTime(now.UtcDateTime)) - ago;
        var (from, until) = (first.FirstDay(season), first.LastDay(season));
        var bought = new DateTimeOffset(from.AddMonths(-3).ToDateTime(new TimeOnly(10, 20)), TimeSpan.Zero);
        var order = Number("S", place, season);
        yield return new ContactActivity(Till, order, 1, bought, new Purchase(order, "EUR",
        [
            new PurchaseLine(ProductKind.Subscription, $"Abonnement {first.NameOf(season)}", null, null, 1, "1re série", "Abonné", 12_600 + 1_000 * place, from, until),
            new PurchaseLine(ProductKind.Membership, "Les Amis du Port", null, null, 1, null, null, 2_500, from, until),
        ], "Guichet", "Hall"));
        yield return new ContactActivity(Till, $"R-{order}", 1, bought, new Payment(new Money(15_100 + 1_000 * place, "EUR"), false, "Carte bancaire", [order]));
        if (ago == 0) yield return new ContactActivity(Till, $"M-{order}", 1, now.AddDays(-12), new SentMessage(MessageChannel.Email, "Vos prochaines soirées", "Lettre des abonnés", MessageState.Delivered, null));
        foreach (var activity in Evening(place, now.AddDays(-20 - 365 * ago), "Guichet", 2)) yield return activity;
    }

    private static IEnumerable<ContactActivity> Evening(int place, DateTimeOffset at, string channel, int quantity)
    {
        var (order, title) = (Number("E", place, at.Year), (place % 3) switch { 0 => "La Mouette", 1 => "Nuit de sel", _ => "Cabaret des marées" });
        var session = EveningOf(at.AddDays(9));
        yield return new ContactActivity(Till, order, 1, at, new Purchase(
            order, "EUR", [new PurchaseLine(ProductKind.Ticket, title, session, "Théâtre du Port, grande salle", quantity, "1re série", "Plein", 3_200 * quantity, null, null)], channel, channel == "Web" ? "Site" : "Hall"));
        yield return new ContactActivity(Till, $"R-{order}", 1, at, new Payment(new Money(3_200 * quantity, "EUR"), false, channel == "Web" ? "Carte bancaire" : "Espèces", [order]));
        yield return new ContactActivity(Till, $"E-{order}", 1, session, new Attendance(
            order, title, session, "Théâtre du Port, grande salle", (place + at.Year) % 5 == 0 ? AttendanceState.Absent : AttendanceState.Attended, quantity, "1re série", "Plein",
            [.. Enumerable.Range(1, quantity).Select(seat => string.Create(CultureInfo.InvariantCulture, $"F{10 + seat}"))]));
    }

    /// <summary>A class with its teacher, two of whom couldn't come.</summary>
    private static IEnumerable<ContactActivity> Group(int place, DateTimeOffset at)
    {
        var order = Number("G", place, at.Year);
        yield return new ContactActivity(Till, order, 1, at, new Purchase(
            order, "EUR", [new PurchaseLine(ProductKind.Ticket, "Le Petit Phare", EveningOf(at.AddDays(30)).AddHours(-6), "Théâtre du Port, studio", 28, "Placement libre", "Scolaire", 16_800, null, null)], "Téléphone", "Relations publiques"));
        yield return new ContactActivity(Till, $"A-{order}", 1, at.AddDays(12), new Cancellation(order, "EUR", [new CancelledLine(1, 2, 1_200)], "Deux élèves absents"));
        yield return new ContactActivity(Till, $"R-{order}", 1, at.AddDays(20), new Payment(new Money(15_600, "EUR"), false, "Virement", [order]));
    }

    /// <summary>Half past eight in winter.</summary>
    private static DateTimeOffset EveningOf(DateTimeOffset day) => new(day.UtcDateTime.Date.AddHours(19.5), TimeSpan.Zero);

    private static string Number(string kind, int place, int year) => string.Create(CultureInfo.InvariantCulture, $"{kind}{year}-{place:0000}");
}
