using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Simulation;

/// <summary>One aggregate as it is stored.</summary>
public sealed class StoredAggregate(AggregateId id)
{
    private object? read;
    private long readVersion;

    public AggregateId Id { get; } = id;
    public long Version { get; set; }
    public string State { get; set; } = "";
    public List<JournalLine> Lines { get; } = [];
    public Dictionary<Guid, JournalLine> ByCommand { get; } = [];

    public T Read<T>() where T : class
    {
        if (read is null || readVersion != Version) (read, readVersion) = (Json.Read<T>(State), Version);
        return (T)read;
    }
}

public sealed class StoredEffect(OutboxEffect effect)
{
    public OutboxEffect Effect { get; } = effect;
    public DateTimeOffset DueAt { get; set; } = effect.DueAt;
    public DateTimeOffset? ClaimedUntil { get; set; }
    public int Attempts { get; set; }
    public bool Done { get; set; }
    public string? GivenUp { get; set; }
    public string? LastError { get; set; }
    public bool Pending => !Done && GivenUp is null;
}

/// <summary>
/// What PostgreSQL keeps, kept in memory: state tables, journal, outbox, versions of tallies, secrets. Everything here happens at once;
/// what a connection can do to it is <see cref="NodeStore"/>'s.
/// </summary>
public sealed class SimulatedDatabase(World world)
{
    private readonly Dictionary<AggregateId, StoredAggregate> aggregates = [];
    private readonly Dictionary<Guid, StoredEffect> effects = [];

    /// <summary>Those of <see cref="Effects"/> that may still be pending.</summary>
    private readonly List<StoredEffect> open = [];
    private readonly HashSet<(string, string, int)> versions = [];
    private readonly Dictionary<(string, string), string> secrets = [];

    /// <summary>What reports are made of and what became of them.</summary>
    public ReportTables Reports { get; } = new(world);

    /// <summary>A restored one: nobody but its own node knows of it.</summary>
    public bool IsCopy { get; private init; }

    /// <summary>A backup of everything, restored beside it.</summary>
    public SimulatedDatabase Copy()
    {
        var copy = new SimulatedDatabase(world) { IsCopy = true, Changes = Changes };
        foreach (var one in Aggregates)
        {
            var copied = new StoredAggregate(one.Id) { Version = one.Version, State = one.State };
            copied.Lines.AddRange(one.Lines);
            foreach (var (id, line) in one.ByCommand) copied.ByCommand.Add(id, line);
            copy.aggregates.Add(one.Id, copied);
            copy.Aggregates.Add(copied);
        }
        foreach (var one in Effects)
        {
            var copied = new StoredEffect(one.Effect) { DueAt = one.DueAt, ClaimedUntil = one.ClaimedUntil, Attempts = one.Attempts, Done = one.Done, GivenUp = one.GivenUp, LastError = one.LastError };
            copy.effects.Add(one.Effect.Id, copied);
            copy.Effects.Add(copied);
            copy.open.Add(copied);
        }
        copy.versions.UnionWith(versions);
        foreach (var (key, secret) in secrets) copy.secrets.Add(key, secret);
        Reports.CopyTo(copy.Reports);
        return copy;
    }

    /// <summary>In the order in which they were made.</summary>
    public List<StoredAggregate> Aggregates { get; } = [];

    public List<StoredEffect> Effects { get; } = [];

    /// <summary>Called when effects were added.</summary>
    public Action? EffectsAdded { get; init; }

    /// <summary>Called when an aggregate was written.</summary>
    public Action? Changed { get; init; }

    /// <summary>Grows with everything that is written.</summary>
    public long Changes { get; private set; }

    public StoredAggregate? Find(AggregateId id) => aggregates.GetValueOrDefault(id);

    public StoredAggregate? Find(string kind, string organisation, string id) => Find(new AggregateId(kind, organisation, id));

    public IEnumerable<StoredAggregate> Of(string kind) => Aggregates.Where(one => one.Id.Kind == kind);

    public void Commit(Commit commit)
    {
        var stored = Find(commit.Aggregate);
        if ((stored?.Version ?? 0) != commit.ExpectedVersion && !world.Bugs.Skips(Bug.VersionCheckOff))
            throw new VersionConflictException("another activation was ahead");
        if (stored is not null && !world.Bugs.Skips(Bug.AnswersForgotten) && !world.Bugs.Skips(Bug.JournalKeyOff) && commit.Lines.Any(line => stored.ByCommand.ContainsKey(line.CommandId)))
            throw new AlreadyAnsweredException($"{commit.Aggregate}: a command was answered before.");
        TallyRow[] tallies = [.. commit.Rows.OfType<TallyRow>()];
        if (!world.Bugs.Skips(Bug.VersionCheckOff) && tallies.Any(row => versions.Contains((row.Organisation, row.SessionId, row.Tally.Version))))
            throw new StorageFailedException("23505 tallies_pkey");

        if (stored is null)
        {
            aggregates.Add(commit.Aggregate, stored = new StoredAggregate(commit.Aggregate));
            Aggregates.Add(stored);
        }
        (stored.Version, stored.State) = (commit.NewVersion, commit.State);
        foreach (var line in commit.Lines)
        {
            stored.Lines.Add(line);
            stored.ByCommand[line.CommandId] = line;
        }
        Add(commit.Effects);
        foreach (var row in tallies)
        {
            versions.Add((row.Organisation, row.SessionId, row.Tally.Version));
            Reports.Add(row);
        }
        foreach (var row in commit.Rows)
        {
            if (row is LinkSecretRow secret) secrets[(secret.Organisation, secret.LinkId)] = secret.Secret.Value;
            if (row is LinkSecretGone gone) secrets.Remove((gone.Organisation, gone.LinkId));
        }
        Changes++;
        world.History.Add(IsCopy ? "the copy" : "database", $"commits {world.Names.Of(commit.Aggregate)} {commit.ExpectedVersion + 1}–{commit.NewVersion} {Convert.ToHexStringLower(commit.Lines[^1].Hash.AsSpan()[..4])}: {string.Join(", ", commit.Lines.Select(line => line.CommandName))}");
        if (IsCopy)
        {
            if (commit.Aggregate.Kind is "report_sendings") world.Model.Fail("a restored copy begins a run of reports");
            return;
        }
        world.Model.Committed(commit);
        if (commit.Effects.Length > 0) EffectsAdded?.Invoke();
        Changed?.Invoke();
    }

    public void Add(ImmutableArray<OutboxEffect> added)
    {
        foreach (var effect in added)
        {
            if (effects.ContainsKey(effect.Id)) continue;
            var stored = new StoredEffect(effect);
            effects.Add(effect.Id, stored);
            Effects.Add(stored);
            open.Add(stored);
        }
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<StoredEffect> Pending
    {
        get
        {
            open.RemoveAll(one => !one.Pending);
            return open;
        }
    }

    public StoredEffect Effect(Guid id)
    {
        Changes++;
        return effects[id];
    }

    public IReadOnlyList<ClaimedEffect> Claim(DateTimeOffset now, DateTimeOffset until, int limit, string[] busy)
    {
        StoredEffect[] free = [.. Pending
            .Where(one => one.DueAt <= now && !busy.Contains(one.Effect.Organisation)
                && (one.ClaimedUntil is null || (one.ClaimedUntil <= now && !world.Bugs.Skips(Bug.ClaimsNeverExpire))))
            .OrderBy(one => one.DueAt).Take(limit)];
        foreach (var one in free)
        {
            one.ClaimedUntil = until;
            one.Attempts++;
            if (world.Bugs.Skips(Bug.OutboxMarkedBefore)) one.Done = true;
        }
        return [.. free.Select(one => new ClaimedEffect(one.Effect.Id, one.Effect.Organisation, one.Effect.Kind, one.Effect.Payload, one.Attempts, one.Effect.DueAt))];
    }

    /// <summary>When an effect can be claimed next; null when all are done.</summary>
    public DateTimeOffset? NextDue => Pending
        .Select(one => (DateTimeOffset?)(one.ClaimedUntil > one.DueAt ? one.ClaimedUntil : one.DueAt)).Min();

    /// <summary>When the next request for a link ends unanswered; null when all are answered.</summary>
    public DateTimeOffset? NextExpiry => Of("links").Select(link => link.Read<LinkState>()).Where(link => link.Status == LinkStatus.Requested)
        .Min(link => (DateTimeOffset?)link.ExpiresAt);

    public string? Secret(string organisation, string link) => secrets.GetValueOrDefault((organisation, link));

    public PartyFacts? Party(string asker, string? organisation) =>
        organisation is not null && Find("organisations", organisation, OrganisationKey.Id) is { } found
            ? new PartyFacts(organisation, found.Read<OrganisationState>().Details!.Name,
                organisation == asker || found.Read<OrganisationState>().Details!.Listed || Of("links").Any(link => Joins(link, asker, organisation)))
            : null;

    private static bool Joins(StoredAggregate link, string one, string other) =>
        (link.Id.Organisation == one && link.Read<LinkState>().Receiver!.Organisation == other)
        || (link.Id.Organisation == other && link.Read<LinkState>().Receiver!.Organisation == one);

    public string? OpenLink(string sender, string session, string receiver, string except, DateTimeOffset now) => Of("links")
        .Where(link => link.Id.Organisation == sender && link.Id.Id != except)
        .Select(link => (link.Id.Id, State: link.Read<LinkState>()))
        .Where(link => link.State.Session?.Id == session && link.State.Receiver!.Organisation == receiver
            && (link.State.Status is LinkStatus.Accepted or LinkStatus.Suspended || (link.State.Status == LinkStatus.Requested && link.State.ExpiresAt > now)))
        .OrderBy(link => link.State.Since).Select(link => link.Id).FirstOrDefault();

    public string? ShowByTitle(string organisation, string title) => Of("shows")
        .Where(show => show.Id.Organisation == organisation && show.Read<ShowState>() is { Archived: false, Details: { } details }
            && string.Equals(details.Title, title, StringComparison.OrdinalIgnoreCase))
        .Select(show => show.Id.Id).Order(StringComparer.Ordinal).FirstOrDefault();

    public IEnumerable<LinkPlace> Links(Func<LinkState, bool> which) => InOrder(Of("links").Where(link => which(link.Read<LinkState>())))
        .Select(link => new LinkPlace(link.Id.Organisation, link.Id.Id));

    public IEnumerable<BehindLink> Behind() =>
        from link in InOrder(Of("links"))
        let state = link.Read<LinkState>()
        where state is { Status: LinkStatus.Accepted, Receiver.Organisation: not null, Receiving: not null }
        let sent = Session(link.Id.Organisation, state.Session?.Id)
        let received = Session(state.Receiver!.Organisation!, state.Receiving!.SessionId)
        where sent is not null && received?.Incoming is { } incoming && incoming.LinkId == link.Id.Id
            && incoming.State == ConnectionState.Live && incoming.SourceVersion < sent.CurrentVersion
        select new BehindLink(link.Id.Organisation, link.Id.Id, state.Session!.Id);

    public IEnumerable<LinkPlace> Undelivered() =>
        from link in InOrder(Of("links"))
        let state = link.Read<LinkState>()
        where state is { Status: LinkStatus.Accepted, Outside.Delivery: OutsideDelivery.Webhook }
        let sent = Session(link.Id.Organisation, state.Session?.Id)
        where sent is not null && state.Outside!.DeliveredVersion < sent.CurrentVersion
        select new LinkPlace(link.Id.Organisation, link.Id.Id);

    public IEnumerable<OutdatedLink> Outdated() =>
        from link in InOrder(Of("links"))
        let state = link.Read<LinkState>()
        where state is { Status: LinkStatus.Requested or LinkStatus.Accepted, Session: not null }
        let sent = Session(link.Id.Organisation, state.Session!.Id)
        where sent?.Details is not null
        let show = Find("shows", link.Id.Organisation, sent!.Details!.ShowId)?.Read<ShowState>().Details
        where show is not null
        let card = new SessionCard(state.Session!.Id, show!.Title, sent!.Details!.LocalStart, sent.Details.Zone, sent.Details.Place)
        where card != state.Session!
        select new OutdatedLink(new LinkPlace(link.Id.Organisation, link.Id.Id), card);

    public SessionState? Session(string organisation, string? id) => id is null ? null : Find("sessions", organisation, id)?.Read<SessionState>();

    private static IEnumerable<StoredAggregate> InOrder(IEnumerable<StoredAggregate> links) =>
        links.OrderBy(link => link.Id.Organisation, StringComparer.Ordinal).ThenBy(link => link.Id.Id, StringComparer.Ordinal);
}
