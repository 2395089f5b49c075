using System.Net;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Api;

/// <summary>Returned mails as a mail server's program posts them.</summary>
public sealed class BounceApiTests : IAsyncLifetime
{
    private const string Bounces = "/api/v1/mail/bounces";
    private readonly TestDatabase database = new();
    private readonly TestMail mails = new();
    private TestNode node = null!;
    private Tenant house = null!, promoter = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        node = await TestNode.Start(database.Product, configure: services => services.AddSingleton<IMailTransport>(mails).AddSingleton(new BounceAddress("bounces@theatre.example")));
        house = await Tenant.Found(node, "house", "Théâtre du Port", administersInstallation: true);
        promoter = await Tenant.Found(node, "promoter", "Astérie");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
        Assert.True(node.Failures.ToString().Length == 0, node.Failures.ToString());
    }

    [Fact]
    public async Task A_notice_is_taken_raw_or_told_and_once_or_many_times()
    {
        var program = node.Program(house.Token);
        var (run, sender) = await Sent(house, "a@asterie.example");
        Assert.Equal("200 delayed", await Answer(program, Notice(sender, "delayed"), "message/rfc822"));
        Assert.Equal("200 ignored", await Answer(program, $"From: a@asterie.example\nTo: {sender}\nSubject: Absence\nAuto-Submitted: auto-replied\n\nJe suis absente.\n", "message/rfc822"));
        Assert.Equal(ReportMailState.HandedOver, await State(house, run));
        for (var again = 0; again < 3; again++) Assert.Equal("200 bounced", await Answer(program, Notice(sender, "failed"), "message/rfc822"));
        Assert.Equal(ReportMailState.Bounced, await State(house, run));

        (run, sender) = await Sent(house, "b@asterie.example");
        Assert.Equal("200 delayed", await Answer(program, new { recipient = sender, action = "delayed", reason = "452 full" }));
        Assert.Equal(ReportMailState.HandedOver, await State(house, run));
        for (var again = 0; again < 3; again++) Assert.Equal("200 bounced", await Answer(program, new { recipient = sender, reason = "550 no\r\nsuch user" }));
        Assert.Equal(ReportMailState.Bounced, await State(house, run));

        (run, sender) = await Sent(house, "c@asterie.example");
        Assert.Equal("200 bounced", await Answer(program, Notice("postmaster@theatre.example", "failed"), "message/rfc822", $"?recipient={Uri.EscapeDataString(sender)}"));
        Assert.Equal(ReportMailState.Bounced, await State(house, run));

        // The mail that comes back with it may be as large as a mail: its beginning is enough.
        (run, sender) = await Sent(house, "d@asterie.example");
        Assert.Equal("200 bounced", await Answer(program, Notice(sender, "failed") + new string('x', 8_000_000), "message/rfc822"));
        Assert.Equal(ReportMailState.Bounced, await State(house, run));
    }

    [Fact]
    public async Task What_cannot_be_taken_is_a_problem_that_says_what_to_mend()
    {
        var program = node.Program(house.Token);
        var (run, sender) = await Sent(house, "a@asterie.example");
        Assert.Equal("422 bounce-malformed", await program.Refusal("POST", Bounces, "not a mail", type: "message/rfc822"));
        Assert.Equal("422 bounce-malformed", await program.Refusal("POST", Bounces, "", type: "message/rfc822"));
        Assert.Equal("422 bounce-recipient-missing@recipient", await program.Refusal("POST", Bounces, Notice("bounces@theatre.example", "failed"), type: "message/rfc822"));
        Assert.Equal("415 bounce-media-type", await program.Refusal("POST", Bounces, Notice(sender, "failed"), type: "text/plain"));
        Assert.Equal("422 bounce-recipient-missing@recipient", await program.Refusal("POST", Bounces, new { recipient = "bounces@theatre.example" }));
        Assert.Equal("422 choice-unknown@action", await program.Refusal("POST", Bounces, new { recipient = sender, action = "lost" }));
        Assert.Equal("422 member-missing@recipient", await program.Refusal("POST", Bounces, new { reason = "550" }));
        Assert.Equal("404 bounce-unknown", await program.Refusal("POST", Bounces, new { recipient = $"bounces+{new string('0', 26)}@theatre.example" }));
        Assert.Equal(ReportMailState.HandedOver, await State(house, run));
    }

    [Fact]
    public async Task Only_who_may_write_and_only_of_ones_own_unless_one_runs_the_installation()
    {
        var (run, sender) = await Sent(house, "a@asterie.example");
        var (others, theirs) = await Sent(promoter, "a@lieu.example");
        Assert.Equal("401 not-signed-in", await node.Program(null).Refusal("POST", Bounces, new { recipient = sender }));
        Assert.Equal("403 role-insufficient", await node.Program(house.ReaderToken).Refusal("POST", Bounces, new { recipient = sender }));
        Assert.Equal("404 bounce-unknown", await node.Program(promoter.Token).Refusal("POST", Bounces, new { recipient = sender }));
        Assert.Equal(ReportMailState.HandedOver, await State(house, run));

        // The house runs the installation: its mail server gets everybody's.
        Assert.Equal("200 bounced", await Answer(node.Program(house.Token), new { recipient = theirs }));
        Assert.Equal(ReportMailState.Bounced, await State(promoter, others));
        Assert.Equal("200 bounced", await Answer(node.Program(promoter.Token), new { recipient = theirs }));
    }

    private static string Notice(string to, string action) =>
        $"From: MAILER-DAEMON@theatre.example\nTo: {to}\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y.example\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: message/rfc822\n\nSubject: Ventes\n\n";

    private static async Task<string> Answer(HttpClient program, object body, string type = "application/json", string query = "")
    {
        var (status, said, _) = await program.Send("POST", Bounces + query, body, type: type);
        return $"{(int)status} {said?["result"] ?? said}";
    }

    /// <summary>A report that was handed over; the run, and where its mail comes back to.</summary>
    private async Task<(string Run, string Sender)> Sent(Tenant tenant, string email)
    {
        var (partner, run, by) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System), tenant.Administrator);
        var (_, session) = await tenant.Play(node, "Le Misanthrope");
        using (Caller.As(by))
        {
            (await tenant.Grain<ISessionGrain>(node, session).Validate(new ValidateTally([Sample.Line(40, gross: 180_000)], TallySource.Typed, null, null, null) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IPartnerGrain>(node, partner).Create(new CreatePartner(new PartnerDetails("Astérie", PartnerGroup.Partners, [new PartnerAddress(email, RecipientKind.To, null)], Organisations.Language.French, null)) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IPartnerGrain>(node, partner).Associate(new AssociatePartner([session], []) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IReportRunGrain>(node, run).Send(new SendReports(ReportScope.Of(partner), TimeProvider.System.GetUtcNow(), null, null, null) { Id = Guid.NewGuid(), By = by })).Expect();
        }
        while (await node.Services.GetRequiredService<OutboxDispatcher>().Turn(CancellationToken.None) > 0)
        {
        }
        return (run, mails.Sent.Single(mail => mail.To == email).EnvelopeSender!);
    }

    private async Task<ReportMailState> State(Tenant tenant, string run) =>
        (await node.Services.GetRequiredService<ReportLog>().Deliveries(tenant.Id, run, 0, 10)).Single().Mails.Single().State;
}
