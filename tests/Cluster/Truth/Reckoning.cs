using System.Collections.Immutable;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Simulation;
using Guichet.Tallies;

namespace Guichet.Tests.Cluster;

/// <summary>
/// Checks what an installation has left behind against what people meant and were told: the simulator's own model lives the journal again, in
/// the order in which it was decided, with every answer, sight and posting at its moment.
/// </summary>
internal sealed class Reckoning : IWitnessed
{
    private readonly Remains remains;
    private readonly Evidence evidence;
    private readonly Dictionary<AggregateId, StoredAggregate> aggregates;
    private readonly Dictionary<int, string> urls;
    private readonly List<string> broken = [];

    private Reckoning(Remains remains, Evidence evidence, IEnumerable<House> houses)
    {
        (this.remains, this.evidence) = (remains, evidence);
        aggregates = remains.Aggregates.ToDictionary(one => one.Id);
        Links = [.. evidence.Links.Concat(Unheard()).Select(link => link.Into is null && remains.Receiving.TryGetValue(link.Id, out var session) ? link with { Receiving = session } : link)];
        urls = Links.ToDictionary(link => link.Number, link => link.Url);
        Names = new Names(houses, evidence.Sessions, Links);
    }

    public IReadOnlyList<PlannedLink> Links { get; }

    public Names Names { get; }

    IEnumerable<StoredAggregate> IWitnessed.Aggregates => remains.Aggregates;

    IEnumerable<StoredEffect> IWitnessed.Effects => remains.Effects;

    StoredAggregate? IWitnessed.Find(AggregateId aggregate) => aggregates.GetValueOrDefault(aggregate);

    DateTimeOffset IWitnessed.Now { get; } = TimeProvider.System.GetUtcNow();

    void IWitnessed.Note(string who, string what)
    {
        if (who == "BROKEN") broken.Add(what);
    }

    /// <summary>The promises that were broken; empty when all were kept.</summary>
    public static IReadOnlyList<string> Of(Remains remains, Evidence evidence, IEnumerable<House> houses) => new Reckoning(remains, evidence, houses).Check();

    private List<string> Check()
    {
        broken.AddRange(evidence.SeenBroken.Distinct());
        var model = new Model(this);
        foreach (var meant in evidence.Meant) model.Intends(meant.Command, Program(meant), Planned(meant.Organisation, meant.Session), meant.Lines);
        foreach (var (_, act) in Everything(model).OrderBy(one => one.At)) act();
        foreach (var mail in remains.Mails)
        {
            model.MailTried(AddressOf(mail.To), mail.Subject);
            model.MailTaken(mail.Id);
        }
        foreach (var told in remains.Notifications) model.Notified(told.Organisation, told.Code, told.Path);
        model.CheckEnd();
        CheckStates();
        CheckExpiries();
        return broken;
    }

    /// <summary>Links that were made and whose askers were never answered.</summary>
    private IEnumerable<PlannedLink> Unheard()
    {
        var heard = evidence.Links.Select(link => link.Id).ToHashSet();
        foreach (var link in remains.Aggregates.Where(one => one.Id.Kind == "links" && !heard.Contains(one.Id.Id)))
            if (evidence.LinksMeant.TryGetValue(link.Lines[0].CommandId, out var meant)) yield return meant with { Id = link.Id.Id };
            else broken.Add($"there is a link, {link.Id.Id}, that nobody asked for");
    }

    private IEnumerable<(DateTimeOffset At, Action Act)> Everything(Model model)
    {
        var known = Links.Select(link => link.Id).ToHashSet();
        var rows = remains.Tallies.GroupBy(row => new AggregateId("sessions", row.Organisation, row.SessionId)).ToDictionary(of => of.Key, of => new Queue<TallyRow>(of));
        foreach (var aggregate in remains.Aggregates)
        {
            if (aggregate.Id.Kind == "links" && !known.Contains(aggregate.Id.Id)) continue;
            var at = DateTimeOffset.MinValue;
            foreach (var line in aggregate.Lines)
            {
                // Nodes may decide with clocks that differ a little; what follows in a journal is later.
                if (line.At > at) at = line.At;
                yield return (at, () => model.Committed(new Commit(
                    aggregate.Id, line.Sequence - 1, line.Sequence, line == aggregate.Lines[^1] ? aggregate.State : "", "", [line], [], RowsOf(aggregate.Id, line))));
            }
        }
        foreach (var told in evidence.Told) yield return (told.At, () => Heard(model, told));
        foreach (var sight in evidence.Sights) yield return (sight.At, () => model.Seen(sight.Organisation, sight.Session, sight.Version, sight.Figures));
        foreach (var posting in evidence.Postings)
        {
            var number = int.Parse(posting.Path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
            yield return (posting.At, () => model.Posted(urls[number], Json.Read<SharedTally>(posting.Body), posting.Version, taken: true));
        }

        ImmutableArray<Row> RowsOf(AggregateId aggregate, JournalLine line) => aggregate.Kind == "sessions" && rows.TryGetValue(aggregate, out var waiting)
            ? [.. Enumerable.Range(0, VersionsIn(line)).TakeWhile(_ => waiting.Count > 0).Select(_ => waiting.Dequeue())]
            : [];
    }

    private static int VersionsIn(JournalLine line)
    {
        if (line.Events == "[]") return 0;
        using var events = JsonDocument.Parse(line.Events);
        return events.RootElement.EnumerateArray().Count(happened => happened.GetProperty("event").GetString() is "tally-validated" or "tally-received");
    }

    /// <summary>What somebody was told must be what the journal has; of a tally, the model knows the rest.</summary>
    private void Heard(Model model, Told told)
    {
        var line = aggregates.GetValueOrDefault(told.Aggregate)?.ByCommand.GetValueOrDefault(told.Command);
        if (line is null)
        {
            if (told.Tally is { } lost) broken.Add($"{Names.Of(told.Aggregate)}: version {lost.Version} was acknowledged, and isn't there");
            else if (told.Refusal is null) broken.Add($"{Names.Of(told.Aggregate)}: a command was acknowledged, and isn't in the journal");
            return;
        }
        using var answer = JsonDocument.Parse(line.Answer);
        var refusals = answer.RootElement.TryGetProperty("refusals", out var found) ? found.EnumerateArray().Select(one => one.GetProperty("code").GetString()!).ToArray() : [];
        if ((refusals.Length == 0) != told.Refusal is null || (told.Refusal is not (null or "?") && !refusals.Contains(told.Refusal)))
            broken.Add($"{Names.Of(told.Aggregate)}: {line.CommandName} was answered {told.Refusal ?? "done"}, the journal has {(refusals.Length == 0 ? "done" : refusals[0])}");
        if (told.Tally is not { } tally) return;
        var receipt = answer.RootElement.GetProperty("value");
        if (receipt.GetProperty("version").GetInt32() != tally.Version || receipt.GetProperty("figures").GetProperty("sold").GetInt32() != tally.Sold)
            broken.Add($"{Names.Of(told.Aggregate)}: version {tally.Version} was acknowledged with {tally.Sold} sold, the journal has another answer");
        model.Answered(told.Aggregate, new ValidateTally([], TallySource.Api, null, null, null) { Id = told.Command, By = line.By }, line.Answer, null);
    }

    /// <summary>The rows that lists read are no second truth: each session's are its state's.</summary>
    private void CheckStates()
    {
        var versions = remains.Tallies.CountBy(row => (row.Organisation, row.SessionId)).ToDictionary();
        foreach (var session in remains.Aggregates.Where(one => one.Id.Kind == "sessions"))
        {
            using var state = JsonDocument.Parse(session.State);
            var current = state.RootElement.TryGetProperty("current", out var tally) ? tally.GetProperty("version").GetInt32() : 0;
            if (current != versions.GetValueOrDefault((session.Id.Organisation, session.Id.Id))) broken.Add($"{Names.Of(session.Id)}: its state has version {current}, of {versions.GetValueOrDefault((session.Id.Organisation, session.Id.Id))} there are");
        }
    }

    /// <summary>Each request that nobody answered has expired once, not before its time, and each side was told once.</summary>
    private void CheckExpiries()
    {
        foreach (var (link, due) in evidence.Expiring)
        {
            var lines = remains.Aggregates.Single(one => one.Id.Kind == "links" && one.Id.Id == link).Lines;
            JournalLine[] expired = [.. lines.Where(line => line.Events.Contains("\"link-expired\"", StringComparison.Ordinal))];
            if (expired.Length != 1) broken.Add($"{Names.Of(link)} expired {expired.Length} times");
            else if (expired[0].At < due) broken.Add($"{Names.Of(link)} expired before its time");
            var told = remains.Notifications.Where(one => one.Code == "link-expired" && one.Path == $"/links/{link}").CountBy(one => one.Organisation).ToList();
            if (told.Count == 0 || told.Any(one => one.Value != 1)) broken.Add($"{Names.Of(link)}: that it expired was told {string.Join(" and ", told.Select(one => one.Value).DefaultIfEmpty(0))} times");
        }
    }

    private PlannedSession Planned(string organisation, string session) =>
        evidence.Sessions.FirstOrDefault(one => one.Id == session && one.Owner.Id == organisation) ?? throw new InvalidOperationException($"Session {session} was never made.");

    private static Actor Program(Meant meant) => new(meant.Organisation, "", ActorKind.Token, meant.By, Role.BoxOffice);

    /// <summary>A header's address without the name before it.</summary>
    private static string AddressOf(string to) => to.Split('<')[^1].Trim('>', ' ');
}
