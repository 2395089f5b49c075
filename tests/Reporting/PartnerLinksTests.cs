using System.Text.RegularExpressions;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Reporting;

/// <summary>Links to partners' pages, from the mail that carries one to what they open.</summary>
public sealed partial class PartnerLinksTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ReportWorld world = null!;

    private PartnerLinks Links => world.Node.Services.GetRequiredService<PartnerLinks>();

    public async Task InitializeAsync() => world = await ReportWorld.Start(database);

    public async Task DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task Each_mail_carries_a_link_of_its_own_where_the_template_wants_it()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example", "compta@asterie.example"], await world.Session(40));
        await world.Send(ReportScope.Of(partner));
        var secrets = world.Mail.Sent.Select(SecretIn).ToList();
        Assert.Equal(2, secrets.Distinct().Count());
        foreach (var secret in secrets) Assert.Equal(new LinkedPartner(world.Claire.Organisation, partner), await Links.Find(secret, CancellationToken.None));
        Assert.Equal((2, world.Time.GetUtcNow()), await Given(partner));

        await world.LeaveLinksOut();
        world.Mail.Sent.Clear();
        await world.Send(ReportScope.Of(partner));
        Assert.Equal(2, world.Mail.Sent.Count);
        Assert.All(world.Mail.Sent, mail => Assert.DoesNotContain("/r/", mail.Text + mail.Html, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_store_holds_a_link_and_none_that_is_close_to_one_opens_anything()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        await world.Send(ReportScope.Of(partner));
        var secret = SecretIn(Assert.Single(world.Mail.Sent));
        Assert.Empty(await Holding(secret));
        // The control: what is stored is found by looking so.
        Assert.NotEmpty(await Holding("prod@asterie.example"));
        foreach (var other in new[] { null, "", secret.ToUpperInvariant(), secret + " ", secret[..^1] + (secret[^1] == '0' ? '1' : '0'), secret[1..], Secrets.NewShort(), Secrets.New(), "' OR true --", new string('\0', 26) })
            Assert.Null(await Links.Find(other, CancellationToken.None));
    }

    [Fact]
    public async Task Withdrawn_links_open_nothing_and_mails_carry_none_until_one_is_issued()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        var other = await world.Partner("Autre", ["a@autre.example"], await world.Session(7));
        await world.Send(ReportScope.Of(partner, other));
        var (mailed, others) = (SecretIn(world.Mail.To("prod@asterie.example")[0]), SecretIn(world.Mail.To("a@autre.example")[0]));

        await Act(partner, (grain, id) => grain.RevokeLinks(new RevokePartnerLinks { Id = id, By = world.Claire }));
        Assert.Null(await Links.Find(mailed, CancellationToken.None));
        Assert.NotNull(await Links.Find(others, CancellationToken.None));
        await world.Send(ReportScope.Of(partner));
        Assert.DoesNotContain("/r/", world.Mail.To("prod@asterie.example")[1].Text, StringComparison.Ordinal);

        var issued = await Issue(partner);
        await world.Send(ReportScope.Of(partner));
        var next = SecretIn(world.Mail.To("prod@asterie.example")[2]);
        Assert.Null(await Links.Find(mailed, CancellationToken.None));
        Assert.NotNull(await Links.Find(issued, CancellationToken.None));
        Assert.NotNull(await Links.Find(next, CancellationToken.None));

        // Issued anew: those before are worth nothing, the mailed one too.
        await Issue(partner);
        Assert.Null(await Links.Find(issued, CancellationToken.None));
        Assert.Null(await Links.Find(next, CancellationToken.None));
        Assert.Equal(["revoke-partner-links", "issue-partner-link", "issue-partner-link"], await Journalled(partner));
    }

    [Fact]
    public async Task A_mail_that_was_on_its_way_when_links_were_issued_anew_opens_nothing()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        world.Mail.Waiting = () => Issue(partner);
        await world.Send(ReportScope.Of(partner));
        Assert.Null(await Links.Find(SecretIn(Assert.Single(world.Mail.Sent)), CancellationToken.None));
        world.Mail.Waiting = null;
        await world.Send(ReportScope.Of(partner));
        Assert.NotNull(await Links.Find(SecretIn(world.Mail.Sent.Last()), CancellationToken.None));
    }

    [Fact]
    public async Task A_link_ends_after_a_year_or_what_its_partner_was_given()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        var secret = await Issue(partner);
        world.Time.Advance(TimeSpan.FromDays(364));
        Assert.NotNull(await Links.Find(secret, CancellationToken.None));
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Links.Find(secret, CancellationToken.None));
        Assert.Equal((0, null), await Given(partner));

        await Act(partner, (grain, id) => grain.ChangeLinkDays(new ChangePartnerLinkDays(400) { Id = id, By = world.Claire }));
        Assert.NotNull(await Links.Find(secret, CancellationToken.None));
        await Act(partner, (grain, id) => grain.ChangeLinkDays(new ChangePartnerLinkDays(1) { Id = id, By = world.Claire }));
        Assert.Null(await Links.Find(secret, CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_sees_the_page_of_an_archived_partner_until_it_is_back()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        var secret = await Issue(partner);
        await Act(partner, (grain, id) => grain.Archive(new ArchivePartner(true) { Id = id, By = world.Claire }));
        Assert.Null(await Links.Find(secret, CancellationToken.None));
        await Act(partner, (grain, id) => grain.Archive(new ArchivePartner(false) { Id = id, By = world.Claire }));
        Assert.NotNull(await Links.Find(secret, CancellationToken.None));
    }

    [Fact]
    public async Task Issuing_twice_by_one_command_makes_one_link()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        var (first, again, command) = (Secrets.NewShort(), Secrets.NewShort(), Guid.NewGuid());
        foreach (var secret in new[] { first, again })
            await Act(partner, (grain, _) => grain.IssueLink(new IssuePartnerLink { Id = command, By = world.Claire, Hash = HashOf(secret) }));
        Assert.NotNull(await Links.Find(first, CancellationToken.None));
        Assert.Null(await Links.Find(again, CancellationToken.None));
    }

    internal static string SecretIn(OutgoingMail mail)
    {
        var inText = Link().Match(mail.Text).Groups[1].Value;
        Assert.Equal(inText, Link().Match(mail.Html!).Groups[1].Value);
        Assert.Equal(Secrets.ShortLength, inText.Length);
        return inText;
    }

    private static SecretHash HashOf(string secret) => new(Convert.ToHexStringLower(Secrets.Hash(secret)));

    private async Task<string> Issue(string partner)
    {
        var secret = Secrets.NewShort();
        await Act(partner, (grain, id) => grain.IssueLink(new IssuePartnerLink { Id = id, By = world.Claire, Hash = HashOf(secret) }));
        return secret;
    }

    private async Task Act(string partner, Func<IPartnerGrain, Guid, Task<Outcome<Done>>> act)
    {
        using var caller = Caller.As(world.Claire);
        Assert.Empty((await act(world.Grain<IPartnerGrain>(partner), Guid.NewGuid())).Refusals);
    }

    private async Task<(int, DateTimeOffset?)> Given(string partner)
    {
        var given = await Links.Given(world.Claire.Organisation, partner, CancellationToken.None);
        return (given.Count, given.Last);
    }

    private async Task<IEnumerable<string>> Journalled(string partner) => await world.Node.Database.Query<string>(
        world.Claire.Organisation, "SELECT command FROM journal WHERE kind = 'partners' AND id = @partner AND command LIKE '%link%' ORDER BY sequence", new { partner });

    /// <summary>Every row of every table that has that text somewhere.</summary>
    private async Task<List<string>> Holding(string text)
    {
        var tables = await world.Node.Database.Query<string>("*", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'");
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = database.Owner.CreateCommand($"SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'");
            command.Parameters.Add(new() { Value = text });
            if ((long)(await command.ExecuteScalarAsync())! > 0) found.Add(table);
        }
        return found;
    }

    [GeneratedRegex("/r/([0-9a-z]+)")]
    private static partial Regex Link();
}
