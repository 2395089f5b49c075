using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Guichet.Access;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Sessions;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Simulation;

/// <summary>Mistakes that the product could make. Each is made by what stands around it here; no product code knows of them.</summary>
public enum Bug
{
    AnswerBeforeCommit = 1,
    FailureTakenForSuccess,
    ConflictTakenForSuccess,
    VersionCheckOff,
    AnswersForgotten,
    RetriesAreNew,
    StateBeforeCommit,
    OnlyLastLineJournaled,
    JournalLineChanged,
    HashChainRestarted,
    TallyRowsLeftOut,
    EffectsLeftOut,
    OutboxMarkedBefore,
    ClaimsNeverExpire,
    SweepOff,
    TotalsLinkCarriesDetail,
    ScopeIgnored,
    StaleVersionAccepted,
    SentToAnother,
    SuspensionNotTold,
    EndNotTold,
    GuardOff,
    StaleGrainBelieved,
    JournalKeyOff,
    LinkOrderIgnored,
    ZoneChangeIgnored,
    CardsNotRefreshed,
    ExpiryForgotten,
    CheckpointMovedAtRead,
    ReportZoneIgnored,
    TickTakenForTheHour,
    RemindersForgotten,
    FiguresOfSending,
    FileOfAnotherMail,
    DoubtSentAgain,
    ExpandedAgain,
    PreparedAgain,
    PauseIgnored,
    UnchangedSent,
    PartnersOfAllHouses,
    CopySends,
}

/// <summary>The bug that is planted in a world, if one is.</summary>
public sealed class Bugs(Bug? planted)
{
    private readonly Dictionary<AggregateId, Commit> failed = [];
    private readonly Dictionary<string, SharedTally> before = [];
    private readonly Dictionary<Guid, long> orders = [];
    private readonly Dictionary<string, ImmutableArray<MailAttachment>> attached = [];

    /// <summary>Whether what would prevent this bug is left out.</summary>
    public bool Skips(Bug bug) => planted == bug;

    public async Task Commit(World world, Commit commit, Func<Commit, Task> commits)
    {
        switch (planted)
        {
            case Bug.AnswerBeforeCommit:
                _ = world.Turns.Run(() => commits(commit));
                break;
            case Bug.FailureTakenForSuccess:
                await Without<StorageFailedException>(() => commits(commit));
                break;
            case Bug.ConflictTakenForSuccess:
                await Without<VersionConflictException>(() => commits(commit));
                break;
            case Bug.StateBeforeCommit:
                failed[commit.Aggregate] = commit;
                await commits(commit);
                failed.Remove(commit.Aggregate);
                break;
            case Bug.OnlyLastLineJournaled:
                await commits(commit with { Lines = [commit.Lines[^1]] });
                break;
            case Bug.JournalLineChanged when world.Chance.Next(20) == 0:
                await commits(commit with { Lines = [.. commit.Lines.Select(line => line with { Events = line.Events + " " })] });
                break;
            case Bug.TallyRowsLeftOut when world.Chance.Next(10) == 0:
                await commits(commit with { Rows = [.. commit.Rows.Where(row => row is not TallyRow)] });
                break;
            case Bug.ZoneChangeIgnored when commit.Lines.Any(line => line.CommandName == "change-session"):
                await commits(commit with { State = WithStartOf(world.Database.Find(commit.Aggregate)!.State, commit.State) });
                break;
            case Bug.ReportZoneIgnored when commit.Lines.Any(line => line.CommandName == "set-report-calendar") && world.Database.Find(commit.Aggregate) is { } calendar && ZoneOf(calendar.State) is { } zone:
                await commits(commit with { State = With(commit.State, state => state["details"]!["zone"] = zone) });
                break;
            case Bug.TickTakenForTheHour when commit.Aggregate.Kind == "report_calendars":
                await commits(commit with { Effects = [.. commit.Effects.Select(effect => effect.Kind == "expand-report-run" ? effect with { Payload = With(effect.Payload, run => run["at"] = commit.Lines[^1].At) } : effect)] });
                break;
            case Bug.EffectsLeftOut when world.Chance.Next(4) == 0:
                await commits(commit with { Effects = [] });
                break;
            default:
                await commits(commit);
                break;
        }
    }

    public Snapshot? Loaded(AggregateId aggregate, Snapshot? snapshot, DateTimeOffset now) => (planted, snapshot) switch
    {
        (_, null) => null,
        (Bug.AnswersForgotten, _) => snapshot with { Recent = [] },
        (Bug.HashChainRestarted, _) => snapshot with { LastHash = HashChain.Start },
        (Bug.StateBeforeCommit, _) when failed.TryGetValue(aggregate, out var commit) && commit.ExpectedVersion == snapshot.Version => snapshot with { State = commit.State },
        (Bug.CheckpointMovedAtRead, _) when aggregate.Kind == "report_calendars" => snapshot with { State = With(snapshot.State, state => state["since"] = now) },
        _ => snapshot,
    };

    /// <summary>The files that a mail server finds in this mail.</summary>
    public ImmutableArray<MailAttachment> AttachedTo(OutgoingMail mail)
    {
        if (planted != Bug.FileOfAnotherMail) return mail.Attachments;
        var before = attached.GetValueOrDefault(mail.To, mail.Attachments);
        attached[mail.To] = mail.Attachments;
        return before;
    }

    /// <summary>What goes on the wire in place of this.</summary>
    public IEnumerable<SharedTally> Carried(World world, SharedTally shared)
    {
        var stale = before.GetValueOrDefault(shared.LinkId, shared);
        before[shared.LinkId] = shared;
        var link = world.Plan.Links.First(link => link.Id == shared.LinkId);
        return planted switch
        {
            Bug.TotalsLinkCarriesDetail when link.Terms.Detail == LinkDetail.TotalsOnly => [shared with { Lines = Sent(world, link).Lines, Figures = Sent(world, link).Figures }],
            Bug.ScopeIgnored => [shared with { Figures = Sent(world, link).Figures with { GrossMinor = shared.Figures.GrossMinor is null ? null : Sent(world, link).Figures.GrossMinor } }],
            Bug.StaleVersionAccepted => [stale with { SourceVersion = shared.SourceVersion }],
            Bug.SentToAnother => [shared with { ReceiverOrganisation = link.Sender.Owner.Id }],
            _ => [shared],
        };
    }

    public void Configure(World world, ISiloBuilder silo)
    {
        if (planted == Bug.GuardOff) silo.Services.Remove(silo.Services.First(service => service.ImplementationType == typeof(GuardFilter)));
        if (planted is Bug.SuspensionNotTold or Bug.EndNotTold or Bug.RetriesAreNew) silo.AddOutgoingGrainCallFilter(new Miscalls(this, world));
        if (planted == Bug.LinkOrderIgnored) silo.AddIncomingGrainCallFilter(new Disorder(orders));
    }

    private static string WithStartOf(string before, string after) => With(after, state => state["start"] = JsonNode.Parse(before)!["start"]!.DeepClone());

    private static string? ZoneOf(string calendar) => JsonNode.Parse(calendar)!["details"] is { } details ? (string?)details["zone"] : null;

    private static string With(string json, Action<JsonNode> change)
    {
        var changed = JsonNode.Parse(json)!;
        change(changed);
        return changed.ToJsonString(Json.Options);
    }

    private static Tally Sent(World world, PlannedLink link) => world.Database.Session(link.Sender.Owner.Id, link.Sender.Id)!.Current!;

    private static async Task Without<T>(Func<Task> commits) where T : Exception
    {
        try
        {
            await commits();
        }
        catch (T)
        {
            // The bug: as if it had succeeded.
        }
    }

    private Command Miscalled(World world, Command command) => (planted, command) switch
    {
        (Bug.SuspensionNotTold, ConnectOutgoing { State: ConnectionState.Suspended } connect) => connect with { State = ConnectionState.Live },
        (Bug.SuspensionNotTold, ConnectIncoming { State: ConnectionState.Suspended } connect) => connect with { State = ConnectionState.Live },
        (Bug.EndNotTold, ConnectOutgoing { State: ConnectionState.Ended } connect) => connect with { State = ConnectionState.Live },
        (Bug.EndNotTold, ConnectIncoming { State: ConnectionState.Ended } connect) => connect with { State = ConnectionState.Live },
        (Bug.RetriesAreNew, ValidateTally validate) => validate with { Id = CommandIds.From("miscalled", $"{world.Chance.NextInt64()}") },
        _ => command,
    };

    private sealed class Miscalls(Bugs bugs, World world) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context)
        {
            for (var i = 0; i < context.Request.GetArgumentCount(); i++)
                if (context.Request.GetArgument(i) is Command command)
                    context.Request.SetArgument(i, bugs.Miscalled(world, command));
            return context.Invoke();
        }
    }

    /// <summary>To the sessions, whatever comes last is the newest.</summary>
    private sealed class Disorder(Dictionary<Guid, long> orders) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            for (var i = 0; i < context.Request.GetArgumentCount(); i++)
                switch (context.Request.GetArgument(i))
                {
                    case ConnectOutgoing connect:
                        context.Request.SetArgument(i, connect with { Order = AsItComes(connect) });
                        break;
                    case ConnectIncoming connect:
                        context.Request.SetArgument(i, connect with { Order = AsItComes(connect) });
                        break;
                }
            return context.Invoke();
        }

        private long AsItComes(Command command)
        {
            if (!orders.TryGetValue(command.Id, out var order)) orders.Add(command.Id, order = orders.Count + 1);
            return order;
        }
    }
}
