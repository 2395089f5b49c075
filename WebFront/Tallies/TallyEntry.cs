using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Sessions;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Tallies;

/// <summary>
/// A tally's form, from what the grid holds to what the session answered. The session's page and the daily entry share it.
/// </summary>
public sealed class TallyEntry
{
    public const string ConfirmDrop = "drop";
    public const string ConfirmCapacity = "capacity";

    /// <summary>Columns of figures that a screen of 1280 pixels shows without scrolling.</summary>
    private const int MostColumns = 10;

    private TallyEntry(SessionDetails details, int basedOn)
    {
        Details = details;
        Model = TallySheet.Model(details);
        BasedOn = basedOn;
    }

    public SessionDetails Details { get; }

    public TallyGridModel Model { get; }

    /// <summary>The version that the grid was filled from.</summary>
    public int BasedOn { get; private set; }

    public Dictionary<string, long> Values { get; private set; } = [];

    public Dictionary<string, long> Previous { get; private set; } = [];

    public ImmutableArray<TallyLine> Lines { get; private set; } = [];

    /// <summary>What was posted, cell by cell as typed, while the form is shown again.</summary>
    public IFormCollection? AsTyped { get; private set; }

    public string? Note { get; private set; }

    public FormErrors Errors { get; } = [];

    /// <summary>What must be confirmed before these lines become a version: sentences with their numbers.</summary>
    public ImmutableArray<Refusal> Unconfirmed { get; private set; } = [];

    /// <summary>Another version was made from the same one while this was typed: that version.</summary>
    public Tally? Other { get; private set; }

    public TallyReceipt? Receipt { get; private set; }

    /// <summary>
    /// The measures that the grid shows at first: places sold, and what else the tally counts if all of them fit side by side; revenue
    /// follows the places by itself. The sums of those hidden stand on their buttons.
    /// </summary>
    public IReadOnlyList<TallyMeasure> Shown
    {
        get
        {
            var held = Values.Keys.Concat(Previous.Keys).Select(cell => cell[..cell.IndexOf('|', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
            var shown = Enum.GetValues<TallyMeasure>().Where(measure => measure is TallyMeasure.Sold || (measure is not TallyMeasure.Gross && held.Contains(TallyGridForm.Word(measure)))).ToList();
            return shown.Count * (Model.Channels.Count + 1) <= MostColumns ? shown : [TallyMeasure.Sold];
        }
    }

    /// <summary>The grid as the session opens: its draft where it has one, else its current version.</summary>
    public static TallyEntry Of(SessionDetails details, Tally? current, TallyDraft? draft)
    {
        var entry = new TallyEntry(details, current?.Version ?? 0)
        {
            Previous = TallySheet.Cells(current?.Lines ?? []),
            Lines = draft?.Lines ?? current?.Lines ?? [],
            Note = draft?.Note,
        };
        entry.Values = TallySheet.Cells(entry.Lines);
        return entry;
    }

    /// <summary>What was posted; cells that aren't numbers are refused at their place.</summary>
    public static TallyEntry Read(IFormCollection form, SessionDetails details, Tally? current, Reader reader)
    {
        var basedOn = int.TryParse(form["based-on"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : current?.Version ?? 0;
        var entry = new TallyEntry(details, basedOn) { Previous = TallySheet.Cells(current?.Lines ?? []), AsTyped = form, Note = form["note"].ToString().Trim() is { Length: > 0 } note ? note : null };
        var (posted, refused) = TallyGridForm.Read(form, entry.Model);
        entry.Lines = TallySheet.Lines(posted, entry.Model);
        entry.Values = TallySheet.Cells(entry.Lines);
        foreach (var (field, typed) in refused)
        {
            var parts = field.Split('|');
            entry.Errors.Add(field, reader.T(
                $"{TallySheet.NameOf(details, parts[1], parts[2], parts[3])} : {reader.Formats.Quote(typed)} n’est pas un nombre.",
                $"{TallySheet.NameOf(details, parts[1], parts[2], parts[3])}: {reader.Formats.Quote(typed)} isn’t a number."));
        }
        return entry;
    }

    /// <summary>Sends the lines to be validated. True when they became a version; else the page is shown again with what this says.</summary>
    public async Task<bool> Validate(ISessionGrain session, Guid command, Actor by, TimeProvider time, Reader reader)
    {
        if (Errors.Any) return false;
        var confirmed = AsTyped!["confirm"].ToString();
        var outcome = await time.Send(() => session.Validate(new ValidateTally(
            Lines, TallySource.Typed, null, Note, BasedOn,
            confirmed.Contains(ConfirmDrop, StringComparison.Ordinal), confirmed.Contains(ConfirmCapacity, StringComparison.Ordinal))
        { Id = command, By = by }));
        if (!outcome.IsRefused)
        {
            Receipt = outcome.Accepted;
            return true;
        }
        if (outcome.Refusals.All(refusal => refusal.Code is "tally-drop-unconfirmed" or "tally-over-capacity-unconfirmed")) Unconfirmed = outcome.Refusals;
        else if (outcome.Refusals.Any(refusal => refusal.Code == "tally-changed-meanwhile")) await Compare(session);
        else Errors.Add(outcome.Refusals, reader.Formats, FieldOf);
        return false;
    }

    /// <summary>Keeps the lines for whoever opens the session next.</summary>
    public async Task<bool> Save(ISessionGrain session, Guid command, Actor by, TimeProvider time, Reader reader)
    {
        if (Errors.Any) return false;
        var outcome = await time.Send(() => session.SaveDraft(new SaveDraft(Lines, TallySource.Typed, null, Note, BasedOn) { Id = command, By = by }));
        Errors.Add(outcome.Refusals, reader.Formats, FieldOf);
        return !outcome.IsRefused;
    }

    /// <summary>Takes the other's values where nothing was typed over them, and goes on from the other's version.</summary>
    /// <param name="seen">The version that the grid was filled from.</param>
    public void Merge(ImmutableArray<TallyLine> seen, Tally theirs)
    {
        Values = TallySheet.Merge(TallySheet.Cells(seen), Values, TallySheet.Cells(theirs.Lines));
        Previous = TallySheet.Cells(theirs.Lines);
        BasedOn = theirs.Version;
        AsTyped = null;
    }

    private async Task Compare(ISessionGrain session)
    {
        if ((await session.View())?.Current is not { } current) return;
        Other = current;
        Previous = TallySheet.Cells(current.Lines);
    }

    private string? FieldOf(Refusal refusal)
    {
        if (refusal.Field is not { } field || !field.StartsWith("lines[", StringComparison.Ordinal)) return refusal.Field;
        var end = field.IndexOf(']', StringComparison.Ordinal);
        if (!int.TryParse(field.AsSpan(6, end - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at >= Lines.Length) return null;
        var line = Lines[at];
        var measure = field[(end + 1)..] switch { ".reserved" => TallyMeasure.Reserved, ".free" => TallyMeasure.Free, ".gross" => TallyMeasure.Gross, _ => TallyMeasure.Sold };
        return TallyGridForm.Name(measure, line.Category, line.Tariff, line.Channel);
    }
}
