using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Papers;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Reporting;

public sealed class ReportDeliveryTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ReportWorld world = null!;

    public async Task InitializeAsync() => world = await ReportWorld.Start(database);

    public async Task DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task A_report_turns_the_envelope_green_and_its_figures_are_those_of_its_instant()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["prod@asterie.example", "compta@asterie.example"], session);
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
        var run = await world.Send(ReportScope.Of(partner));
        Assert.Equal("compta@asterie.example:HandedOver prod@asterie.example:HandedOver", await world.States(run));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
        var mail = Assert.Single(world.Mail.To("prod@asterie.example"));
        Assert.Equal(world.Time.GetUtcNow(), mail.Date);
        Assert.Equal(["prod@asterie.example"], mail.ShownTo.Select(name => name.Address));
        Assert.Equal(["compta@asterie.example"], mail.ShownCc.Select(name => name.Address));
        Assert.Equal(["ventes-2026-11-22-theatre-du-port.pdf", "ventes-2026-11-22-theatre-du-port.xlsx"], mail.Attachments.Select(file => file.Name));
        Assert.Contains("Vendus\u00A0: 40", mail.Text, StringComparison.Ordinal);

        await world.Sell(session, 55);
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
        await world.Send(ReportScope.Of(partner));
        Assert.Contains("Depuis le dernier rapport\u00A0: +15", world.Mail.To("prod@asterie.example")[1].Text, StringComparison.Ordinal);
        Assert.Contains("Depuis le dernier rapport\u00A0: +15", world.Mail.To("compta@asterie.example")[1].Text, StringComparison.Ordinal);
        Assert.NotEqual(mail.Id, world.Mail.To("prod@asterie.example")[1].Id);
    }

    [Fact]
    public async Task What_is_validated_between_the_instant_and_the_sending_is_for_the_next_report()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["a@asterie.example"], session);
        var at = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.Sell(session, 70);
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportRunGrain>(Ids.New(TimeProvider.System)).Send(new SendReports(ReportScope.Of(partner), at, null, null, null) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Node.DrainOutbox();
        Assert.Contains("Vendus\u00A0: 40", Assert.Single(world.Mail.To("a@asterie.example")).Text, StringComparison.Ordinal);
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
    }

    [Fact]
    public async Task A_run_that_is_taken_apart_twice_sends_once()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        var run = await world.Send(ReportScope.Of(partner));
        await world.Node.Services.GetRequiredService<EffectQueue>().Add(world.Claire.Organisation, new ExpandRun(run), CancellationToken.None);
        await world.Node.Services.GetRequiredService<EffectQueue>().Add(world.Claire.Organisation, new SendReport(run, partner, 1, 1), CancellationToken.None);
        await world.Node.DrainOutbox();
        Assert.Single(world.Mail.Sent);
    }

    [Fact]
    public async Task A_run_to_many_is_prepared_in_parts_of_which_each_is_done_once()
    {
        var session = await world.Session(40);
        var partners = new List<string>();
        for (var i = 0; i < 260; i++) partners.Add(await world.Partner($"Partenaire {i}", [$"p{i}@parts.example"], session));
        var run = Ids.New(TimeProvider.System);
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportRunGrain>(run).Send(new SendReports(ReportScope.Of([.. partners]), world.Time.GetUtcNow(), null, null, null) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await Do(new ExpandRun(run));
        // Taken apart, and nothing of it is ready: it waits, and isn't over.
        Assert.Equal((260, 260, false), await Progress());
        Assert.Equal(ReportMailState.Queued, (await world.Deliveries(run))[0].State);

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.Sell(session, 55);
        partners.Sort(StringComparer.Ordinal);
        foreach (var (first, last) in new[] { (250, 259), (0, 249), (250, 259), (0, 249) }) await Do(new PrepareReports(run, partners[first], partners[last]));
        await Do(new ExpandRun(run));
        Assert.Equal((260, 260, false), await Progress());
        await using var counted = database.Owner.CreateCommand($"""
            SELECT (SELECT count(*) FROM report_recipients WHERE run_id = '{run}'), (SELECT count(*) FROM outbox WHERE kind = 'send-report' AND payload LIKE '%{run}%'),
              (SELECT string_agg(DISTINCT versions::text, ' ') FROM report_deliveries WHERE run_id = '{run}')
            """);
        await using var row = await counted.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        Assert.Equal((260L, 260L, "{1}"), (row.GetInt64(0), row.GetInt64(1), row.GetString(2)));

        async Task Do<T>(T effect) where T : Effect
        {
            await using var scope = world.Node.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IEffectHandler<T>>().Do(
                effect, new EffectContext(Guid.NewGuid(), world.Claire.Organisation, 1, world.Time.GetUtcNow()), CancellationToken.None);
        }

        async Task<(int, int, bool)> Progress() =>
            Assert.Single((await world.Log.Runs(world.Claire.Organisation, 0, 10, [run])).Runs) is var log ? (log.Partners, log.Of(ReportMailState.Queued), log.IsOver) : default;
    }

    [Fact]
    public async Task A_wrong_address_blocks_no_other_and_resending_reaches_it_alone()
    {
        var partner = await world.Partner("Astérie", ["gone@asterie.example", "here@asterie.example"], await world.Session(40));
        world.Mail.Before["gone@asterie.example"] = () => throw new MailRefusedException("550 5.1.1 no such user");
        var run = await world.Send(ReportScope.Of(partner));
        Assert.Equal("gone@asterie.example:GaveUp here@asterie.example:HandedOver", await world.States(run));
        Assert.Equal("550 5.1.1 no such user", (await world.Deliveries(run))[0].Mails[0].Reply);
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));

        world.Mail.Before.Clear();
        await world.Resend(run, inDoubt: true);
        Assert.Equal("gone@asterie.example:HandedOver here@asterie.example:HandedOver", await world.States(run));
        Assert.Single(world.Mail.To("here@asterie.example"));
        await world.Resend(run, inDoubt: true);
        Assert.Equal(2, world.Mail.Sent.Count);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_the_mail_is_the_same()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        var tries = 0;
        world.Mail.Before["a@asterie.example"] = () => ++tries < 3 ? throw new MailDeferredException("451 later") : Task.CompletedTask;
        var run = await world.Send(ReportScope.Of(partner));
        Assert.Equal("a@asterie.example:Failed", await world.States(run));
        Assert.NotNull((await world.Deliveries(run))[0].Mails[0].NextTry);
        for (var i = 0; i < 2; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await world.Node.DrainOutbox();
        }
        Assert.Equal(("a@asterie.example:HandedOver", 3), (await world.States(run), (await world.Deliveries(run))[0].Mails[0].Attempts));
    }

    [Fact]
    public async Task A_server_that_is_busy_for_a_day_is_given_up()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        world.Mail.Before["a@asterie.example"] = () => throw new MailDeferredException("451 later");
        var run = await world.Send(ReportScope.Of(partner));
        for (var hour = 0; hour < 26; hour++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.Node.DrainOutbox();
        }
        Assert.Equal("a@asterie.example:GaveUp", await world.States(run));
    }

    [Fact]
    public async Task A_mail_in_doubt_is_never_sent_again_by_itself_and_a_person_may()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        world.Mail.Before["a@asterie.example"] = () => throw new MailInDoubtException("the connection broke after the last byte");
        var run = await world.Send(ReportScope.Of(partner));
        world.Mail.Before.Clear();
        for (var hour = 0; hour < 30; hour++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.Node.DrainOutbox();
        }
        Assert.Equal("a@asterie.example:InDoubt", await world.States(run));
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
        await world.Resend(run, inDoubt: false);
        Assert.Empty(world.Mail.Sent);
        await world.Resend(run, inDoubt: true);
        Assert.Equal(("a@asterie.example:HandedOver", 1), (await world.States(run), world.Mail.Sent.Count));
    }

    [Fact]
    public async Task A_node_that_dies_while_it_sends_leaves_a_mail_in_doubt()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        var run = await world.Send(ReportScope.Of(partner));
        // As a crash leaves it: being sent, and its effect not done.
        await using (var crash = database.Owner.CreateCommand("UPDATE report_recipients SET state = 'sending' WHERE run_id = $1"))
        {
            crash.Parameters.Add(new() { Value = run });
            await crash.ExecuteNonQueryAsync();
        }
        await using (var undone = database.Owner.CreateCommand("UPDATE outbox SET done_at = NULL, claimed_until = NULL WHERE kind = 'send-report' AND payload LIKE '%' || $1 || '%'"))
        {
            undone.Parameters.Add(new() { Value = run });
            await undone.ExecuteNonQueryAsync();
        }
        await world.Restart();
        await world.Node.DrainOutbox();
        Assert.Equal(("a@asterie.example:InDoubt", 1), (await world.States(run), world.Mail.Sent.Count));
    }

    /// <summary>The database said that it failed, and did it moments later: just before the next attempt begins.</summary>
    [Fact]
    public async Task A_mail_whose_attempt_was_taken_for_failed_and_had_begun_is_in_doubt_and_does_not_stay_sending()
    {
        await using var late = await ReportWorld.Start(database, (_, services) => services.AddSingleton<IReportDeliveries>(provider =>
            new BegunLate(ActivatorUtilities.CreateInstance<PostgresReportDeliveries>(provider))));
        var partner = await late.Partner("Astérie", ["a@asterie.example"], await late.Session(40));
        var run = await late.Send(ReportScope.Of(partner));
        late.Time.Advance(TimeSpan.FromSeconds(2));
        await late.Node.DrainOutbox();
        Assert.Equal("a@asterie.example:InDoubt", await late.States(run));
        Assert.Empty(late.Mail.Sent);
    }

    /// <summary>After the clock of a server was set back.</summary>
    [Fact]
    public async Task A_later_version_with_an_earlier_time_is_the_one_that_is_reported()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["a@asterie.example"], session);
        await world.Sell(session, 70);
        await using (var back = database.Owner.CreateCommand("UPDATE tallies SET at = at - interval '1 hour' WHERE session_id = $1 AND version = 2"))
        {
            back.Parameters.Add(new() { Value = session });
            await back.ExecuteNonQueryAsync();
        }
        await world.Send(ReportScope.Of(partner));
        Assert.Contains("Vendus\u00A0: 70", Assert.Single(world.Mail.Sent).Text, StringComparison.Ordinal);
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
    }

    [Fact]
    public async Task A_time_that_was_found_and_that_everything_slept_through_before_it_was_begun_is_shown_as_missed()
    {
        await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        var calendar = world.Grain<IReportCalendarGrain>("group-partners");
        using (Caller.As(world.Claire))
            Assert.Empty((await calendar.Set(new SetReportCalendar(Guichet.Reporting.Calendars.TuesdayAndFriday, 0) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Node.DrainOutbox();
        world.Time.AdvanceTo(Guichet.Reporting.Calendars.Paris("2026-11-24T10:00"));
        using (Caller.As(Actor.System("test"))) await calendar.Wake();
        world.Time.Advance(TimeSpan.FromHours(13));
        await world.Restart();
        await world.Node.DrainOutbox();
        using var caller = Caller.As(world.Claire);
        var view = await world.Grain<IReportCalendarGrain>("group-partners").View();
        Assert.Equal(ReportOccurrenceState.Missed, Assert.Single(view!.Recent).State);
        Assert.Empty(world.Mail.Sent);
        await using var recorded = database.Owner.CreateCommand("SELECT state FROM report_runs WHERE organisation = $1");
        recorded.Parameters.Add(new() { Value = world.Claire.Organisation });
        Assert.Equal("missed", await recorded.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_test_reaches_its_sender_alone_and_counts_for_nobody()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        var run = await world.Send(ReportScope.Of(partner), "claire@port.example");
        Assert.Equal("claire@port.example:HandedOver", await world.States(run));
        Assert.StartsWith("[Test] ", Assert.Single(world.Mail.Sent).Subject, StringComparison.Ordinal);
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
    }

    [Fact]
    public async Task A_session_is_reported_alone_when_it_is_named_and_a_series_takes_in_its_sessions()
    {
        var series = Ids.New(TimeProvider.System);
        var (one, other) = (await world.Session(40), await world.Session(7, "Antigone", series));
        var partner = await world.Partner("Astérie", ["a@asterie.example"], one);
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IPartnerGrain>(partner).Associate(new AssociatePartner([], [series]) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Send(ReportScope.Of(partner) with { Sessions = [one] });
        await world.Send(ReportScope.Of(partner) with { Series = series });
        await world.Send(ReportScope.Of(partner));
        Assert.Equal([(true, false), (false, true), (true, true)], world.Mail.Sent.Select(mail => (mail.Text.Contains("Misanthrope", StringComparison.Ordinal), mail.Text.Contains("Antigone", StringComparison.Ordinal))));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Who_has_nothing_to_be_told_is_skipped_with_the_reason()
    {
        var lonely = await world.Partner("Seule", ["a@seule.example"]);
        var unchanged = await world.Partner("Pareille", ["a@pareille.example"], await world.Session(40));
        await world.Send(ReportScope.Of(unchanged));
        var run = await world.Send(ReportScope.Of(lonely, unchanged) with { OnlyIfChanged = true });
        Assert.Equal([("Pareille", "unchanged"), ("Seule", "no-session")], (await world.Deliveries(run)).Select(delivery => (delivery.Partner, delivery.Skipped)).Order());
        Assert.Single(world.Mail.Sent);
    }

    [Fact]
    public async Task A_template_that_leaves_out_what_did_not_change_sends_nothing_when_nothing_did()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example", "b@asterie.example"], await world.Session(40));
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportTemplateGrain>(ReportTemplateId.OfPartner(partner)).Save(
                new SaveReportTemplate(ReportTemplate.Default with { ShowsUnchanged = false, Attachments = [] }, 0) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Send(ReportScope.Of(partner));
        Assert.Empty(world.Mail.To("a@asterie.example")[0].Attachments);
        var run = await world.Send(ReportScope.Of(partner));
        Assert.Equal(("a@asterie.example:Skipped b@asterie.example:Skipped", 2), (await world.States(run), world.Mail.Sent.Count));
        Assert.Equal("unchanged", (await world.Deliveries(run))[0].Skipped);
    }

    [Fact]
    public async Task Three_reports_in_a_row_that_reach_nobody_are_told_once()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["a@asterie.example"], session);
        world.Mail.Before["a@asterie.example"] = () => throw new MailRefusedException("550 no such user");
        for (var i = 1; i <= 4; i++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.Send(ReportScope.Of(partner));
            var told = await world.Node.Services.GetRequiredService<NotificationQueries>().List(world.Claire.Organisation, null, 10, CancellationToken.None);
            Assert.Equal(i < 3 ? 0 : 1, told.Count(one => one.Code == "reports-failing"));
        }
    }

    [Fact]
    public async Task An_occurrence_passes_over_who_is_paused_and_takes_in_who_came_today()
    {
        var session = await world.Session(40);
        var paused = await world.Partner("Pause", ["a@pause.example"], session);
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IPartnerGrain>(paused).Pause(new PausePartner(null) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Partner("Nouvelle", ["a@nouvelle.example"], session);
        var at = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromHours(3));
        await world.Sell(session, 90);
        var id = ReportRunId.Of(world.Claire.Organisation, "group-partners", "2026-11-22T10:30:00", at);
        var scope = new ReportScope([], PartnerGroup.Partners, [], [], null, false);
        for (var i = 0; i < 2; i++)
        {
            using var caller = Caller.As(Actor.System("calendar"));
            await world.Grain<IReportRunGrain>(id).Begin(new BeginReportRun(scope, at, "group-partners", "2026-11-22T10:30:00") { Id = CommandIds.From(id), By = Actor.System("calendar") });
            await world.Node.DrainOutbox();
        }
        var mail = Assert.Single(world.Mail.Sent);
        Assert.Equal(("a@nouvelle.example", at), (mail.To, mail.Date!.Value));
        Assert.Contains("Vendus\u00A0: 40", mail.Text, StringComparison.Ordinal);
        Assert.Equal([null, "paused"], (await world.Deliveries(id)).Select(delivery => delivery.Skipped).Order());
    }

    [Fact]
    public async Task A_groups_time_is_for_who_follows_it_whoever_came_today_and_not_for_who_has_days_of_its_own_or_goes_by_hand()
    {
        var session = await world.Session(40);
        await world.Partner("Suit", ["a@suit.example"], session);
        var own = await world.Partner("Le sien", ["a@sien.example"], session);
        var byHand = await world.Partner("À la main", ["a@main.example"], session);
        await SetCalendar(ReportCalendarId.Of(PartnerGroup.Partners), Calendars.TuesdayAndFriday);
        await SetCalendar(ReportCalendarId.OfPartner(own), Calendars.Weekly(DayOfWeek.Wednesday));
        await SetCalendar(ReportCalendarId.OfPartner(byHand), Calendars.Weekly() with { Enabled = false });

        world.Time.AdvanceTo(Calendars.Paris("2026-11-24T09:59"));
        await world.Partner("Nouveau", ["a@nouveau.example"], session);
        await At("2026-11-24T10:00", ReportCalendarId.Of(PartnerGroup.Partners));
        Assert.Equal(["a@nouveau.example", "a@suit.example"], world.Mail.Sent.Select(mail => mail.To).Order());

        world.Mail.Sent.Clear();
        await At("2026-11-25T10:00", ReportCalendarId.OfPartner(own));
        Assert.Equal("a@sien.example", Assert.Single(world.Mail.Sent).To);

        // Whoever follows its group again is in its next time.
        world.Mail.Sent.Clear();
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportCalendarGrain>(ReportCalendarId.OfPartner(byHand)).Remove(new RemoveReportCalendar(1) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await At("2026-11-27T10:00", ReportCalendarId.Of(PartnerGroup.Partners));
        Assert.Equal(["a@main.example", "a@nouveau.example", "a@suit.example"], world.Mail.Sent.Select(mail => mail.To).Order());
    }

    private async Task SetCalendar(string id, ReportCalendarDetails details)
    {
        using var caller = Caller.As(world.Claire);
        Assert.Empty((await world.Grain<IReportCalendarGrain>(id).Set(new SetReportCalendar(details, 0) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
    }

    /// <summary>That time has come, and everything due is done.</summary>
    private async Task At(string local, string calendar)
    {
        world.Time.AdvanceTo(Calendars.Paris(local));
        using (Caller.As(Actor.System("tests")))
            await world.Grain<IReportCalendarGrain>(calendar).Wake();
        await world.Node.DrainOutbox();
    }

    [Fact]
    public async Task The_log_counts_what_became_of_a_run_and_knows_whose_template_is_their_own()
    {
        var partner = await world.Partner("Astérie", ["gone@asterie.example", "here@asterie.example"], await world.Session(40));
        await world.Partner("Seule", ["a@seule.example"]);
        world.Mail.Before["gone@asterie.example"] = () => throw new MailRefusedException("550 no such user");
        var run = await world.Send(new ReportScope([], PartnerGroup.Partners, [], [], null, false));
        var (runs, total) = await world.Log.Runs(world.Claire.Organisation, 0, 10);
        var logged = Assert.Single(runs);
        Assert.Equal((1, run, ReportRunKind.ByHand, "Claire Morin", 2, 1), (total, logged.Id, logged.Kind, logged.By, logged.Partners, logged.Skipped));
        Assert.Equal((1, 1, true), (logged.Of(ReportMailState.HandedOver), logged.Of(ReportMailState.GaveUp), logged.IsOver));
        var delivery = Assert.Single(await world.Log.OfPartner(world.Claire.Organisation, partner, 0, 10));
        Assert.Equal((run, ReportMailState.GaveUp, true), (delivery.RunId, delivery.State, delivery.MayResend));
        Assert.Empty(await world.Log.OwnTemplates(world.Claire.Organisation));
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportTemplateGrain>(ReportTemplateId.OfPartner(partner)).Save(new SaveReportTemplate(ReportTemplate.Default, 0) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        Assert.Equal("Astérie", Assert.Single(await world.Log.OwnTemplates(world.Claire.Organisation)).Partner);
    }

    [Fact]
    public async Task The_preview_is_what_leaves()
    {
        var partner = await world.Partner("Astérie", ["a@asterie.example"], await world.Session(40));
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Node.Grains.GetGrain<ILetterheadGrain>(LetterheadKey.Of(world.Claire.Organisation)).PutLogo(new PutLogo(LetterheadCoreTests.Png) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        var preview = Assert.Single(await world.Reports.Read(world.Claire.Organisation, new ReportQuestion(ReportScope.Of(partner), world.Time.GetUtcNow())));
        await world.Send(ReportScope.Of(partner));
        var mail = Assert.Single(world.Mail.Sent);
        var page = new Uri($"http://localhost{PartnerLinks.PathOf(PartnerLinksTests.SecretIn(mail))}");
        Assert.Equal((preview.Subject, ReportLetter.Html(preview, "cid:logo", page), ReportLetter.Text(preview, page)), (mail.Subject, mail.Html, mail.Text));
        Assert.Equal(LetterheadCoreTests.Png.Length, (await Bytes(mail.Attachments.Single(file => file.ContentId == "logo"))).Length);
        var paper = new MemoryStream();
        var logo = await world.Reports.LogoOf(world.Claire.Organisation, preview.Letterhead.Logo, CancellationToken.None);
        await preview.Write(ReportAttachment.Pdf, paper, logo!.Value.Image, CancellationToken.None);
        Assert.Equal(paper.ToArray(), await Bytes(mail.Attachments[0]));
    }

    private static async Task<byte[]> Bytes(MailAttachment file)
    {
        await using var stream = await file.Open(CancellationToken.None);
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task Resend(string run, bool inDoubt)
    {
        using (Caller.As(world.Claire))
            Assert.Empty((await world.Grain<IReportRunGrain>(run).Resend(new ResendReports(inDoubt, null) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        await world.Node.DrainOutbox();
    }

    /// <summary>The first time, the attempt before has just begun after all.</summary>
    private sealed class BegunLate(IReportDeliveries inner) : IReportDeliveries
    {
        private bool begun;

        public async Task<bool> Begin(ReportMail mail, ReportMailState from, ReportMailSecrets secrets, int page)
        {
            if (!begun) begun = await inner.Begin(mail, from, secrets, page);
            return await inner.Begin(mail, from, secrets, page);
        }

        public Task<ImmutableArray<string>> Apart(string organisation, CancellationToken cancellation) => inner.Apart(organisation, cancellation);
        public Task NoteExpanded(string organisation, string runId, CancellationToken cancellation) => inner.NoteExpanded(organisation, runId, cancellation);
        public Task Expand(string organisation, string runId, CancellationToken cancellation) => inner.Expand(organisation, runId, cancellation);

        public Task Prepare(string organisation, PrepareReports part, CancellationToken cancellation) => inner.Prepare(organisation, part, cancellation);
        public Task Resend(string organisation, ResendRun resend, CancellationToken cancellation) => inner.Resend(organisation, resend, cancellation);
        public Task<DeliveredReport?> Delivered(string organisation, string runId, string partnerId, CancellationToken cancellation) => inner.Delivered(organisation, runId, partnerId, cancellation);
        public Task<(PaperImage Image, Logo Logo, byte[] Bytes)?> LogoOf(string organisation, Logo? logo, CancellationToken cancellation) => inner.LogoOf(organisation, logo, cancellation);
        public Task HandOver(ReportMail mail, string reply) => inner.HandOver(mail, reply);
        public Task Move(ReportMail mail, bool begun, ReportMailState to, string? reason) => inner.Move(mail, begun, to, reason);
        public Task Skip(ReportMail mail, string why) => inner.Skip(mail, why);
        public Task<bool> MakesFailures(int number, string organisation, string partnerId, string runId, bool arrivedBefore) => inner.MakesFailures(number, organisation, partnerId, runId, arrivedBefore);
    }
}
