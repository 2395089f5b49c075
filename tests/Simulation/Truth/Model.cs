using System.Collections.Immutable;
using System.Text.Json;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Simulation;

/// <summary>
/// What should be true, kept beside the product by other means: it knows what people asked for and were answered, what was committed and what
/// left, and none of the decision cores' code. The first promise that is broken is the world's failure.
/// </summary>
public sealed class Model
{
    private readonly IWitnessed world;
    private readonly Dictionary<(string Organisation, string Id), KnownSession> sessions = [];
    private readonly Dictionary<string, KnownLink> links;
    private readonly Dictionary<Guid, Intent> intents = [];
    private readonly Dictionary<Guid, string> answers = [];
    private readonly HashSet<Guid> journaled = [];
    private readonly Dictionary<AggregateId, (long Version, ImmutableArray<byte> Hash, HashSet<Guid> Commands)> chains = [];
    private readonly Dictionary<Guid, int> mails = [];
    private readonly HashSet<Guid> refusedMails = [];
    private readonly HashSet<string> subjects = [];
    private readonly HashSet<(string Organisation, string Code, string Path)> notified = [];
    private int received, settled, moved, posts;

    public Model(IWitnessed world)
    {
        this.world = world;
        links = world.Links.ToDictionary(link => link.Id, link => new KnownLink(link));
        Reports = new ReportTruth(world, Fail, session => SessionOf(session.Organisation, session.Id).Sold);
    }

    /// <summary>What it knows of partners and their reports.</summary>
    public ReportTruth Reports { get; }

    /// <summary>The first broken promise; null as long as all are kept.</summary>
    public string? Failure { get; private set; }

    public Tallied Tallied => new(sessions.Values.Sum(session => session.Acknowledged.Count), received, settled, moved, 0, 0, mails.Values.Sum(), posts, default, Reports.Reported);

    public void Fail(string promise)
    {
        if (Failure is not null) return;
        Failure = promise;
        world.Note("BROKEN", promise);
    }

    // What people ask for and hear.

    public void Intends(Guid command, Actor by, PlannedSession session, ImmutableArray<TallyLine> lines) =>
        intents[command] = new Intent((session.Owner.Id, session.Id), by.Name, Without0(lines));

    public bool IsJournaled(Guid command) => journaled.Contains(command);

    public void Answered(AggregateId aggregate, Command command, string answer, string? refusal)
    {
        var line = world.Find(aggregate)?.ByCommand.GetValueOrDefault(command.Id);
        if (line is null)
        {
            // Refused on an aggregate that nobody had made yet leaves no trace, and nothing else does.
            if (refusal is null || !refusal.EndsWith("-unknown", StringComparison.Ordinal)) LeavesTrace(aggregate, command, refusal);
            return;
        }
        if (line.Answer != answer) Fail($"{Named(aggregate)} answers {line.CommandName} with another answer than its journal has");
        if (answers.TryGetValue(command.Id, out var first) && first != answer) Fail($"{Named(aggregate)} answers {line.CommandName} differently the second time");
        answers[command.Id] = answer;
        if (command is not ValidateTally || refusal is not null) return;
        using var receipt = JsonDocument.Parse(answer);
        var version = receipt.RootElement.GetProperty("value").GetProperty("version").GetInt32();
        var session = SessionOf(aggregate.Organisation, aggregate.Id);
        if (version > session.Versions.Count || session.Versions[version - 1].Command != command.Id)
            Fail($"{Named(aggregate)}: version {version} was acknowledged, and isn't there");
        session.Acknowledged[command.Id] = version;
    }

    private void LeavesTrace(AggregateId aggregate, Command command, string? refusal)
    {
        var exists = world.Find(aggregate) is not null;
        if (refusal is null || exists) Fail($"{Named(aggregate)} has answered {command.GetType().Name} ({refusal ?? "done"}) before it was committed");
    }

    public void Seen(SessionView view)
    {
        if (view.Current is { } current) Seen(view.Organisation, view.Id, current.Version, current.Figures);
    }

    public void Seen(string organisation, string id, int version, TallyFigures figures)
    {
        var session = SessionOf(organisation, id);
        if (version > session.Versions.Count || session.Versions[version - 1].Figures != figures)
            Fail($"{world.Names.Of(id)} shows version {version}, which was never committed");
    }

    // What is written.

    public void Committed(Commit commit)
    {
        var aggregate = commit.Aggregate;
        var (version, hash, commands) = chains.GetValueOrDefault(aggregate, (0, HashChain.Start, []));
        foreach (var line in commit.Lines)
        {
            if (line.Sequence != version + 1) Fail($"{Named(aggregate)}: journal line {version + 1} is missing, {line.Sequence} follows");
            if (!HashChain.Next(hash, aggregate, line).AsSpan().SequenceEqual(line.Hash.AsSpan())) Fail($"{Named(aggregate)}: journal line {line.Sequence} doesn't match its hash");
            if (!commands.Add(line.CommandId)) Fail($"{Named(aggregate)}: {line.CommandName} was done twice under one id");
            journaled.Add(line.CommandId);
            (version, hash) = (line.Sequence, line.Hash);
        }
        if (commit.NewVersion != version) Fail($"{Named(aggregate)}: the state is at {commit.NewVersion}, the journal at {version}");
        chains[aggregate] = (version, hash, commands);
        if (commit.Effects.Any(effect => effect.Organisation != aggregate.Organisation)) Fail($"{Named(aggregate)}: an effect is another organisation's");
        if (aggregate.Kind == "sessions") CommittedSession(commit);
        if (aggregate.Kind == "links") CommittedLink(commit);
        Reports.Committed(commit);
    }

    private void CommittedSession(Commit commit)
    {
        var session = SessionOf(commit.Aggregate.Organisation, commit.Aggregate.Id);
        var rows = new Queue<TallyRow>(commit.Rows.OfType<TallyRow>());
        foreach (var line in commit.Lines)
            foreach (var (name, happened) in EventsOf(line))
                switch (name)
                {
                    case "tally-validated":
                        Take(session, rows, line, null);
                        break;
                    case "tally-received":
                        Take(session, rows, line, happened.GetProperty("sourceVersion").GetInt32());
                        break;
                    case "session-created" or "session-changed":
                        CheckStart(commit.Aggregate, happened.GetProperty("details"), happened.GetProperty("start"));
                        if (name == "session-changed") moved++;
                        break;
                    case "link-incoming-connected":
                        session.ReceivesOver = happened.GetProperty("link").GetProperty("linkId").GetString();
                        break;
                }
        if (rows.Count > 0) Fail($"{Named(commit.Aggregate)}: a version was written that no line of the journal tells of");
        if (commit.State.Length == 0) return;
        using var state = JsonDocument.Parse(commit.State);
        if (state.RootElement.TryGetProperty("details", out var details)) CheckStart(commit.Aggregate, details, state.RootElement.GetProperty("start"));
        var current = state.RootElement.TryGetProperty("current", out var tally) ? tally.GetProperty("version").GetInt32() : 0;
        if (current != session.Versions.Count) Fail($"{Named(commit.Aggregate)}: its state has version {current}, of {session.Versions.Count} there are");
    }

    private void CheckStart(AggregateId aggregate, JsonElement details, JsonElement start)
    {
        var (local, zone) = (details.GetProperty("localStart").GetDateTime(), details.GetProperty("zone").GetString());
        if (Slot.All.FirstOrDefault(slot => slot.Local == local && slot.Zone == zone) is not { } slot) Fail($"{Named(aggregate)} is on at {local:s} in {zone}, which nobody asked for");
        else if (start.GetDateTimeOffset() != slot.Instant) Fail($"{Named(aggregate)} starts at another instant than its local time in its zone");
    }

    private void Take(KnownSession session, Queue<TallyRow> rows, JournalLine line, int? source)
    {
        if (!rows.TryDequeue(out var row) || (row.Organisation, row.SessionId) != session.Id)
        {
            Fail($"{world.Names.Of(session.Id.Id)}: a version was made and not written");
            return;
        }
        if (row.Tally.Version != session.Versions.Count + 1) Fail($"{world.Names.Of(session.Id.Id)}: version {row.Tally.Version} follows {session.Versions.Count}");
        session.Sold.Add((row.Tally.At, row.Tally.Figures.Sold));
        session.Versions.Add(new KnownVersion(line.CommandId, row.Tally.Figures, [.. Without0(row.Tally.Lines)]));
        if (source is { } version) Receive(session, row, version);
        else if (!intents.TryGetValue(line.CommandId, out var intent) || intent.Session != session.Id) Fail($"{world.Names.Of(session.Id.Id)}: nobody asked for version {row.Tally.Version}");
        else if (!Same(intent.Lines, row.Tally.Lines) || row.Tally.Figures != SumOf(intent.Lines) || row.Tally.By != intent.By)
            Fail($"{world.Names.Of(session.Id.Id)}: version {row.Tally.Version} isn't what was sent");
    }

    private void Receive(KnownSession session, TallyRow row, int source)
    {
        received++;
        if (session.ReceivesOver is not { } over || !links.TryGetValue(over, out var link))
        {
            Fail($"{world.Names.Of(session.Id.Id)} received a tally, over no link");
            return;
        }
        if (session.Id != (link.Plan.Receiver?.Id ?? "", link.Plan.Receiving)) Fail($"{link.Plan.Name} reached {world.Names.Of(session.Id.Id)}, which isn't its receiver");
        if (source <= link.Taken) Fail($"{link.Plan.Name}: version {source} was taken after {link.Taken}");
        link.Taken = source;
        if (link.QuietSince is not null) Fail($"{link.Plan.Name} carried version {source} while it was {link.Status}");
        if (Shared(link, source) is not { } shared) return;
        if (row.Tally.Figures != shared.Figures || !Same(shared.Lines, row.Tally.Lines))
            Fail($"{link.Plan.Name}: what was received as version {source} isn't what the terms allow of it");
    }

    private void CommittedLink(Commit commit)
    {
        var link = links[commit.Aggregate.Id];
        foreach (var line in commit.Lines)
            foreach (var (name, happened) in EventsOf(line))
            {
                switch (name)
                {
                    case "link-requested":
                        link.Status = "Requested";
                        break;
                    case "link-accepted":
                        (link.Status, link.Order) = ("Accepted", link.Order + 1);
                        break;
                    case "link-suspended":
                        link.Suspenders.Add(SideOf(happened));
                        (link.Status, link.Order) = ("Suspended", link.Order + 1);
                        break;
                    case "link-resumed":
                        link.Suspenders.Remove(SideOf(happened));
                        (link.Status, link.Order) = (link.Suspenders.Count == 0 ? "Accepted" : "Suspended", link.Order + 1);
                        if (link.Suspenders.Count == 0) link.QuietSince = null;
                        break;
                    case "link-cancelled":
                        (link.Status, link.Order) = ("Cancelled", link.Order + 1);
                        break;
                    case "link-refused" or "link-withdrawn" or "link-expired":
                        link.Status = "Over";
                        break;
                    case "link-settled":
                        settled++;
                        link.Settled = happened.GetProperty("order").GetInt64();
                        if (link.Settled == link.Order && link.Status != "Accepted") link.QuietSince ??= SessionOf(link.Plan.Sender.Owner.Id, link.Plan.Sender.Id).Versions.Count;
                        break;
                }
                if (name is "link-requested" or "link-accepted" && link.Plan.Receiver is not null) link.Told.Add(name);
                if (name is "link-cancelled" && link.Plan.Receiver is null) link.Told.Add("ended outside");
            }
    }

    private static string SideOf(JsonElement happened) => happened.GetProperty("moment").GetProperty("side").GetString()!;

    // What leaves.

    public void Told(string organisation, FeedEvent told)
    {
        if (told.Organisation != organisation) Fail($"{world.Names.Of(organisation)} is told what is {world.Names.Of(told.Organisation)}'s");
        switch (told)
        {
            case SessionFiguresChanged figures:
                var session = SessionOf(organisation, figures.SessionId);
                if (figures.Version > session.Versions.Count || session.Versions[figures.Version - 1].Figures != figures.Figures)
                    Fail($"{world.Names.Of(figures.SessionId)}: open pages are told of version {figures.Version}, which was never committed");
                break;
            case LinkChanged changed when links[changed.LinkId].Plan is var link && organisation != link.Sender.Owner.Id && organisation != link.Receiver?.Id:
                Fail($"{world.Names.Of(organisation)} is told of {link.Name}, to which it is no party");
                break;
        }
    }

    public void Carried(string receiver, SharedTally shared)
    {
        if (!links.TryGetValue(shared.LinkId, out var link))
        {
            Fail("something was carried over no link");
            return;
        }
        var plan = link.Plan;
        if (receiver != GrainKey.Of(plan.Receiver?.Id ?? "", plan.Receiving) || shared.ReceiverOrganisation != plan.Receiver?.Id || shared.SenderOrganisation != plan.Sender.Owner.Id)
            Fail($"{plan.Name} carries to {world.Names.Of(shared.ReceiverOrganisation)}, which isn't its receiver");
        CheckShared(link, shared);
    }

    public void Posted(string url, SharedTally shared, int version, bool taken)
    {
        posts++;
        var link = links[shared.LinkId];
        if (url != link.Plan.Url || version != shared.SourceVersion) Fail($"{link.Plan.Name} posts to another's webhook");
        CheckShared(link, shared);
        if (taken) link.Taken = Math.Max(link.Taken, version);
    }

    private void CheckShared(KnownLink link, SharedTally shared)
    {
        if (Shared(link, shared.SourceVersion) is not { } allowed) return;
        var totals = link.Plan.Terms.Detail == LinkDetail.TotalsOnly;
        if (totals && (shared.Lines is not null || shared.Figures.GrossMinor is not null || shared.Categories is not null || shared.Tariffs is not null || shared.Channels is not null))
            Fail($"{link.Plan.Name} is for totals only, and carries more");
        if (shared.Figures != allowed.Figures || (!totals && !Same(allowed.Lines, shared.Lines ?? []))) Fail($"{link.Plan.Name} carries another version {shared.SourceVersion} than its terms allow");
        if (link.QuietSince is { } until && shared.SourceVersion > until) Fail($"{link.Plan.Name} carries version {shared.SourceVersion} while it is {link.Status}");
    }

    public void MailTried(string to, string subject) => subjects.Add($"{to}: {subject}");

    public void MailTaken(Guid id)
    {
        mails[id] = mails.GetValueOrDefault(id) + 1;
        Reports.Taken(id);
    }

    public void MailRefused(Guid id) => refusedMails.Add(id);

    public void Notified(string organisation, string code, string path) => notified.Add((organisation, code, path));

    // When the faults have stopped.

    public void CheckConverged()
    {
        foreach (var link in links.Values.Where(link => link.Order > 0))
        {
            if (link.Settled != link.Order) Fail($"{link.Plan.Name} never settles: its sessions weren't told of change {link.Order}");
            CheckConnected(link);
            if (link.Status != "Accepted" || link.Plan.Receiver is not { } receiver) continue;
            var sent = SessionOf(link.Plan.Sender.Owner.Id, link.Plan.Sender.Id).Versions.Count;
            if (SessionOf(receiver.Id, link.Plan.Receiving).ReceivesOver != link.Plan.Id) Fail($"{link.Plan.Name} is live, and its receiver receives nothing over it");
            else if (link.Taken != sent) Fail($"{link.Plan.Name} is live, and its receiver stays at version {link.Taken} of {sent}");
        }
    }

    /// <summary>Both sessions know of a settled link what it says itself, and it knows when and where its sender's session is on.</summary>
    private void CheckConnected(KnownLink link)
    {
        var state = link.Status switch { "Accepted" => "live", "Suspended" => "suspended", _ => "ended" };
        var sender = link.Plan.Sender;
        using var sent = StateOf("sessions", sender.Owner.Id, sender.Id);
        foreach (var outgoing in sent.RootElement.GetProperty("outgoing").EnumerateArray())
            if (outgoing.GetProperty("linkId").GetString() == link.Plan.Id && outgoing.GetProperty("state").GetString() != state)
                Fail($"{link.Plan.Name} is {link.Status}, and to its sender's session {outgoing.GetProperty("state").GetString()}");
        if (link.Plan.Receiver is { } receiver && world.Find(new AggregateId("sessions", receiver.Id, link.Plan.Receiving)) is not null)
        {
            using var received = StateOf("sessions", receiver.Id, link.Plan.Receiving);
            if (received.RootElement.TryGetProperty("incoming", out var incoming) && incoming.GetProperty("linkId").GetString() == link.Plan.Id
                && incoming.GetProperty("state").GetString() != state)
                Fail($"{link.Plan.Name} is {link.Status}, and to its receiver's session {incoming.GetProperty("state").GetString()}");
        }
        if (link.Status != "Accepted") return;
        using var stored = StateOf("links", sender.Owner.Id, link.Plan.Id);
        var (card, details) = (stored.RootElement.GetProperty("session"), sent.RootElement.GetProperty("details"));
        foreach (var what in (string[])["localStart", "zone", "place"])
            if (card.GetProperty(what).GetString() != details.GetProperty(what).GetString())
                Fail($"{link.Plan.Name} still names the {what} that {sender.Name} had before");
    }

    private JsonDocument StateOf(string kind, string organisation, string id) => JsonDocument.Parse(world.Find(new AggregateId(kind, organisation, id))!.State);

    public void CheckEnd()
    {
        CheckConverged();
        foreach (var session in sessions.Values)
            foreach (var (command, version) in session.Acknowledged)
                if (session.Versions.Count(one => one.Command == command) != 1 || session.Versions[version - 1].Command != command)
                    Fail($"{world.Names.Of(session.Id.Id)}: version {version}, acknowledged, isn't there once");
        foreach (var effect in world.Effects)
        {
            if (effect.Pending) Fail($"the outbox doesn't drain: {effect.Effect.Kind} stays after {effect.Attempts} attempts ({effect.LastError})");
            if (effect.GivenUp is { } reason && !refusedMails.Contains(effect.Effect.Id)) Fail($"{effect.Effect.Kind} was given up: {reason}");
            if (effect.Done && effect.Effect.Kind == "send-mail" && !mails.ContainsKey(effect.Effect.Id)) Fail("a mail is marked as sent, and no server has it");
        }
        foreach (var link in links.Values)
        {
            foreach (var what in link.Told) CheckTold(link.Plan, what);
            if (link.Status == "Requested")
            {
                using var stored = StateOf("links", link.Plan.Sender.Owner.Id, link.Plan.Id);
                if (stored.RootElement.GetProperty("expiresAt").GetDateTimeOffset() < world.Now - TimeSpan.FromMinutes(1))
                    Fail($"{link.Plan.Name} is past its date, and still waits for an answer");
            }
            if (link is { Status: "Accepted" or "Suspended", Plan.Receiver: null } && !subjects.Contains($"mairie{link.Plan.Number}@example.org: {link.Plan.Sender.Owner.Name} vous envoie ses pointages"))
                Fail($"{link.Plan.Name}'s counterpart outside was never told of it");
            if (link is { Status: "Accepted", Plan.Receiver: null } && link.Taken != SessionOf(link.Plan.Sender.Owner.Id, link.Plan.Sender.Id).Versions.Count)
                Fail($"{link.Plan.Name}: its webhook stays at version {link.Taken}");
        }
        foreach (var stored in world.Aggregates) CheckStored(stored);
        Reports.CheckEnd();
    }

    private void CheckTold(PlannedLink link, string what)
    {
        if (link.Receiver is null)
        {
            // It leaves Guichet by mail only, and must be told of its end.
            if (!subjects.Contains($"mairie{link.Number}@example.org: {link.Sender.Owner.Name} ne partage plus ces pointages")) Fail($"{link.Name}'s counterpart outside was never told that it is over");
            return;
        }
        var sends = link.AskedBy == LinkSide.Sender;
        var asker = sends ? link.Sender.Owner.Id : link.Receiver!.Id;
        var asked = sends ? link.Receiver!.Id : link.Sender.Owner.Id;
        var (who, code) = what == "link-accepted" ? (asker, "link-accepted") : (asked, sends ? "link-offered" : "link-asked-for");
        if (!notified.Contains((who, code, $"/links/{link.Id}"))) Fail($"{world.Names.Of(who)} was never told of {link.Name}: {code}");
    }

    private void CheckStored(StoredAggregate stored)
    {
        var hash = HashChain.Start;
        foreach (var line in stored.Lines)
        {
            if (!HashChain.Next(hash, stored.Id, line).AsSpan().SequenceEqual(line.Hash.AsSpan())) Fail($"{Named(stored.Id)}: journal line {line.Sequence} was changed");
            hash = line.Hash;
        }
        if (stored.Version != stored.Lines.Count) Fail($"{Named(stored.Id)}: the state is at {stored.Version}, the journal at {stored.Lines.Count}");
    }

    /// <summary>What the terms allow of the sender's version; null, and a failure, when there is no such version.</summary>
    private KnownVersion? Shared(KnownLink link, int version)
    {
        var sent = SessionOf(link.Plan.Sender.Owner.Id, link.Plan.Sender.Id).Versions;
        if (version < 1 || version > sent.Count)
        {
            Fail($"{link.Plan.Name} carries version {version}, which its sender never made");
            return null;
        }
        var terms = link.Plan.Terms;
        var lines = sent[version - 1].Lines
            .Where(line => (terms.Categories.Length == 0 || terms.Categories.Contains(line.Category)) && (terms.Channels.Length == 0 || terms.Channels.Contains(line.Channel)))
            .ToImmutableArray();
        return terms.Detail == LinkDetail.Detailed
            ? new KnownVersion(default, SumOf(lines), lines)
            : new KnownVersion(default, SumOf(lines) with { GrossMinor = null }, []);
    }

    private string Named(AggregateId aggregate) => world.Names.Of(aggregate);

    private KnownSession SessionOf(string organisation, string id)
    {
        if (!sessions.TryGetValue((organisation, id), out var known)) sessions.Add((organisation, id), known = new KnownSession((organisation, id)));
        return known;
    }

    private static IEnumerable<(string Name, JsonElement Event)> EventsOf(JournalLine line)
    {
        if (line.Events == "[]") yield break;
        using var events = JsonDocument.Parse(line.Events);
        foreach (var happened in events.RootElement.EnumerateArray()) yield return (happened.GetProperty("event").GetString()!, happened);
    }

    private static TallyFigures SumOf(ImmutableArray<TallyLine> lines) =>
        new(lines.Sum(line => line.Sold), lines.Sum(line => line.Reserved), lines.Sum(line => line.Free), lines.Sum(line => line.GrossMinor));

    private static ImmutableArray<TallyLine> Without0(ImmutableArray<TallyLine> lines) =>
        [.. lines.Where(line => line.Sold != 0 || line.Reserved != 0 || line.Free != 0 || line.GrossMinor != 0)];

    private static bool Same(ImmutableArray<TallyLine> left, ImmutableArray<TallyLine> right) => left.Length == right.Length && left.ToHashSet().SetEquals(right);

    private sealed record Intent((string Organisation, string Id) Session, string By, ImmutableArray<TallyLine> Lines);

    private sealed record KnownVersion(Guid Command, TallyFigures Figures, ImmutableArray<TallyLine> Lines);

    private sealed class KnownSession((string Organisation, string Id) id)
    {
        public (string Organisation, string Id) Id { get; } = id;
        public List<KnownVersion> Versions { get; } = [];

        /// <summary>When each version was validated, and what was sold by then.</summary>
        public List<(DateTimeOffset At, int Sold)> Sold { get; } = [];
        public Dictionary<Guid, int> Acknowledged { get; } = [];
        public string? ReceivesOver { get; set; }
    }

    private sealed class KnownLink(PlannedLink plan)
    {
        public PlannedLink Plan { get; } = plan;
        public string Status { get; set; } = "";
        public long Order { get; set; }
        public long Settled { get; set; }
        public HashSet<string> Suspenders { get; } = [];

        /// <summary>The sender's version when both sessions knew that the link isn't live; null while it may carry.</summary>
        public int? QuietSince { get; set; }

        /// <summary>The last version at the receiver.</summary>
        public int Taken { get; set; }
        public HashSet<string> Told { get; } = [];
    }
}
