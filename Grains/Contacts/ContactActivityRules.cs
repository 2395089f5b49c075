using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>What an activity must be by itself, whoever tells it.</summary>
public static class ContactActivityRules
{
    public const int LongestSource = 40;
    public const int LongestId = 100;
    public const int LongestTitle = 200;
    public const int MostLines = 200;
    public const int MostSeats = 200;
    public const int MostSettled = 100;
    public const int MostOfOne = 100_000;
    public const int HighestRevision = 1_000_000;

    /// <summary>Of one line or payment, in minor units: what even a currency without decimals has room for.</summary>
    public const long MostMinor = 1_000_000_000_000;

    /// <summary>Sources that begin so are the product's own.</summary>
    public const string OwnSources = "guichet";

    /// <summary>A till's clock may be ahead, or tell its wall's time as if it were UTC.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What makes two tellings of one revision the same (SHA-256, hexadecimal).</summary>
    internal static string HashOf(ContactActivity activity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{activity.OccurredAt.UtcDateTime:O}\n{Json.Write(activity.Content)}")));

    /// <summary>Cleaned; what is wrong is added, under <paramref name="field"/>.</summary>
    internal static ContactActivity Check(ContactActivity activity, string field, DateTimeOffset now, ImmutableArray<Refusal>.Builder wrong)
    {
        if (!IsSource(activity.Source)) wrong.Add(Refusal.Of("activity-source-invalid", $"{field}.source"));
        else if (activity.Source.StartsWith(OwnSources, StringComparison.Ordinal)) wrong.Add(Refusal.Of("activity-source-reserved", $"{field}.source", activity.Source));
        Id(activity.ExternalId, $"{field}.id", wrong);
        InRange(activity.Revision, 1, HighestRevision, $"{field}.revision", wrong);
        if (activity.OccurredAt < Earliest) wrong.Add(Refusal.Of("activity-too-old", $"{field}.occurredAt"));
        else if (activity.OccurredAt > now + MostAhead) wrong.Add(Refusal.Of("activity-to-come", $"{field}.occurredAt", activity.OccurredAt.ToString("O")));
        return activity with
        {
            // As fine as it is kept.
            OccurredAt = new DateTimeOffset(activity.OccurredAt.UtcTicks - activity.OccurredAt.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero),
            Content = activity.Content switch
            {
                Purchase purchase => Check(purchase, $"{field}.purchase", wrong),
                Cancellation cancellation => Check(cancellation, $"{field}.cancellation", wrong),
                Attendance attendance => Check(attendance, $"{field}.attendance", wrong),
                Payment payment => Check(payment, $"{field}.payment", wrong),
                SentMessage message => Check(message, $"{field}.message", wrong),
                var unknown => throw new ArgumentException($"No such activity: {unknown?.GetType().Name}.", nameof(activity)),
            },
        };
    }

    private static Purchase Check(Purchase purchase, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        var order = Needed(purchase.Order, $"{field}.order", ContactRules.LongestText, "activity-order-missing", wrong);
        Currency(purchase.Currency, $"{field}.lines", wrong);
        ImmutableArray<PurchaseLine> lines = purchase.Lines.IsDefault ? [] : purchase.Lines;
        if (lines.IsEmpty) wrong.Add(Refusal.Of("purchase-without-lines", $"{field}.lines"));
        if (lines.Length > MostLines)
        {
            wrong.Add(Refusal.Of("too-many", $"{field}.lines", ContactRules.Number(MostLines)));
            lines = [];
        }
        return purchase with
        {
            Order = order,
            Lines = [.. lines.Select((line, i) => Check(line, $"{field}.lines[{ContactRules.Number(i)}]", wrong))],
            Channel = Text(purchase.Channel, $"{field}.channel", wrong),
            PointOfSale = Text(purchase.PointOfSale, $"{field}.pointOfSale", wrong),
        };
    }

    private static PurchaseLine Check(PurchaseLine line, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (!Enum.IsDefined(line.Product)) wrong.Add(Refusal.Of("activity-choice-unknown", $"{field}.product"));
        Quantity(line.Quantity, $"{field}.quantity", wrong);
        Amount(line.AmountMinor, 0, $"{field}.amount", wrong);
        Moment(line.SessionAt, $"{field}.session", wrong);
        if (line is { ValidFrom: { } from, ValidUntil: { } until } && until < from) wrong.Add(Refusal.Of("validity-ends-before", $"{field}.validUntil", ContactRules.Day(from)));
        return line with
        {
            Title = Needed(line.Title, $"{field}.title", LongestTitle, "activity-title-missing", wrong),
            SessionAt = line.SessionAt?.ToUniversalTime(),
            Place = Text(line.Place, $"{field}.place", wrong),
            Category = Text(line.Category, $"{field}.category", wrong),
            Tariff = Text(line.Tariff, $"{field}.tariff", wrong),
        };
    }

    private static Cancellation Check(Cancellation cancellation, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        Id(cancellation.Of, $"{field}.of", wrong);
        ImmutableArray<CancelledLine> lines = cancellation.Lines.IsDefault ? [] : cancellation.Lines;
        if (lines.Length > MostLines) wrong.Add(Refusal.Of("too-many", $"{field}.lines", ContactRules.Number(MostLines)));
        for (var i = 0; i < Math.Min(lines.Length, MostLines); i++)
        {
            var line = $"{field}.lines[{ContactRules.Number(i)}]";
            InRange(lines[i].Line, 1, MostLines, $"{line}.line", wrong);
            Quantity(lines[i].Quantity, $"{line}.quantity", wrong);
            Amount(lines[i].AmountMinor, 0, $"{line}.amount", wrong);
        }
        if (!lines.IsEmpty) Currency(cancellation.Currency, $"{field}.lines", wrong);
        return cancellation with { Currency = lines.IsEmpty ? null : cancellation.Currency, Lines = lines, Reason = ContactRules.Line(cancellation.Reason, $"{field}.reason", LongestTitle, wrong) };
    }

    private static Attendance Check(Attendance attendance, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (attendance.Of is not null) Id(attendance.Of, $"{field}.of", wrong);
        if (!Enum.IsDefined(attendance.State)) wrong.Add(Refusal.Of("activity-choice-unknown", $"{field}.state"));
        Quantity(attendance.Quantity, $"{field}.quantity", wrong);
        Moment(attendance.SessionAt, $"{field}.session", wrong);
        ImmutableArray<string> seats = attendance.Seats.IsDefault ? [] : attendance.Seats;
        if (seats.Length > MostSeats)
        {
            wrong.Add(Refusal.Of("too-many", $"{field}.seats", ContactRules.Number(MostSeats)));
            seats = [];
        }
        return attendance with
        {
            Title = Needed(attendance.Title, $"{field}.title", LongestTitle, "activity-title-missing", wrong),
            SessionAt = attendance.SessionAt.ToUniversalTime(),
            Place = Text(attendance.Place, $"{field}.place", wrong),
            Category = Text(attendance.Category, $"{field}.category", wrong),
            Tariff = Text(attendance.Tariff, $"{field}.tariff", wrong),
            Seats = [.. seats.Select((seat, i) => ContactRules.Line(seat, $"{field}.seats[{ContactRules.Number(i)}]", ContactRules.LongestCode, wrong)).OfType<string>()],
        };
    }

    private static Payment Check(Payment payment, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        Currency(payment.Amount.Currency, $"{field}.amount.currency", wrong);
        Amount(payment.Amount.Minor, 1, $"{field}.amount", wrong);
        ImmutableArray<string> settles = payment.Settles.IsDefault ? [] : payment.Settles;
        if (settles.Length > MostSettled)
        {
            wrong.Add(Refusal.Of("too-many", $"{field}.settles", ContactRules.Number(MostSettled)));
            settles = [];
        }
        for (var i = 0; i < settles.Length; i++) Id(settles[i], $"{field}.settles[{ContactRules.Number(i)}]", wrong);
        return payment with
        {
            Means = Needed(payment.Means, $"{field}.means", ContactRules.LongestText, "payment-means-missing", wrong),
            Settles = [.. settles.Distinct(StringComparer.Ordinal)],
        };
    }

    private static SentMessage Check(SentMessage message, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (!Enum.IsDefined(message.Channel)) wrong.Add(Refusal.Of("activity-choice-unknown", $"{field}.channel"));
        if (!Enum.IsDefined(message.State)) wrong.Add(Refusal.Of("activity-choice-unknown", $"{field}.state"));
        return message with
        {
            Subject = Needed(message.Subject, $"{field}.subject", LongestTitle, "message-subject-missing", wrong),
            Campaign = ContactRules.Line(message.Campaign, $"{field}.campaign", LongestTitle, wrong),
            Address = ContactRules.Line(message.Address, $"{field}.address", LongestTitle, wrong),
        };
    }

    private static bool IsSource(string? source) =>
        source is { Length: > 0 and <= LongestSource } && char.IsAsciiLetterOrDigit(source[0]) && !source.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz._-");

    private static void Id(string? id, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (id is not { Length: > 0 and <= LongestId } || id.AsSpan().ContainsAnyExceptInRange('!', '~')) wrong.Add(Refusal.Of("activity-id-invalid", field));
    }

    private static string Needed(string? text, string field, int longest, string missing, ImmutableArray<Refusal>.Builder wrong)
    {
        var line = ContactRules.Line(text, field, longest, wrong);
        if (line is null) wrong.Add(Refusal.Of(missing, field));
        return line ?? "";
    }

    private static string? Text(string? text, string field, ImmutableArray<Refusal>.Builder wrong) => ContactRules.Line(text, field, ContactRules.LongestText, wrong);

    private static void Currency(string? currency, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper)) wrong.Add(Refusal.Of("currency-unknown", field, currency ?? ""));
    }

    private static void Quantity(int quantity, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (quantity < 0) wrong.Add(Refusal.Of("quantity-negative", field));
        else InRange(quantity, 1, MostOfOne, field, wrong);
    }

    private static void Amount(long minor, long least, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (minor < 0) wrong.Add(Refusal.Of("amount-negative", field));
        else if (minor < least) wrong.Add(Refusal.Of("amount-zero", field));
        else if (minor > MostMinor) wrong.Add(Refusal.Of("amount-too-large", field));
    }

    private static void InRange(int number, int least, int most, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (number < least || number > most) wrong.Add(Refusal.Of("number-out-of-range", field, ContactRules.Number(least), ContactRules.Number(most)));
    }

    private static void Moment(DateTimeOffset? at, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (at is { } given && (given < Earliest || given >= Latest)) wrong.Add(Refusal.Of("activity-date-impossible", field));
    }
}
