using Guichet.Journal;
using Guichet.Mail;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Guichet.Tests.Reporting;

/// <summary>Reports, with their files, through the real transport to a real server that plays tricks: who has it, who may, and nobody twice.</summary>
public sealed class ReportMailServerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] everybody = ["ana@promo.example", "bob@promo.example", "zoe@promo.example"];

    [Theory]
    [InlineData("550 5.1.1 no such user", "GaveUp", 1)]
    [InlineData("450 4.2.0 later", "HandedOver", 2)]
    public async Task One_address_that_is_refused_stops_none_of_the_others(string reply, string end, int asked)
    {
        var refusals = 0;
        await using var server = new ScriptedServer { Reply = line => line == "RCPT TO:<bob@promo.example>" && (reply[0] == '5' || ++refusals == 1) ? reply : null };
        await using var world = await Start(server);
        var run = await Send(world);
        Assert.Equal($"ana@promo.example:HandedOver bob@promo.example:{(reply[0] == '5' ? "GaveUp" : "Failed")} zoe@promo.example:HandedOver", await world.States(run));
        await Later(world);
        Assert.Equal($"ana@promo.example:HandedOver bob@promo.example:{end} zoe@promo.example:HandedOver", await world.States(run));
        Assert.Equal(end == "GaveUp" ? ["ana@promo.example", "zoe@promo.example"] : everybody, Taken(server));
        Assert.Equal(asked, server.Lines.Count(line => line.Line == "RCPT TO:<bob@promo.example>"));
        Assert.StartsWith(end == "GaveUp" ? reply : "250", (await world.Deliveries(run)).Single().Mails[1].Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_the_mail_and_drops_the_connection_leaves_that_one_in_doubt_and_is_not_given_it_again()
    {
        var mails = 0;
        await using var server = new ScriptedServer { Reply = line => line == "(mail)" && Interlocked.Increment(ref mails) == 2 ? ScriptedServer.HangUp : null };
        await using var world = await Start(server);
        var run = await Send(world);
        for (var day = 0; day < 3; day++) await Later(world);
        var states = (await world.Deliveries(run)).Single().Mails.Select(mail => mail.State).Order();
        Assert.Equal([ReportMailState.HandedOver, ReportMailState.HandedOver, ReportMailState.InDoubt], states);
        // It was taken, in this case: that nobody can know.
        Assert.Equal(everybody, Taken(server));
        Assert.Equal(EnvelopeState.Green, await world.Envelope((await world.Deliveries(run)).Single().PartnerId));
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("RCPT")]
    [InlineData("MAIL")]
    public async Task A_server_that_drops_the_connection_before_it_has_the_mail_leaves_no_doubt(string at)
    {
        var dropped = 0;
        await using var server = new ScriptedServer { Reply = line => line.StartsWith(at, StringComparison.Ordinal) && Interlocked.Increment(ref dropped) == 1 ? ScriptedServer.HangUp : null };
        await using var world = await Start(server);
        var run = await Send(world);
        await Later(world);
        Assert.All((await world.Deliveries(run)).Single().Mails, mail => Assert.Equal(ReportMailState.HandedOver, mail.State));
        Assert.Equal(everybody, Taken(server));
    }

    [Fact]
    public async Task A_server_that_hangs_before_its_last_answer_leaves_a_doubt_and_the_others_go()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mails = 0;
        await using var server = new ScriptedServer
        {
            Reply = line =>
            {
                if (line != "(mail)" || Interlocked.Increment(ref mails) != 1) return null;
                reached.TrySetResult();
                return ScriptedServer.Silence;
            },
        };
        await using var world = await Start(server);
        var sending = Send(world);
        await reached.Task;
        await Until(async () => (await Counts(world)).GetValueOrDefault("handedOver") == 2);
        world.Time.Advance(SmtpMail.Delivering);
        var run = await sending;
        for (var day = 0; day < 3; day++) await Later(world);
        Assert.Equal([ReportMailState.HandedOver, ReportMailState.HandedOver, ReportMailState.InDoubt], (await world.Deliveries(run)).Single().Mails.Select(mail => mail.State).Order());
        Assert.Equal(2, Taken(server).Length);
        Assert.Equal(3, mails);
    }

    /// <summary>No connection, nothing begun: a node that is killed meanwhile leaves nothing in doubt.</summary>
    [Fact]
    public async Task While_a_server_greets_slowly_nothing_is_written_down_as_being_sent()
    {
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = true;
        await using var server = new ScriptedServer
        {
            Reply = line =>
            {
                if (line != "(connected)" || !Volatile.Read(ref slow)) return null;
                greeted.TrySetResult();
                return ScriptedServer.Silence;
            },
        };
        await using var world = await Start(server);
        var sending = Send(world);
        await greeted.Task;
        Assert.Equal(3, (await Counts(world)).GetValueOrDefault("queued"));
        Assert.Equal(0, (await Counts(world)).GetValueOrDefault("sending"));

        // The node dies here: what it leaves is taken up again, without a doubt.
        Volatile.Write(ref slow, false);
        await world.Node.Kill();
        await using (var died = database.Owner.CreateCommand("UPDATE outbox SET claimed_until = NULL WHERE kind = 'send-report' AND done_at IS NULL")) await died.ExecuteNonQueryAsync();
        world.Time.Advance(SmtpConnections.Connecting);
        var run = await sending;
        await Later(world);
        Assert.Equal("ana@promo.example:HandedOver bob@promo.example:HandedOver zoe@promo.example:HandedOver", await world.States(run));
        Assert.Equal(everybody, Taken(server));
    }

    [Fact]
    public async Task A_server_that_is_away_for_an_hour_gets_each_mail_once()
    {
        var away = true;
        await using var server = new ScriptedServer { Reply = line => line == "(connected)" && Volatile.Read(ref away) ? "421 too busy" : null };
        await using var world = await Start(server);
        var run = await Send(world);
        Assert.All((await world.Deliveries(run)).Single().Mails, mail => Assert.Equal((ReportMailState.Failed, 1, true), (mail.State, mail.Attempts, mail.Reply!.Contains("too busy", StringComparison.Ordinal))));
        await Later(world);
        Volatile.Write(ref away, false);
        await Later(world);
        await Later(world);
        Assert.Equal("ana@promo.example:HandedOver bob@promo.example:HandedOver zoe@promo.example:HandedOver", await world.States(run));
        Assert.Equal(everybody, Taken(server));
    }

    [Fact]
    public async Task Each_mail_says_where_it_comes_back_to_and_all_show_the_same_people()
    {
        await using var server = new ScriptedServer();
        await using var world = await Start(server);
        await Send(world);
        var senders = server.Lines.Where(line => line.Line.StartsWith("MAIL FROM:", StringComparison.Ordinal)).Select(line => line.Line.Split('<', '>')[1]).ToList();
        Assert.Equal(3, senders.Distinct().Count());
        Assert.All(senders, sender => Assert.NotNull(BounceAddress.TokenIn(sender)));
        Assert.All(server.Accepted, mail =>
        {
            var read = Read(mail);
            Assert.Equal(("ana@promo.example", "bob@promo.example zoe@promo.example"), (read.To.Mailboxes.Single().Address, string.Join(' ', read.Cc.Mailboxes.Select(one => one.Address))));
            Assert.Equal("billetterie@theatre.example", read.From.Mailboxes.Single().Address);
            Assert.Equal([".pdf", ".xlsx"], read.Attachments.Cast<MimePart>().Select(file => Path.GetExtension(file.FileName)));
        });
    }

    [Fact]
    public async Task Names_of_scripts_and_addresses_beyond_ascii_break_no_header_and_no_other_mail()
    {
        await using var server = new ScriptedServer();
        await using var world = await Start(server);
        var partner = await world.Partner("<script>alert(1)</script> =?utf-8?B?eA==?=, \"Zoé\" <x@y.example>", ["ana@théâtre.example", "zoé@promo.example", "bob@promo.example"], await world.Session(40, "\"><img src=x onerror=alert(2)>"));
        var run = await world.Send(ReportScope.Of(partner));
        // A server without SMTPUTF8 can't bring the one whose name is beyond ASCII; a domain needs nothing.
        Assert.Equal("ana@théâtre.example:HandedOver bob@promo.example:HandedOver zoé@promo.example:GaveUp", await world.States(run));
        Assert.Contains("SMTPUTF8", (await world.Deliveries(run)).Single().Mails[1].Reply, StringComparison.Ordinal);
        Assert.Equal(["ana@xn--thtre-4qa2c.example", "bob@promo.example"], server.Lines.Where(line => line.Line.StartsWith("RCPT", StringComparison.Ordinal)).Select(line => line.Line.Split('<', '>')[1]).Order(StringComparer.Ordinal));
        Assert.All(server.Accepted.Select(Read), mail =>
        {
            Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", mail.HtmlBody, StringComparison.Ordinal);
            Assert.Equal(1, mail.Headers.Count(header => header.Id == HeaderId.To));
        });
    }

    [Fact]
    public async Task A_restored_copy_sends_no_report_made_by_hand_until_it_is_the_live_one()
    {
        await using var server = new ScriptedServer();
        var permission = new Permission();
        await using var world = await Start(server, services => services.AddSingleton<ISendingPermission>(permission));
        var outbox = world.Node.Outbox;
        permission.MaySend = false;
        await outbox.StartAsync(CancellationToken.None);
        using (Caller.As(world.Claire))
        {
            var partner = await world.Partner("Promo", everybody, await world.Session(40));
            var run = Ids.New(TimeProvider.System);
            Assert.Empty((await world.Grain<IReportRunGrain>(run).Send(new SendReports(ReportScope.Of(partner), world.Time.GetUtcNow(), null, null, null) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
            for (var minute = 0; minute < 5; minute++) await Round(world, outbox);
            Assert.Equal((0, 0), (server.Calls, (await Counts(world)).Count));

            // The control: the same that waited leaves when somebody says that this is the live one.
            permission.MaySend = true;
            world.Node.Services.GetRequiredService<OutboxSignal>().Wake();
            await Until(async () => (await Counts(world)).GetValueOrDefault("handedOver") == 3);
            Assert.Equal(everybody, Taken(server));
        }
        await outbox.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_restored_copy_sends_no_report_of_a_calendar_whose_hour_comes()
    {
        await using var server = new ScriptedServer();
        var permission = new Permission();
        await using var world = await Start(server, services => services.AddSingleton<ISendingPermission>(permission));
        var calendar = world.Grain<IReportCalendarGrain>(ReportTemplateId.Of(PartnerGroup.Partners));
        using (Caller.As(world.Claire))
        {
            await world.Partner("Promo", everybody, await world.Session(40));
            Assert.Empty((await calendar.Set(new SetReportCalendar(Calendars.Daily("Europe/Paris", new TimeOnly(12, 0), new DateOnly(2026, 11, 22)), 0) { Id = Guid.NewGuid(), By = world.Claire })).Refusals);
        }
        await world.Node.DrainOutbox();
        permission.MaySend = false;
        await world.Node.Outbox.StartAsync(CancellationToken.None);
        world.Time.Advance(TimeSpan.FromHours(6));
        using (Caller.As(Actor.System("report-calendar", world.Claire.Organisation))) await calendar.Wake();
        for (var minute = 0; minute < 5; minute++) await Round(world, world.Node.Outbox);
        Assert.Equal((0, 0), (server.Calls, (await Counts(world)).Count));

        // The control: on the live one the hour is kept, up to half a day late.
        permission.MaySend = true;
        using (Caller.As(Actor.System("report-calendar", world.Claire.Organisation))) await calendar.Wake();
        world.Node.Services.GetRequiredService<OutboxSignal>().Wake();
        await Until(async () => (await Counts(world)).GetValueOrDefault("handedOver") == 3);
        Assert.Equal(everybody, Taken(server));
        await world.Node.Outbox.StopAsync(CancellationToken.None);
    }

    private async Task<ReportWorld> Start(ScriptedServer server, Action<IServiceCollection>? configure = null)
    {
        await using (var empty = database.Owner.CreateCommand("TRUNCATE outbox, report_recipients CASCADE")) await empty.ExecuteNonQueryAsync();
        return await ReportWorld.Start(database, (world, services) =>
        {
            services.AddSingleton<IMailTransport>(new SmtpMail(server.Settings(), world.Time)).AddSingleton(new BounceAddress("bounces@theatre.example"));
            configure?.Invoke(services);
        });
    }

    private static async Task<string> Send(ReportWorld world) => await world.Send(ReportScope.Of(await world.Partner("Promo", everybody, await world.Session(40))));

    /// <summary>Enough for another try.</summary>
    private static async Task Later(ReportWorld world)
    {
        world.Time.Advance(TimeSpan.FromMinutes(40));
        await world.Node.DrainOutbox();
    }

    /// <summary>The dispatcher looks once more.</summary>
    private static async Task Round(ReportWorld world, OutboxDispatcher outbox)
    {
        var before = outbox.LastRead;
        await Until(() =>
        {
            world.Time.Advance(OutboxDispatcher.PollEvery);
            return Task.FromResult(outbox.LastRead > before);
        });
    }

    private static async Task Until(Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await happened())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<Dictionary<string, int>> Counts(ReportWorld world) => (await world.Node.Database.Query<Counted>(
        world.Claire.Organisation, "SELECT state, count(*)::integer AS count FROM report_recipients WHERE organisation = @organisation GROUP BY state", new { organisation = world.Claire.Organisation }))
        .ToDictionary(row => row.State, row => row.Count);

    /// <summary>Whom the mails that the server took were for.</summary>
    private static string[] Taken(ScriptedServer server)
    {
        lock (server.Accepted)
            return [.. server.Reached.Order(StringComparer.Ordinal)];
    }

    private static MimeMessage Read(string mail) => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail)));

    private sealed record Counted(string State, int Count);

    private sealed class Permission : ISendingPermission
    {
        private volatile bool may = true;

        public bool MaySend
        {
            get => may;
            set => may = value;
        }
    }
}
