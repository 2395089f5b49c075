using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Reporting;

namespace Guichet.Simulation;

/// <summary>
/// What should be true of partners and their reports: which times a calendar has, by the clocks on its wall; who is told of what, with which
/// figures, at most once. Read from what was committed and what left, by none of the product's means.
/// </summary>
/// <param name="versions">The versions of a session's tally: when each was validated, and what was sold.</param>
public sealed class ReportTruth(IWitnessed world, Action<string> fail, Func<(string Organisation, string Id), IReadOnlyList<(DateTimeOffset At, int Sold)>> versions)
{
    /// <summary>A node that slept is awake again, and looks at its reminders, within a day; a tick that failed comes again.</summary>
    private static readonly TimeSpan LatestFired = TimeSpan.FromHours(25);

    private static readonly TimeSpan TooLate = TimeSpan.FromHours(12);

    private readonly Dictionary<Guid, Rhythm> meant = [];
    private readonly Dictionary<(string Organisation, string Id), KnownPartner> partners = [];
    private readonly Dictionary<(string Organisation, string Id), KnownCalendar> calendars = [];
    private readonly Dictionary<(string Organisation, string Id), KnownSession> sessions = [];
    private readonly Dictionary<(string Organisation, string Id), string> shows = [];
    private readonly Dictionary<(string Organisation, string Id), (int DropsAfterDays, bool ShowsUnchanged)> templates = [];
    private readonly Dictionary<string, Occurrence> occurrences = [];
    private readonly Dictionary<(string Organisation, string Id), KnownRun> runs = [];
    private readonly Dictionary<Guid, KnownMail> mails = [];
    private long commits;
    private int ran, missed, atChanges, skipped;

    public Reported Reported => new(ran, missed, atChanges, mails.Values.Sum(mail => mail.Taken), mails.Values.Count(mail => mail.Stored.State == ReportMailState.InDoubt), skipped, 0);

    /// <summary>A calendar has a time that has come and isn't written down.</summary>
    public bool Owes => calendars.Values.Any(calendar => calendar.Due(world.Now).Any());

    public void Means(Guid command, Rhythm rhythm) => meant[command] = rhythm;

    public void Committed(Commit commit)
    {
        commits++;
        foreach (var line in commit.Lines)
        {
            if (commit.Aggregate.Kind == "report_calendars") CommittedCalendar(commit.Aggregate, line);
            if (line.Events == "[]") continue;
            using var events = JsonDocument.Parse(line.Events);
            foreach (var happened in events.RootElement.EnumerateArray())
            {
                var (key, name) = ((commit.Aggregate.Organisation, commit.Aggregate.Id), happened.GetProperty("event").GetString()!);
                switch (commit.Aggregate.Kind)
                {
                    case "partners":
                        CommittedPartner(key, name, happened);
                        break;
                    case "sessions":
                        CommittedSession(key, name, happened);
                        break;
                    case "shows" when name is "show-created" or "show-changed":
                        shows[key] = happened.GetProperty("details").GetProperty("title").GetString()!;
                        break;
                    case "report_templates":
                        if (name == "report-template-reset") templates.Remove(key);
                        else templates[key] = (happened.GetProperty("template").GetProperty("dropsAfterDays").GetInt32(), happened.GetProperty("template").GetProperty("showsUnchanged").GetBoolean());
                        break;
                    case "report_sendings":
                        CommittedRun(key, name, happened);
                        break;
                }
            }
        }
    }

    private void CommittedPartner((string Organisation, string Id) key, string name, JsonElement happened)
    {
        if (!partners.TryGetValue(key, out var partner)) partners.Add(key, partner = new KnownPartner());
        switch (name)
        {
            case "partner-created" or "partner-changed":
                var details = happened.GetProperty("details");
                partner.Group = details.GetProperty("group").GetString()!;
                partner.Addresses = [.. details.GetProperty("addresses").EnumerateArray().Select(address => address.GetProperty("email").GetString()!)];
                break;
            case "partner-archived":
                partner.Archived = happened.GetProperty("archived").GetBoolean();
                break;
            case "partner-associated":
                partner.Sessions.UnionWith(happened.GetProperty("sessions").EnumerateArray().Select(id => id.GetString()!));
                break;
            case "partner-dissociated":
                partner.Sessions.ExceptWith(happened.GetProperty("sessions").EnumerateArray().Select(id => id.GetString()!));
                break;
            case "partner-paused":
                partner.PausedUntil = happened.GetProperty("pause").TryGetProperty("until", out var until) ? DateOnly.Parse(until.GetString()!, CultureInfo.InvariantCulture) : DateOnly.MaxValue;
                break;
            case "partner-resumed":
                partner.PausedUntil = null;
                break;
        }
    }

    private void CommittedSession((string Organisation, string Id) key, string name, JsonElement happened)
    {
        if (!sessions.TryGetValue(key, out var session)) sessions.Add(key, session = new KnownSession());
        switch (name)
        {
            case "session-created" or "session-changed":
                if (name == "session-created") session.Status = happened.GetProperty("onSale").GetBoolean() ? "onSale" : "draft";
                session.Show = happened.GetProperty("details").GetProperty("showId").GetString()!;
                session.Starts.Add(happened.GetProperty("start").GetDateTimeOffset());
                break;
            case "session-status-changed":
                session.Status = happened.GetProperty("status").GetString()!;
                break;
        }
    }

    // Calendars: each of their times once, in its zone.

    private void CommittedCalendar(AggregateId aggregate, JournalLine line)
    {
        var key = (aggregate.Organisation, aggregate.Id);
        if (!calendars.TryGetValue(key, out var calendar)) calendars.Add(key, calendar = new KnownCalendar($"the calendar {aggregate.Id} of {world.Names.Of(aggregate.Organisation)}"));
        using var events = JsonDocument.Parse(line.Events);
        var due = calendar.Due(line.At).ToArray();
        // A change that is refused writes nothing down; whatever does something finds what has become due first.
        if (line.CommandName is "record-due-reports" || (events.RootElement.GetArrayLength() > 0 && line.CommandName is not "miss-report"))
        {
            JsonElement[] written = [.. events.RootElement.EnumerateArray().Where(happened => happened.GetProperty("event").GetString() == "reports-became-due").SelectMany(happened => happened.GetProperty("occurrences").EnumerateArray())];
            for (var i = 0; i < Math.Max(due.Length, written.Length); i++)
                if (i >= written.Length) fail($"{calendar.Name} passes over {due[i].Local:s}, which has come");
                else Fired(key, calendar, line, written[i], i < due.Length ? due[i] : null, isLast: i == due.Length - 1);
        }
        foreach (var happened in events.RootElement.EnumerateArray())
            switch (happened.GetProperty("event").GetString())
            {
                case "report-calendar-set":
                    if (!meant.TryGetValue(line.CommandId, out var rhythm)) fail($"{calendar.Name} is set to what nobody asked for");
                    if (calendar.Rhythm is null) calendar.MadeOrGoneAt = commits;
                    (calendar.Rhythm, calendar.Since) = (rhythm, line.At > calendar.Since ? line.At : calendar.Since);
                    break;
                case "report-calendar-removed":
                    (calendar.Rhythm, calendar.MadeOrGoneAt) = (null, commits);
                    break;
                case "report-missed" when occurrences.TryGetValue(happened.GetProperty("runId").GetString()!, out var occurrence):
                    if (runs.ContainsKey((aggregate.Organisation, occurrence.RunId))) fail($"{calendar.Name} calls {occurrence.Local:s} missed, which runs");
                    if (line.At - occurrence.At < TooLate) fail($"{calendar.Name} calls {occurrence.Local:s} missed {line.At - occurrence.At} later");
                    occurrence.Runs = false;
                    (ran, missed) = (ran - 1, missed + 1);
                    break;
            }
    }

    private void Fired((string Organisation, string Id) key, KnownCalendar calendar, JournalLine line, JsonElement written, (DateTime Local, DateTimeOffset At)? due, bool isLast)
    {
        var (local, at, runId) = (written.GetProperty("local").GetDateTime(), written.GetProperty("at").GetDateTimeOffset(), written.GetProperty("runId").GetString()!);
        if (due is null || due.Value.Local != local)
        {
            fail($"{calendar.Name} fires at {local:s}, {(calendar.Fired.Contains((local, written.GetProperty("zone").GetString()!)) ? "a second time" : $"which is none of its times that have come{(due is null ? "" : $" ({due.Value.Local:s} is)")}")}");
            return;
        }
        if (due.Value.At != at) fail($"{calendar.Name} takes {local:s} in {calendar.Rhythm!.Zone} for {at:u}; it is {due.Value.At:u}");
        if (!calendar.Fired.Add((local, calendar.Rhythm!.Zone))) fail($"{calendar.Name} fires a second time at {local:s}");
        calendar.Since = due.Value.At;
        var runs = written.GetProperty("state").GetString() == "run";
        if (runs != (isLast && line.At - at < TooLate)) fail($"{calendar.Name}: {local:s}, found {line.At - at} later{(isLast ? "" : ", with a later one")}, is to {(runs ? "run" : "be missed")}");
        if (!occurrences.TryAdd(runId, new Occurrence(key.Organisation, key.Id, runId, local, at, calendar.Rhythm!.OnlyIfChanged, commits) { Runs = runs })) fail($"{calendar.Name}: two times have one run");
        (ran, missed) = (ran + (runs ? 1 : 0), missed + (runs ? 0 : 1));
        if (Wall.At(at, calendar.Rhythm.Zone) != local || Wall.At(at.AddHours(1), calendar.Rhythm.Zone) - local != TimeSpan.FromHours(1)) atChanges++;
    }

    // Runs: for whom, and of what.

    private void CommittedRun((string Organisation, string Id) key, string name, JsonElement happened)
    {
        if (name == "reports-resent")
        {
            if (happened.GetProperty("inDoubt").GetBoolean()) runs[key].DoubtsResent++;
            return;
        }
        var details = happened.GetProperty("details");
        var scope = details.GetProperty("scope");
        var run = new KnownRun(
            details.GetProperty("at").GetDateTimeOffset(), details.GetProperty("kind").GetString() == "calendar", scope.GetProperty("onlyIfChanged").GetBoolean(), Texts(scope, "partners"),
            scope.TryGetProperty("group", out var group) ? group.GetString() : null, Texts(scope, "except"));
        if (!runs.TryAdd(key, run)) fail($"a run of {world.Names.Of(key.Organisation)} begins twice");
        if (!run.ByCalendar) return;
        if (!occurrences.TryGetValue(key.Id, out var occurrence) || occurrence.Organisation != key.Organisation || !occurrence.Runs)
        {
            fail($"a run of {world.Names.Of(key.Organisation)} begins at no time of a calendar's that is to run");
            return;
        }
        if (run.At != occurrence.At) fail($"the run of {occurrence.Local:s} has figures of {run.At:u} instead of {occurrence.At:u}");
        if (run.OnlyIfChanged != occurrence.OnlyIfChanged) fail($"the run of {occurrence.Local:s} goes to {(run.OnlyIfChanged ? "those alone who have news" : "everybody")}");
        if (occurrence.CalendarId.StartsWith("group-", StringComparison.Ordinal)
            ? run.Group != occurrence.CalendarId["group-".Length..] || !run.Partners.IsEmpty
            : !run.Partners.SetEquals([occurrence.CalendarId["partner-".Length..]])) fail($"the run of {occurrence.Local:s} isn't for whom its calendar is");
        if (run.Group is null) return;
        // Who had a calendar of its own, or none, all the while since its group's was due.
        foreach (var (own, calendar) in calendars)
            if (own.Organisation == key.Organisation && own.Id.StartsWith("partner-", StringComparison.Ordinal) && calendar.MadeOrGoneAt < occurrence.FiredAt
                && run.Except.Contains(own.Id["partner-".Length..]) != calendar.Rhythm is not null)
                fail($"{world.Names.Of(own.Id["partner-".Length..])} {(calendar.Rhythm is null ? "has no calendar of its own, and is left out of its group's" : "has a calendar of its own, and is told by its group's too")}");
    }

    private static ImmutableHashSet<string> Texts(JsonElement from, string name) =>
        from.TryGetProperty(name, out var all) ? [.. all.EnumerateArray().Select(one => one.GetString()!)] : [];

    /// <summary>A run was taken apart, just before anything of it is seen.</summary>
    public void Expanded(string organisation, string runId, IReadOnlyList<StoredDelivery> made)
    {
        if (!runs.TryGetValue((organisation, runId), out var run))
        {
            fail($"a run of {world.Names.Of(organisation)} that nobody began is taken apart");
            return;
        }
        if (run.Chosen is not null) return;
        run.Chosen = [.. partners.Where(one => one.Key.Organisation == organisation && !one.Value.Archived && !run.Except.Contains(one.Key.Id)
            && (run.Partners.IsEmpty ? one.Value.Group == run.Group : run.Partners.Contains(one.Key.Id))).Select(one => one.Key.Id)];
        foreach (var id in run.Chosen.Except(made.Select(delivery => delivery.PartnerId))) fail($"{world.Names.Of(id)} is left out of the run of {run.At:u}");
    }

    /// <summary>Mails of a run were made, just before any of them is seen.</summary>
    public void Prepared(string organisation, string runId, IReadOnlyList<StoredDelivery> made)
    {
        var run = runs[(organisation, runId)];
        foreach (var stored in made)
        {
            if (run.Chosen?.Contains(stored.PartnerId) == true && !run.Deliveries.ContainsKey(stored.PartnerId)) Prepare(organisation, run, stored);
            foreach (var mail in stored.Recipients)
                if (!mails.TryGetValue(mail.MailId, out var known) || known.Stored != mail)
                    mails[mail.MailId] = new KnownMail(organisation, stored.PartnerId, run, run.Deliveries.GetValueOrDefault(stored.PartnerId), mail) { Taken = known?.Taken ?? 0 };
        }
    }

    private void Prepare(string organisation, KnownRun run, StoredDelivery stored)
    {
        var partner = partners[(organisation, stored.PartnerId)];
        var delivery = new KnownDelivery(
            [.. partner.Sessions.Where(id => sessions.TryGetValue((organisation, id), out var session) && session.Status is "onSale" or "closed" && session.Starts[^1] > run.At.AddDays(-366))
                .Select(id => (id, Standing((organisation, id), run.At), partner.Told.GetValueOrDefault(id)))],
            run.ByCalendar && partner.PausedUntil > DateOnly.FromDateTime(Wall.At(run.At, "Europe/Paris")), run.OnlyIfChanged);
        run.Deliveries.Add(stored.PartnerId, delivery);
        if (delivery.IsSkipped) skipped++;
        else if (!stored.Recipients.Select(mail => mail.Email).SequenceEqual(partner.Addresses)) fail($"{world.Names.Of(stored.PartnerId)} isn't told at its addresses, in the run of {run.At:u}");
    }

    private int Standing((string Organisation, string Id) session, DateTimeOffset at)
    {
        var all = versions(session);
        for (var version = all.Count; version > 0; version--)
            if (all[version - 1].At <= at) return version;
        return 0;
    }

    /// <summary>It is written down that a partner was told of a run's figures.</summary>
    public void HandedOver(string organisation, string runId, string partnerId)
    {
        if (!runs.TryGetValue((organisation, runId), out var run) || !run.Deliveries.TryGetValue(partnerId, out var delivery) || !partners.TryGetValue((organisation, partnerId), out var partner)) return;
        foreach (var (session, version, _) in delivery.Sessions) partner.Told[session] = Math.Max(version, partner.Told.GetValueOrDefault(session));
    }

    // Mails: what they say, and how often they leave.

    /// <summary>A server is shown a mail, whatever it does with it.</summary>
    /// <param name="attached">Its files.</param>
    public async Task Tried(OutgoingMail mail, ImmutableArray<MailAttachment> attached)
    {
        if (!mails.TryGetValue(mail.Id, out var known)) return;
        var whom = $"{world.Names.Of(known.PartnerId)}, in the run of {known.Run.At:u},";
        if (!partners.TryGetValue((known.Organisation, known.PartnerId), out _)) fail($"{whom} is told of what is {world.Names.Of(known.Organisation)}'s, which isn't its house");
        else if (known.Delivery is not { } delivery) fail($"{whom} is told of what it isn't to be told of");
        else if (delivery.IsPaused) fail($"{whom} is told while it pauses");
        else if (delivery.IsSkipped) fail($"{whom} is told that nothing has changed");
        else Check(whom, known, delivery, mail, attached.FirstOrDefault(file => file.MediaType.StartsWith("text/csv", StringComparison.Ordinal)) is { } file ? await Read(file) : null);
        if (mail.To != known.Stored.Email) fail($"{whom} is told at another address than its own");
        if (mail.Date != known.Run.At) fail($"{whom} gets a mail of {mail.Date:u}");
    }

    private static async Task<string> Read(MailAttachment file)
    {
        await using var bytes = await file.Open(CancellationToken.None);
        using var text = new StreamReader(bytes, Encoding.UTF8);
        return await text.ReadToEndAsync();
    }

    private void Check(string whom, KnownMail known, KnownDelivery delivery, OutgoingMail mail, string? csv)
    {
        var said = InText(mail.Text);
        var titled = delivery.Sessions.ToDictionary(one => shows[(known.Organisation, sessions[(known.Organisation, one.Session)].Show)]);
        foreach (var (title, (sold, since)) in said)
        {
            if (!titled.TryGetValue(title, out var told))
            {
                fail($"{whom} is told of {title}, with which it has nothing to do");
                continue;
            }
            var all = versions((known.Organisation, told.Session));
            int? validated = told.Version == 0 ? null : all[told.Version - 1].Sold;
            if (sold != validated) fail($"{whom} reads {sold?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} of {title}, of which {validated?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} was validated by then");
            var difference = told.Version == 0 || told.Told == 0 ? null : validated - all[told.Told - 1].Sold;
            if (since is { } shown && shown.Known != difference) fail($"{whom} reads a difference of {shown.Known} to its last report of {title}; it is {difference}");
        }
        foreach (var (title, told) in titled)
            if (!said.ContainsKey(title) && !MayBeLeftOut(known, told)) fail($"{whom} isn't told of {title}");
        if (csv is null) return;
        var filed = InFile(csv);
        if (filed.Count != said.Count || said.Any(one => !filed.TryGetValue(one.Key, out var sold) || sold != one.Value.Sold)) fail($"{whom} reads other figures in the mail than in its file");
    }

    /// <summary>By its template: unchanged, or over for long enough.</summary>
    private bool MayBeLeftOut(KnownMail known, (string Session, int Version, int Told) told)
    {
        var (drops, showsUnchanged) = templates.TryGetValue((known.Organisation, $"partner-{known.PartnerId}"), out var own) ? own
            : templates.TryGetValue((known.Organisation, $"group-{partners[(known.Organisation, known.PartnerId)].Group}"), out var ofGroup) ? ofGroup : (7, true);
        return (!showsUnchanged && told.Version <= told.Told) || sessions[(known.Organisation, told.Session)].Starts.Any(start => start < known.Run.At.AddDays(-drops));
    }

    /// <summary>A title, when and where, then a figure a line, set in.</summary>
    private static Dictionary<string, (int? Sold, (int? Known, bool)? Since)> InText(string text)
    {
        var said = new Dictionary<string, (int? Sold, (int? Known, bool)? Since)>();
        var lines = text.Split('\n');
        for (var i = 2; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("  Vendus\u00a0: ", StringComparison.Ordinal) || lines[i - 1] == "Total") continue;
            var since = i + 1 < lines.Length && lines[i + 1].StartsWith("  Depuis le dernier rapport", StringComparison.Ordinal) ? (Number(lines[i + 1]), true) : ((int?, bool)?)null;
            said[lines[i - 2]] = (Number(lines[i]), since);
        }
        return said;
    }

    private static int? Number(string line)
    {
        var written = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var digits = string.Concat(written.Where(char.IsAsciiDigit));
        return digits.Length == 0 ? null : int.Parse(digits, CultureInfo.InvariantCulture) * (written.Any(letter => letter is '-' or '−' or '\u2010' or '\u2011') ? -1 : 1);
    }

    private static Dictionary<string, int?> InFile(string csv)
    {
        string[][] lines = [.. csv.TrimStart('\ufeff').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(';'))];
        var sold = Array.IndexOf(lines[0], "Vendus");
        return lines.Skip(1).Where(line => line[0] != "Total").ToDictionary(line => line[0], line => line[sold].Length == 0 ? (int?)null : int.Parse(line[sold], CultureInfo.InvariantCulture));
    }

    public void Taken(Guid mailId)
    {
        if (!mails.TryGetValue(mailId, out var mail)) return;
        mail.Taken++;
        if (mail.Taken > 1 + mail.Run.DoubtsResent) fail($"{world.Names.Of(mail.PartnerId)} is handed the report of {mail.Run.At:u} {mail.Taken} times at {mail.Stored.Email}");
    }

    // At the end.

    public void CheckEnd()
    {
        foreach (var calendar in calendars.Values)
            foreach (var (local, at) in calendar.Due(world.Now - LatestFired))
                fail($"{calendar.Name} never fires at {local:s}, {world.Now - at} ago");
        foreach (var occurrence in occurrences.Values.Where(one => one.Runs && !(runs.TryGetValue((one.Organisation, one.RunId), out var run) && run.Chosen is not null)))
            fail($"the reports of {occurrence.Local:s} of {world.Names.Of(occurrence.Organisation)} were to run, and never did");
        foreach (var (key, run) in runs)
            if (run.Chosen?.Except(run.Deliveries.Keys).FirstOrDefault() is { } forgotten) fail($"the run of {run.At:u} of {world.Names.Of(key.Organisation)} never comes to {world.Names.Of(forgotten)}");
        foreach (var mail in mails.Values)
        {
            var what = $"the report of {mail.Run.At:u} to {world.Names.Of(mail.PartnerId)} at {mail.Stored.Email}";
            switch (mail.Stored.State)
            {
                case ReportMailState.HandedOver when mail.Taken == 0:
                    fail($"{what} is called handed over, and no server has it");
                    break;
                case ReportMailState.GaveUp or ReportMailState.Skipped when mail.Taken > mail.Run.DoubtsResent:
                    fail($"{what} is called {mail.Stored.State}, and a server has it");
                    break;
                case ReportMailState.Queued or ReportMailState.Sending or ReportMailState.Failed:
                    fail($"{what} stays {mail.Stored.State} for good");
                    break;
            }
        }
    }

    private sealed class KnownPartner
    {
        public string Group { get; set; } = "";
        public ImmutableArray<string> Addresses { get; set; } = [];
        public bool Archived { get; set; }
        public SortedSet<string> Sessions { get; } = new(StringComparer.Ordinal);
        public DateOnly? PausedUntil { get; set; }

        /// <summary>The last version of each session that it was handed.</summary>
        public Dictionary<string, int> Told { get; } = [];
    }

    private sealed class KnownCalendar(string name)
    {
        public string Name { get; } = name;
        public Rhythm? Rhythm { get; set; }
        public DateTimeOffset Since { get; set; } = DateTimeOffset.MinValue;
        /// <summary>A calendar that goes to a zone further west comes to the same local time again.</summary>
        public HashSet<(DateTime Local, string Zone)> Fired { get; } = [];

        /// <summary>The commit with which it came or went.</summary>
        public long MadeOrGoneAt { get; set; }

        public IEnumerable<(DateTime Local, DateTimeOffset At)> Due(DateTimeOffset now) => Rhythm is null ? [] : Rhythm.Between(Since, now);
    }

    private sealed class KnownSession
    {
        public string Show { get; set; } = "";
        public string Status { get; set; } = "";

        /// <summary>Where it was moved to, the last at the end.</summary>
        public List<DateTimeOffset> Starts { get; } = [];
    }

    /// <param name="FiredAt">The commit that wrote it down.</param>
    private sealed record Occurrence(string Organisation, string CalendarId, string RunId, DateTime Local, DateTimeOffset At, bool OnlyIfChanged, long FiredAt)
    {
        public bool Runs { get; set; }
    }

    private sealed record KnownRun(DateTimeOffset At, bool ByCalendar, bool OnlyIfChanged, ImmutableHashSet<string> Partners, string? Group, ImmutableHashSet<string> Except)
    {
        public Dictionary<string, KnownDelivery> Deliveries { get; } = [];

        /// <summary>Whom it is for, from when it was taken apart.</summary>
        public ImmutableHashSet<string>? Chosen { get; set; }

        /// <summary>How often somebody asked for those in doubt again.</summary>
        public int DoubtsResent { get; set; }
    }

    private sealed record KnownDelivery(ImmutableArray<(string Session, int Version, int Told)> Sessions, bool IsPaused, bool OnlyIfChanged)
    {
        public bool IsSkipped => IsPaused || Sessions.IsEmpty || (OnlyIfChanged && !Sessions.Any(one => one.Version > one.Told));
    }

    private sealed record KnownMail(string Organisation, string PartnerId, KnownRun Run, KnownDelivery? Delivery, StoredRecipient Stored)
    {
        public int Taken { get; set; }
    }
}
