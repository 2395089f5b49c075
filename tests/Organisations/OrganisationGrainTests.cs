using System.Text.RegularExpressions;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Streams;

namespace Guichet.Organisations;

/// <summary>Organisations through their grain, on real PostgreSQL: what is written, and what never is.</summary>
public sealed class OrganisationGrainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Password = "un cheval de trait";

    private readonly ManualTime time = new();

    [Fact]
    public async Task Every_command_sent_again_changes_nothing_and_gets_the_same_answer()
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        var hugo = house.Hugo;
        var reset = await Hash(silo, "encore un autre mot");
        var token = Secrets.TokenPrefix + Secrets.New();
        (Actor By, Func<IOrganisationGrain, Task<Outcome<Done>>> Send)[] commands =
        [
            (Actor.System("test"), Twice(new FoundOrganisation(People.Details, house.Claire.Id, "claire@port.example", "Claire", Language.French) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.Found(command))),
            (house.Claire, Twice(new ChangeOrganisation(People.Details with { City = "Lorient" }, 1) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.Change(command))),
            (house.Claire, Twice(new InviteOperator(hugo.Id, "hugo@port.example", "Hugo", Role.BoxOffice, Language.English) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.Invite(command))),
            (house.Claire, Twice(new InviteOperatorAgain(hugo.Id) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.InviteAgain(command))),
            (hugo, Twice(new AcceptInvitation(hugo.Id, 2, "Hugo Petit", Language.English) { Id = Guid.NewGuid(), By = hugo, Password = reset }, (grain, command) => grain.AcceptInvitation(command))),
            (house.Claire, Twice(new ChangeOperator(hugo.Id, "Hugo P.", Role.BoxOffice) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.ChangeOperator(command))),
            (hugo, Twice(new ChangeAccount("Hugo Petit", Language.French) { Id = Guid.NewGuid(), By = hugo }, (grain, command) => grain.ChangeAccount(command))),
            (hugo, Twice(new AskEmailChange("hugo.petit@port.example") { Id = Guid.NewGuid(), By = hugo }, (grain, command) => grain.AskEmailChange(command))),
            (hugo, Twice(new ConfirmEmailChange(hugo.Id, 1) { Id = Guid.NewGuid(), By = hugo }, (grain, command) => grain.ConfirmEmailChange(command))),
            (hugo, Twice(new ChangePassword { Id = Guid.NewGuid(), By = hugo, Password = reset }, (grain, command) => grain.ChangePassword(command))),
            (hugo, Twice(new ResetPassword(hugo.Id, 2) { Id = Guid.NewGuid(), By = hugo, Password = reset }, (grain, command) => grain.ResetPassword(command))),
            (hugo, Twice(new SignOutEverywhere(hugo.Id) { Id = Guid.NewGuid(), By = hugo }, (grain, command) => grain.SignOutEverywhere(command))),
            (house.Claire, Twice(new DisableOperator(hugo.Id) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.DisableOperator(command))),
            (house.Claire, Twice(new EnableOperator(hugo.Id) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.EnableOperator(command))),
            (house.Claire, Twice(new CreateToken(Ids.New(time), "Caisse", Role.Reader, null, token[^4..]) { Id = Guid.NewGuid(), By = house.Claire, Hash = HashOf(token) }, (grain, command) => grain.CreateToken(command))),
            (house.Claire, Twice(new RevokeToken(Ids.New(time)) { Id = Guid.NewGuid(), By = house.Claire }, (grain, command) => grain.RevokeToken(command))),
        ];

        foreach (var (by, send) in commands)
        {
            using var caller = Caller.As(by);
            var grain = house.Grain;
            var first = await send(grain);
            var lines = await Count("SELECT count(*) FROM journal WHERE organisation = $1", house.Organisation);
            time.Advance(TimeSpan.FromMinutes(1));
            var again = await send(grain);
            Assert.Equal(first.Refusals.Select(refusal => refusal.Code), again.Refusals.Select(refusal => refusal.Code));
            Assert.Equal(lines, await Count("SELECT count(*) FROM journal WHERE organisation = $1", house.Organisation));
        }
        Assert.Equal(16L + 1, await Count("SELECT count(*) FROM journal WHERE organisation = $1", house.Organisation));
    }

    [Fact]
    public async Task No_secret_and_no_hash_is_in_state_journal_or_outbox()
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        var token = Secrets.TokenPrefix + Secrets.New();
        using (Caller.As(house.Claire))
        {
            await house.Grain.CreateToken(new CreateToken(Ids.New(time), "Caisse", Role.Reader, null, token[^4..]) { Id = Guid.NewGuid(), By = house.Claire, Hash = HashOf(token) });
            await house.Grain.Invite(new InviteOperator(house.Hugo.Id, "hugo@port.example", "Hugo", Role.BoxOffice, Language.English) { Id = Guid.NewGuid(), By = house.Claire });
        }
        await silo.DrainOutbox();
        var link = Regex.Match(Mail(silo).Sent.Single().Text, "link=(\\S+)").Groups[1].Value;
        Assert.Equal(Secrets.Length, link.Length);

        var written = await Texts(
            """
            SELECT state::text FROM organisations WHERE organisation = $1
            UNION ALL SELECT events || answer || command FROM journal WHERE organisation = $1
            UNION ALL SELECT payload FROM outbox WHERE organisation = $1
            """, house.Organisation);
        var hash = (await Texts("SELECT hash FROM operator_passwords WHERE organisation = $1", house.Organisation)).Single();
        Assert.StartsWith("AQAAAA", hash, StringComparison.Ordinal);
        foreach (var secret in new[] { Password, hash, token, HashOf(token).Value, link, Convert.ToHexString(Secrets.Hash(link)) })
            Assert.All(written, text => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(1L, await Count("SELECT count(*) FROM api_token_hashes WHERE organisation = $1 AND hash = sha256(convert_to($2, 'UTF8'))", house.Organisation, token));
        Assert.Equal(1L, await Count("SELECT count(*) FROM mailed_links WHERE organisation = $1 AND hash = sha256(convert_to($2, 'UTF8'))", house.Organisation, link));
    }

    [Theory]
    [InlineData("operator_passwords")]
    [InlineData("mailed_links")]
    [InlineData("web_sessions")]
    [InlineData("api_token_hashes")]
    [InlineData("installation_administrators")]
    [InlineData("notifications")]
    [InlineData("organisations")]
    public async Task Rows_of_another_organisation_are_hidden_and_its_own_are_shown(string table)
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        var other = await Theatre.Founded(silo.Services, time, Password);
        await using (var owner = await database.Owner.OpenConnectionAsync())
        {
            await using var rows = new NpgsqlCommand("""
                INSERT INTO mailed_links VALUES (sha256(convert_to($1, 'UTF8')), $1, 'x', 'Invitation', 1, now());
                """, owner) { Parameters = { new() { Value = house.Organisation } } };
            await rows.ExecuteNonQueryAsync();
            foreach (var insert in new[]
            {
                "INSERT INTO web_sessions VALUES (sha256(convert_to($1, 'UTF8')), 'x', $1, 'x', '', now(), now())",
                "INSERT INTO api_token_hashes VALUES (sha256(convert_to($1, 'UTF8')), $1, 'x', null)",
                "INSERT INTO installation_administrators VALUES ($1, 'x')",
                "INSERT INTO notifications VALUES ($1, 'x', now(), 'x', '[]', '/', null)",
            })
            {
                await using var row = new NpgsqlCommand(insert, owner) { Parameters = { new() { Value = house.Organisation } } };
                await row.ExecuteNonQueryAsync();
            }
        }

        var count = $"SELECT count(*)::integer FROM {table} WHERE organisation = @organisation";
        Assert.True(await silo.Database.QueryFirst<int>(house.Organisation, count, new { organisation = house.Organisation }) > 0);
        Assert.Equal(0, await silo.Database.QueryFirst<int>(other.Organisation, count, new { organisation = house.Organisation }));
        Assert.True(await silo.Database.Execute(other.Organisation, $"DELETE FROM {table} WHERE organisation = @organisation", new { organisation = house.Organisation }) <= 0);
        Assert.True(await silo.Database.QueryFirst<int>(house.Organisation, count, new { organisation = house.Organisation }) > 0);
    }

    [Fact]
    public async Task Others_find_an_organisation_by_name_or_city_only_if_it_wants_to_be_found_and_see_nothing_else()
    {
        await using var silo = await Start();
        var queries = silo.Services.GetRequiredService<OrganisationQueries>();
        var asking = await Theatre.Founded(silo.Services, time, Password, People.Details with { Name = "Astérie" });
        var listed = await Theatre.Founded(silo.Services, time, Password, People.Details with { Name = "Théâtre de l’Écluse", City = "Saint-Malo" });
        var hidden = await Theatre.Founded(silo.Services, time, Password, People.Details with { Name = "Théâtre de l’Écluse bis", City = "Saint-Malo", Listed = false });

        Assert.Equal([new ListedOrganisation(listed.Organisation, "Théâtre de l’Écluse", "Saint-Malo")], await queries.Listed(asking.Organisation, "ecluse", 10));
        Assert.Equal([listed.Organisation], (await queries.Listed(asking.Organisation, "SAINT-malo", 10)).Select(one => one.Id));
        Assert.Empty(await queries.Listed(asking.Organisation, "%_", 10));
        Assert.DoesNotContain(await queries.Listed(asking.Organisation, "", 100), one => one.Id == asking.Organisation);
        Assert.Null(await queries.Listed(asking.Organisation, hidden.Organisation));
        foreach (var write in new[] { "UPDATE listed_organisations SET id = 'x'", "DELETE FROM listed_organisations", "INSERT INTO listed_organisations (id) VALUES ('x')" })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => silo.Database.Execute(asking.Organisation, write));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Theory]
    [InlineData(Role.Reader)]
    [InlineData(Role.BoxOffice)]
    public async Task Only_administrators_invite_and_only_in_their_own_organisation(Role role)
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        var other = await Theatre.Founded(silo.Services, time, Password);
        InviteOperator Invite(Actor by) => new(Ids.New(time), $"{Guid.NewGuid():N}@port.example", "Hugo", Role.Reader, Language.Browser) { Id = Guid.NewGuid(), By = by };

        var less = house.Claire with { Role = role };
        using (Caller.As(less)) await Assert.ThrowsAsync<CallRefusedException>(() => house.Grain.Invite(Invite(less)));
        using (Caller.As(other.Claire)) await Assert.ThrowsAsync<CallRefusedException>(() => house.Grain.Invite(Invite(other.Claire)));
        using (Caller.As(other.Claire)) await Assert.ThrowsAsync<CallRefusedException>(() => house.Grain.View());
        using (Caller.As(house.Claire)) await Assert.ThrowsAsync<CallRefusedException>(() => house.Grain.Invite(Invite(other.Claire)));
        using (Caller.As(house.Claire)) Assert.False((await house.Grain.Invite(Invite(house.Claire))).IsRefused);
    }

    [Fact]
    public async Task An_invitation_that_was_replaced_before_its_mail_left_is_not_sent()
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        using (Caller.As(house.Claire))
        {
            await house.Grain.Invite(new InviteOperator(house.Hugo.Id, "hugo@port.example", "Hugo", Role.BoxOffice, Language.English) { Id = Guid.NewGuid(), By = house.Claire });
            await house.Grain.InviteAgain(new InviteOperatorAgain(house.Hugo.Id) { Id = Guid.NewGuid(), By = house.Claire });
        }
        await silo.DrainOutbox();
        var mail = Assert.Single(Mail(silo).Sent);
        Assert.Equal("Claire Morin invites you to Théâtre du Port on Guichet", mail.Subject);
        Assert.Equal(1L, await Count("SELECT count(*) FROM mailed_links WHERE organisation = $1 AND number = 2", house.Organisation));
    }

    [Fact]
    public async Task A_notification_done_twice_is_there_once_and_open_pages_hear_of_it()
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        var heard = new List<FeedEvent>();
        var both = new TaskCompletionSource();
        await silo.Client.GetStreamProvider(LiveStreams.Provider).Feed(house.Organisation).SubscribeAsync((happened, _) =>
        {
            heard.Add(happened);
            if (happened is NotificationsRead) both.SetResult();
            return Task.CompletedTask;
        });
        var handler = silo.Services.CreateScope().ServiceProvider.GetRequiredService<IEffectHandler<Notify>>();
        var notify = new Notify(house.Organisation, "test-told", ["un", "deux"], "/links/x");
        var context = new EffectContext(Guid.NewGuid(), "another", 1, time.GetUtcNow());
        using (Caller.As(Actor.System("outbox")))
        {
            await handler.Do(notify, context, CancellationToken.None);
            await handler.Do(notify, context with { Attempt = 2 }, CancellationToken.None);
        }

        var notifications = silo.Services.GetRequiredService<NotificationQueries>();
        var told = Assert.Single(await notifications.List(house.Organisation, null, 10, CancellationToken.None));
        Assert.Equal(("test-told", "/links/x", null, "un deux"), (told.Code, told.Path, told.ReadAt, string.Join(' ', told.Arguments)));
        Assert.Equal(1, await notifications.Unread(house.Organisation, CancellationToken.None));
        Assert.False(await notifications.MarkRead("another", told.Id, CancellationToken.None));
        Assert.True(await notifications.MarkRead(house.Organisation, told.Id, CancellationToken.None));
        Assert.False(await notifications.MarkRead(house.Organisation, null, CancellationToken.None));
        Assert.Equal(0, await notifications.Unread(house.Organisation, CancellationToken.None));
        await both.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 1, 0], heard.Select(happened => happened switch { NotificationAdded added => added.Unread, NotificationsRead read => read.Unread, _ => -1 }));
    }

    [Fact]
    public async Task Mail_to_operators_is_one_each_in_their_language_once()
    {
        await using var silo = await Start();
        var house = await Theatre.Founded(silo.Services, time, Password);
        using (Caller.As(house.Claire))
            await house.Grain.Invite(new InviteOperator(house.Hugo.Id, "hugo@port.example", "Hugo", Role.BoxOffice, Language.English) { Id = Guid.NewGuid(), By = house.Claire });
        using (Caller.As(house.Hugo))
            await house.Grain.AcceptInvitation(new AcceptInvitation(house.Hugo.Id, 1, "Hugo", Language.English) { Id = Guid.NewGuid(), By = house.Hugo, Password = await Hash(silo, Password) });
        await silo.DrainOutbox();
        Mail(silo).Sent.Count.ToString();

        var handler = silo.Services.CreateScope().ServiceProvider.GetRequiredService<IEffectHandler<MailOperators>>();
        var mail = new MailOperators(house.Organisation, Role.BoxOffice, Letter("fr"), Letter("en"));
        var context = new EffectContext(Guid.NewGuid(), house.Organisation, 1, time.GetUtcNow());
        using (Caller.As(Actor.System("outbox")))
        {
            await handler.Do(mail, context, CancellationToken.None);
            await handler.Do(mail, context with { Attempt = 2 }, CancellationToken.None);
            await handler.Do(mail with { AtLeast = Role.Administrator }, context with { Id = Guid.NewGuid() }, CancellationToken.None);
        }
        await silo.DrainOutbox();
        Assert.Equal(
            ["claire@port.example fr", "claire@port.example fr", "hugo@port.example en"],
            Mail(silo).Sent.Where(sent => sent.Subject.StartsWith("Subject", StringComparison.Ordinal)).Select(sent => $"{sent.To} {sent.Subject[8..]}").Order());

        static Letter Letter(string language) => new(language, $"Subject {language}", ["<b>Bonjour</b>"], "Ouvrir", "/links/x", "Pourquoi");
    }

    [Fact]
    public void A_letter_is_encoded_and_a_header_cannot_be_broken_out_of()
    {
        var letter = new Letter("fr", "Objet", ["<script>alert(1)</script>", "Deux"], "Ouvrir", "/links/x", "Pourquoi");
        var root = new Uri("https://guichet.example/");
        Assert.Contains("&lt;script&gt;", letter.ToHtml(root), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", letter.ToHtml(root), StringComparison.Ordinal);
        Assert.Contains("https://guichet.example/links/x", letter.ToText(root), StringComparison.Ordinal);
        foreach (var (to, name, subject) in new[] { ("a@b.example\r\nBcc: c@d.example", "A", "S"), ("a@b.example", "A\r\nBcc: c@d.example", "S"), ("a@b.example", "A", "S\nBcc: c@d.example") })
            Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), to, name, subject, "text", null));
        Assert.DoesNotContain("secret", new OutgoingMail(Guid.NewGuid(), "a@b.example", "A", "S", "secret", "secret").ToString(), StringComparison.Ordinal);
    }

    private Task<TestSilo> Start() => TestSilo.Start(database.Product, time, services => services.AddSingleton<IMailTransport, TestMail>());

    private static TestMail Mail(TestSilo silo) => (TestMail)silo.Services.GetRequiredService<IMailTransport>();

    private static Task<SecretHash> Hash(TestSilo silo, string password) => silo.Services.GetRequiredService<Passwords>().Hash(password, CancellationToken.None);

    private static SecretHash HashOf(string token) => new(Convert.ToHexStringLower(Secrets.Hash(token)));

    private static Func<IOrganisationGrain, Task<Outcome<Done>>> Twice<T>(T command, Func<IOrganisationGrain, T, Task<Outcome<Done>>> send) => grain => send(grain, command);

    private async Task<long> Count(string sql, params object[] parameters)
    {
        await using var command = database.Owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<string>> Texts(string sql, string organisation)
    {
        await using var command = database.Owner.CreateCommand(sql);
        command.Parameters.Add(new() { Value = organisation });
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }
}

/// <summary>An organisation of a test's own, with Claire who administers it, and Hugo whom a test may invite.</summary>
internal sealed record Theatre(string Organisation, Actor Claire, Actor Hugo, IOrganisationGrain Grain, string ClaireEmail)
{
    public static async Task<Theatre> Founded(IServiceProvider services, TimeProvider time, string password, OrganisationDetails? details = null, string email = "claire@port.example")
    {
        var organisation = Ids.New(time);
        var claire = new Actor(organisation, Ids.New(time), ActorKind.Operator, "Claire Morin", Role.Administrator);
        var hugo = new Actor(organisation, Ids.New(time), ActorKind.Operator, "Hugo Petit", Role.BoxOffice);
        var grain = services.GetRequiredService<IGrainFactory>().GetGrain<IOrganisationGrain>(OrganisationKey.Of(organisation));
        using var caller = Caller.As(Actor.System("test"));
        var found = await grain.Found(new FoundOrganisation(details ?? People.Details, claire.Id, email, claire.Name, Language.Browser)
        {
            Id = Guid.NewGuid(),
            By = claire,
            Password = await services.GetRequiredService<Passwords>().Hash(password, CancellationToken.None),
        });
        Assert.False(found.IsRefused);
        return new Theatre(organisation, claire, hugo, grain, email);
    }
}
