using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;
using Orleans.Embedded;

namespace Guichet.Simulation;

/// <summary>One partner's report in a run, of the versions that stood at its instant.</summary>
public sealed record StoredDelivery(string Organisation, string RunId, string PartnerId)
{
    /// <summary>With the version, and the one that the partner was told of before. Default until it is prepared.</summary>
    public ImmutableArray<(string Session, int Version, int Told)> Sessions { get; set; }

    public string? Skipped { get; set; }
    public List<StoredRecipient> Recipients { get; init; } = [];
}

public sealed record StoredRecipient(int Position, string Email, RecipientKind Kind, Guid MailId)
{
    public ReportMailState State { get; set; }
    public int Round { get; set; } = 1;
    public int Attempts { get; set; }
    public int Resending { get; set; }
}

/// <summary>
/// The tables that reports are read from and written to: versions of tallies by their time, deliveries, mails, what each partner was told,
/// and reminders. What PostgreSQL's statements do to them (<c>PostgresReportDeliveries</c>), done at once.
/// </summary>
public sealed class ReportTables(World world)
{
    /// <summary>Small, so that worlds have runs of several.</summary>
    private const int PartSize = 2;

    private readonly Dictionary<(string Organisation, string Session), List<Tally>> tallies = [];
    private readonly Dictionary<(string Organisation, string Run), List<StoredDelivery>> deliveries = [];
    private readonly Dictionary<(string Organisation, string Partner, string Session), int> told = [];
    private readonly SortedDictionary<(GrainId Grain, string Name), ReminderRow> reminders =
        new(Comparer<(GrainId Grain, string Name)>.Create(static (one, other) => one.Grain.CompareTo(other.Grain) is var order && order != 0 ? order : string.CompareOrdinal(one.Name, other.Name)));
    private long reminderVersion;

    public void CopyTo(ReportTables copy)
    {
        foreach (var (key, versions) in tallies) copy.tallies.Add(key, [.. versions]);
        foreach (var (key, of) in deliveries) copy.deliveries.Add(key, [.. of.Select(one => one with { Recipients = [.. one.Recipients.Select(mail => mail with { })] })]);
        foreach (var (key, version) in told) copy.told.Add(key, version);
        foreach (var (key, row) in reminders) copy.reminders.Add(key, row);
        copy.reminderVersion = reminderVersion;
    }

    public void Add(TallyRow row)
    {
        if (!tallies.TryGetValue((row.Organisation, row.SessionId), out var versions)) tallies.Add((row.Organisation, row.SessionId), versions = []);
        versions.Add(row.Tally);
    }

    public ImmutableArray<ReminderRow> Reminders => [.. reminders.Values];

    public long Keep(ReminderRow row)
    {
        reminders[(row.GrainId, row.Name)] = row with { Version = ++reminderVersion };
        return reminderVersion;
    }

    public bool Forget(GrainId grain, string name, long version) =>
        reminders.TryGetValue((grain, name), out var row) && row.Version == version && reminders.Remove((grain, name));

    /// <summary>The effects of the parts.</summary>
    public ImmutableArray<OutboxEffect> Expand(SimulatedDatabase database, string organisation, string runId, DateTimeOffset now)
    {
        var run = RunOf(database, organisation, runId);
        if (!deliveries.TryGetValue((organisation, runId), out var there)) deliveries.Add((organisation, runId), there = []);
        var made = new List<StoredDelivery>();
        ImmutableArray<OutboxEffect> again = [];
        if (world.Bugs.Skips(Bug.ExpandedAgain)) again = QueueAgain(there, now);
        if (there.Count == 0)
            foreach (var partner in database.Of("partners").Where(one => one.Id.Organisation == organisation || world.Bugs.Skips(Bug.PartnersOfAllHouses)).OrderBy(one => one.Id.Id, StringComparer.Ordinal).ToArray())
                if (partner.Read<PartnerState>() is { Details: { } details, Archived: false } && IsOf(run.Scope, partner.Id.Id, details.Group))
                    made.Add(new StoredDelivery(organisation, runId, partner.Id.Id));
        there.AddRange(made);
        if (!database.IsCopy) world.Model.Reports.Expanded(organisation, runId, made);
        return [.. again, .. made.Chunk(PartSize).Select(part => new OutboxEffect(
            CommandIds.From("prepare-reports", organisation, runId, part[0].PartnerId, part[^1].PartnerId), organisation, Aliases.Of(typeof(PrepareReports)),
            Json.Write(new PrepareReports(runId, part[0].PartnerId, part[^1].PartnerId)), now))];
    }

    /// <summary>The effects of the mails that were queued.</summary>
    public ImmutableArray<OutboxEffect> Prepare(SimulatedDatabase database, string organisation, PrepareReports part, DateTimeOffset now)
    {
        var run = RunOf(database, organisation, part.RunId);
        var prepared = deliveries.GetValueOrDefault((organisation, part.RunId), [])
            .Where(one => string.CompareOrdinal(one.PartnerId, part.First) >= 0 && string.CompareOrdinal(one.PartnerId, part.Last) <= 0 && (one.Sessions.IsDefault || world.Bugs.Skips(Bug.PreparedAgain))).ToArray();
        foreach (var delivery in prepared) Fix(delivery, database, run);
        if (!database.IsCopy) world.Model.Reports.Prepared(organisation, part.RunId, prepared);
        return [.. prepared.SelectMany(delivery => delivery.Recipients.Select(mail => EffectOf(delivery, mail, now)))];
    }

    private static ReportRunDetails RunOf(SimulatedDatabase database, string organisation, string runId) =>
        database.Find("report_sendings", organisation, runId)?.Read<ReportRunState>().Details ?? throw new EffectImpossibleException("There is no such run.");

    private ImmutableArray<OutboxEffect> QueueAgain(List<StoredDelivery> there, DateTimeOffset now)
    {
        foreach (var mail in there.SelectMany(delivery => delivery.Recipients))
        {
            mail.State = ReportMailState.Queued;
            mail.Round++;
        }
        return [.. there.SelectMany(delivery => delivery.Recipients.Select(mail => EffectOf(delivery, mail, now)))];
    }

    private void Fix(StoredDelivery delivery, SimulatedDatabase database, ReportRunDetails run)
    {
        var partner = database.Of("partners").First(one => one.Id.Id == delivery.PartnerId);
        var state = partner.Read<PartnerState>();
        delivery.Sessions =
        [
            .. from id in state.Sessions
            let session = database.Session(partner.Id.Organisation, id)
            where session is { Status: SessionStatus.OnSale or SessionStatus.Closed } && session.Start > run.At.AddDays(-366)
            orderby session.Start, id
            select (id, Standing(partner.Id.Organisation, id, run.At), told.GetValueOrDefault((delivery.Organisation, delivery.PartnerId, id))),
        ];
        var today = DateOnly.FromDateTime(Wall.At(run.At, "Europe/Paris"));
        delivery.Skipped = run.Kind == ReportRunKind.Calendar && state.Pause is { } pause && (pause.Until is not { } until || until > today) && !world.Bugs.Skips(Bug.PauseIgnored) ? ReportSkips.Paused
            : delivery.Sessions.IsEmpty ? ReportSkips.NoSession
            : run.Scope.OnlyIfChanged && !delivery.Sessions.Any(one => one.Version > one.Told) && !world.Bugs.Skips(Bug.UnchangedSent) ? ReportSkips.Unchanged : null;
        if (delivery.Skipped is not null) return;
        delivery.Recipients.Clear();
        foreach (var (address, i) in state.Details!.Addresses.Select((address, i) => (address, i + 1)))
            delivery.Recipients.Add(new StoredRecipient(i, address.Email, address.Kind, CommandIds.From("report", delivery.Organisation, delivery.RunId, delivery.PartnerId, $"{i}")));
    }

    private static bool IsOf(ReportScope scope, string partner, PartnerGroup group) =>
        !scope.Except.Contains(partner) && (scope.Partners.IsEmpty ? scope.Group == group : scope.Partners.Contains(partner));

    private int Standing(string organisation, string session, DateTimeOffset at) =>
        tallies.TryGetValue((organisation, session), out var versions) ? versions.FindLast(tally => tally.At <= at)?.Version ?? 0 : 0;

    private OutboxEffect EffectOf(StoredDelivery delivery, StoredRecipient mail, DateTimeOffset now) => new(
        CommandIds.From("send-report", delivery.Organisation, $"{mail.MailId}", $"{mail.Round}"), delivery.Organisation, Aliases.Of(typeof(SendReport)),
        Json.Write(new SendReport(delivery.RunId, delivery.PartnerId, mail.Position, mail.Round)), now);

    public ImmutableArray<OutboxEffect> Resend(string organisation, ResendRun resend, DateTimeOffset now)
    {
        var effects = ImmutableArray.CreateBuilder<OutboxEffect>();
        foreach (var delivery in deliveries.GetValueOrDefault((organisation, resend.RunId), []).Where(one => resend.Partner is null || one.PartnerId == resend.Partner))
            foreach (var mail in delivery.Recipients.Where(mail => mail.Resending < resend.Number
                && (mail.State is ReportMailState.GaveUp or ReportMailState.Bounced || (resend.InDoubt && mail.State == ReportMailState.InDoubt))))
            {
                (mail.State, mail.Resending) = (ReportMailState.Queued, resend.Number);
                mail.Round++;
                effects.Add(EffectOf(delivery, mail, now));
            }
        return effects.ToImmutable();
    }

    public DeliveredReport? Delivered(SimulatedDatabase database, string organisation, string runId, string partnerId)
    {
        if (Find(organisation, runId, partnerId) is not { Sessions.IsDefault: false } delivery) return null;
        var run = database.Find("report_sendings", organisation, runId)!.Read<ReportRunState>().Details!;
        var partner = database.Of("partners").First(one => one.Id.Id == partnerId);
        var details = partner.Read<PartnerState>().Details!;
        var house = database.Find("organisations", organisation, OrganisationKey.Id)!.Read<OrganisationState>().Details!;
        var template = ReportQueries.TemplateOf(TemplateOf(database, organisation, ReportTemplateId.OfPartner(partnerId)), TemplateOf(database, organisation, ReportTemplateId.Of(details.Group)));
        ImmutableArray<ReportedSession> sessions =
        [
            .. from one in delivery.Sessions
            let session = database.Session(partner.Id.Organisation, one.Session)
            let show = database.Find("shows", partner.Id.Organisation, session.Details!.ShowId)!.Read<ShowState>().Details!
            let version = world.Bugs.Skips(Bug.FiguresOfSending) ? session.CurrentVersion : one.Version
            select new ReportedSession(
                one.Session, show.Title, session.Details!, session.Start, session.Status, TallyOf(partner.Id.Organisation, one.Session, version),
                TallyOf(partner.Id.Organisation, one.Session, one.Told), []),
        ];
        var source = new ReportSource(
            partnerId, details.Name, details.Language == Organisations.Language.English ? Words.Language.English : Words.Language.French, house.Name, house.Zone, template,
            LetterheadState.Empty, run.French, run.English, run.At, run.Scope.NamesSessions, sessions);
        return new DeliveredReport(Report.Of(source), run, [.. delivery.Recipients.Select(mail => new ReportRecipient(
            mail.Position, mail.Email, null, mail.Kind, mail.MailId,
            mail.State == ReportMailState.Sending && world.Bugs.Skips(Bug.DoubtSentAgain) ? ReportMailState.Failed : mail.State, mail.Round, mail.Attempts))]);
    }

    private static ReportTemplate? TemplateOf(SimulatedDatabase database, string organisation, string id) =>
        database.Find("report_templates", organisation, id)?.Read<ReportTemplateState>().Template;

    private ReportedTally? TallyOf(string organisation, string session, int version) => version == 0 ? null
        : tallies[(organisation, session)][version - 1] is var tally ? new ReportedTally(version, tally.At, tally.Figures, tally.Lines) : null;

    public bool Begin(ReportMail mail, ReportMailState from)
    {
        if (Find(mail) is not { } found || found.Attempts != mail.Attempt - 1
            || (found.State != from && !(world.Bugs.Skips(Bug.DoubtSentAgain) && found.State == ReportMailState.Sending))) return false;
        (found.State, found.Attempts) = (ReportMailState.Sending, mail.Attempt);
        return true;
    }

    public void HandOver(SimulatedDatabase database, ReportMail mail)
    {
        if (Find(mail) is { State: ReportMailState.Sending or ReportMailState.InDoubt } found && found.Attempts == mail.Attempt) found.State = ReportMailState.HandedOver;
        foreach (var (session, version, _) in Find(mail.Organisation, mail.Of.RunId, mail.Of.PartnerId)!.Sessions)
            if (version > 0) told[(mail.Organisation, mail.Of.PartnerId, session)] = Math.Max(version, told.GetValueOrDefault((mail.Organisation, mail.Of.PartnerId, session)));
        if (!database.IsCopy) world.Model.Reports.HandedOver(mail.Organisation, mail.Of.RunId, mail.Of.PartnerId);
    }

    public void Move(ReportMail mail, bool begun, ReportMailState to)
    {
        if (Find(mail) is not { } found) return;
        if (begun ? found.State != ReportMailState.Sending || found.Attempts != mail.Attempt
                : found.State is not (ReportMailState.Queued or ReportMailState.Failed) || found.Attempts != mail.Attempt - 1) return;
        (found.State, found.Attempts) = (to, mail.Attempt);
    }

    public void Skip(ReportMail mail, string why)
    {
        var delivery = Find(mail.Organisation, mail.Of.RunId, mail.Of.PartnerId)!;
        delivery.Skipped = why;
        foreach (var one in delivery.Recipients.Where(one => one.State is ReportMailState.Queued or ReportMailState.Failed)) one.State = ReportMailState.Skipped;
    }

    public bool MakesFailures(int number, string organisation, string partnerId, string runId, bool arrivedBefore)
    {
        var lately = deliveries.Where(of => of.Key.Organisation == organisation).SelectMany(of => of.Value)
            .Where(one => one.PartnerId == partnerId && one.Skipped is null).Reverse().ToArray();
        var now = lately.TakeWhile(one => !IsReached(one)).Count(IsLost);
        var before = lately.TakeWhile(one => !IsReached(one) && !(arrivedBefore && one.RunId == runId)).Count(one => IsLost(one) && one.RunId != runId);
        return now >= number && before < number;

        static bool IsReached(StoredDelivery one) => one.Recipients.Exists(mail => mail.State is ReportMailState.HandedOver or ReportMailState.InDoubt);
        static bool IsLost(StoredDelivery one) => one.Recipients.TrueForAll(mail => mail.State is ReportMailState.GaveUp or ReportMailState.Bounced);
    }

    private StoredDelivery? Find(string organisation, string runId, string partnerId) =>
        deliveries.GetValueOrDefault((organisation, runId))?.FindLast(one => one.PartnerId == partnerId);

    private StoredRecipient? Find(ReportMail mail) =>
        Find(mail.Organisation, mail.Of.RunId, mail.Of.PartnerId)?.Recipients.Find(one => one.Position == mail.Of.Position && one.Round == mail.Of.Round);
}
