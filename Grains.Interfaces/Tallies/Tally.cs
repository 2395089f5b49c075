using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Tallies;

/// <summary>
/// One line of a tally: a picture at an instant, by category × tariff × channel (the session's codes).
/// </summary>
/// <param name="Sold">Places sold, 0 to 1,000,000.</param>
/// <param name="Reserved">Places under option, 0 to 1,000,000.</param>
/// <param name="Free">Invitations and other exempt places, 0 to 1,000,000.</param>
/// <param name="GrossMinor">
/// Revenue of the sold places, VAT included, in minor units; 0 to 10^12. Null where places are sold and nobody said for how much, nor does a
/// price give it: 0 is places that were given for nothing.
/// </param>
[GenerateSerializer, Immutable, Alias("tally-line")]
public sealed record TallyLine(string Category, string Tariff, string Channel, int Sold, int Reserved, int Free, long? GrossMinor);

/// <summary>The sums of a tally.</summary>
/// <param name="GrossMinor">
/// Null where revenue is not known: a tally received over a totals-only link, or places sold of which no line says its revenue. Where some
/// lines say theirs, the sum of those.
/// </param>
/// <param name="SoldUnpriced">Places sold that <paramref name="GrossMinor"/> leaves out, because their lines don't say their revenue; 0 where it is null.</param>
[GenerateSerializer, Immutable, Alias("tally-figures")]
public sealed record TallyFigures(
    int Sold, int Reserved, int Free, long? GrossMinor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int SoldUnpriced = 0)
{
    public static readonly TallyFigures Zero = new(0, 0, 0, 0);

    public static TallyFigures Of(ImmutableArray<TallyLine> lines)
    {
        int sold = 0, reserved = 0, free = 0, unpriced = 0;
        long gross = 0;
        var anyKnown = false;
        foreach (var line in lines)
        {
            sold += line.Sold;
            reserved += line.Reserved;
            free += line.Free;
            gross += line.GrossMinor ?? 0;
            if (line.Sold == 0 && line.GrossMinor is null or 0) continue;
            if (line.GrossMinor is null) unpriced += line.Sold;
            else anyKnown = true;
        }
        return unpriced > 0 && !anyKnown ? new TallyFigures(sold, reserved, free, null) : new TallyFigures(sold, reserved, free, gross, unpriced);
    }
}

public enum TallySource
{
    Typed = 0,
    File = 1,
    Api = 2,
    OwnSales = 3,
    Link = 4,
}

/// <param name="SourceName">The file's name, the token's name, the sender's name; null when typed.</param>
[GenerateSerializer, Immutable, Alias("tally-draft")]
public sealed record TallyDraft(
    ImmutableArray<TallyLine> Lines, TallySource Source, string? SourceName, string? Note, int BasedOnVersion, DateTimeOffset At, string By);

/// <summary>A validated version: immutable.</summary>
/// <param name="Version">1, 2, 3… without a hole.</param>
/// <param name="Lines">Empty when only totals are known (a totals-only link).</param>
/// <param name="Figures">Always the truth about the totals.</param>
[GenerateSerializer, Immutable, Alias("tally")]
public sealed record Tally(
    int Version, ImmutableArray<TallyLine> Lines, TallyFigures Figures,
    TallySource Source, string? SourceName, string? Note, DateTimeOffset At, string By);

[GenerateSerializer, Immutable, Alias("save-draft")]
public sealed record SaveDraft(ImmutableArray<TallyLine> Lines, TallySource Source, string? SourceName, string? Note, int BasedOnVersion) : Command;

[GenerateSerializer, Immutable, Alias("discard-draft")]
public sealed record DiscardDraft : Command;

/// <summary>
/// Makes the session's next version out of these lines; lines absent are zero.
/// </summary>
/// <param name="BasedOnVersion">
/// The version that its writer saw (0 for none): another made meanwhile is refused (<c>tally-changed-meanwhile</c>).
/// Null takes it on any: a feed that always sends the whole picture.
/// </param>
/// <param name="DropConfirmed">Sold falls by more than 10 % on purpose; without it such a drop is refused (<c>tally-drop-unconfirmed</c>).</param>
/// <param name="OverCapacityConfirmed">More than capacity on purpose (added seats); without it refused (<c>tally-over-capacity-unconfirmed</c>).</param>
[GenerateSerializer, Immutable, Alias("validate-tally")]
public sealed record ValidateTally(
    ImmutableArray<TallyLine> Lines, TallySource Source, string? SourceName, string? Note,
    int? BasedOnVersion, bool DropConfirmed = false, bool OverCapacityConfirmed = false) : Command;

/// <param name="Version">The version that the command made.</param>
[GenerateSerializer, Immutable, Alias("tally-receipt")]
public sealed record TallyReceipt(int Version, TallyFigures Figures, DateTimeOffset At);
