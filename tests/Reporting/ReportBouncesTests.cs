using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Reporting;

/// <summary>Mails that come back: what they mark, what they turn red, whom they tell.</summary>
public sealed class ReportBouncesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Gone = "550 5.1.1 no such user";
    private ReportWorld world = null!;

    private ReportBounces Bounces => world.Node.Services.GetRequiredService<ReportBounces>();

    public async Task InitializeAsync() => world = await ReportWorld.Start(database, (_, services) => services.AddSingleton(new BounceAddress("bounces@theatre.example")));

    public async Task DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task A_mail_that_comes_back_is_marked_turns_the_envelope_red_and_is_resent_to_alone()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        var other = await world.Partner("Autre", ["a@autre.example"], await world.Session(7));
        var run = await world.Send(ReportScope.Of(partner, other));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(BounceResult.Bounced, await CameBack("prod@asterie.example"));
            Assert.Equal("a@autre.example:HandedOver prod@asterie.example:Bounced", await world.States(run));
        }
        Assert.Equal(Gone, (await world.Deliveries(run)).Single(delivery => delivery.PartnerId == partner).Mails[0].Reply);
        var envelope = await world.EnvelopeOf(partner);
        Assert.Equal((EnvelopeState.Red, EnvelopeReason.LastBounced, 0, Gone), (envelope.State, envelope.Reason, envelope.Behind, envelope.Failure));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(other));

        await world.Resend(run, inDoubt: true);
        Assert.Equal("a@autre.example:HandedOver prod@asterie.example:HandedOver", await world.States(run));
        Assert.Equal((2, 1), (world.Mail.To("prod@asterie.example").Length, world.Mail.To("a@autre.example").Length));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
        // A late notice of the first round says nothing of the second.
        Assert.Equal(BounceResult.Superseded, await CameBack("prod@asterie.example", mail: 0));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
        Assert.Equal(BounceResult.Bounced, await CameBack("prod@asterie.example", mail: 1));
        Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
    }

    [Fact]
    public async Task Each_mail_comes_back_to_an_address_of_its_own_that_only_names_it_to_us()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example", "compta@asterie.example"], await world.Session(40));
        await world.Send(ReportScope.Of(partner));
        var senders = world.Mail.Sent.Select(mail => mail.EnvelopeSender!).ToList();
        Assert.Equal(2, senders.Distinct().Count());
        Assert.All(senders, sender => Assert.Matches("^bounces\\+[0-9a-hjkmnp-tv-z]{26}@theatre\\.example$", sender));
        foreach (var forged in new[] { Secrets.NewShort(), "", "x", BounceAddress.TokenIn(senders[0])![..25], new string('0', 26) })
            Assert.Equal(BounceResult.Unknown, await Bounces.CameBack(world.Claire.Organisation, forged, Gone, CancellationToken.None));
        Assert.Equal(BounceResult.Unknown, await Bounces.CameBack("someone-else", BounceAddress.TokenIn(senders[0])!, Gone, CancellationToken.None));
        Assert.Equal(BounceResult.Bounced, await Bounces.CameBack(world.Claire.Organisation, BounceAddress.TokenIn(senders[0].ToUpperInvariant())!, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_partner_whose_other_address_has_it_was_reached()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example", "compta@asterie.example"], await world.Session(40));
        await world.Send(ReportScope.Of(partner));
        await CameBack("prod@asterie.example");
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
        await CameBack("compta@asterie.example");
        Assert.Equal((EnvelopeState.Red, EnvelopeReason.LastBounced), ((await world.EnvelopeOf(partner)).State, (await world.EnvelopeOf(partner)).Reason));
    }

    [Fact]
    public async Task Two_addresses_that_come_back_at_the_same_moment_turn_it_red()
    {
        for (var round = 0; round < 5; round++)
        {
            var partner = await world.Partner($"Astérie {round}", [$"prod{round}@asterie.example", $"compta{round}@asterie.example"], await world.Session(40));
            await world.Send(ReportScope.Of(partner));
            await Task.WhenAll(CameBack($"prod{round}@asterie.example"), CameBack($"compta{round}@asterie.example"));
            Assert.Equal(EnvelopeState.Red, await world.Envelope(partner));
        }
    }

    [Fact]
    public async Task A_report_that_is_refused_turns_it_red_with_the_reason_until_the_next_arrives()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], session);
        world.Mail.Before["prod@asterie.example"] = () => throw new MailRefusedException(Gone);
        await world.Send(ReportScope.Of(partner));
        var envelope = await world.EnvelopeOf(partner);
        Assert.Equal((EnvelopeState.Red, EnvelopeReason.LastRefused, Gone), (envelope.State, envelope.Reason, envelope.Failure));

        // One that is still tried says nothing yet.
        world.Time.Advance(TimeSpan.FromMinutes(5));
        world.Mail.Before["prod@asterie.example"] = () => throw new MailDeferredException("451 later");
        await world.Send(ReportScope.Of(partner));
        Assert.Equal(EnvelopeReason.LastRefused, (await world.EnvelopeOf(partner)).Reason);

        world.Mail.Before.Clear();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.Node.DrainOutbox();
        Assert.Equal((EnvelopeState.Green, null), ((await world.EnvelopeOf(partner)).State, (await world.EnvelopeOf(partner)).Failure));
    }

    [Fact]
    public async Task A_report_that_comes_back_after_a_later_one_arrived_turns_nothing_red()
    {
        var session = await world.Session(40);
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], session);
        for (var i = 0; i < 2; i++)
        {
            await world.Send(ReportScope.Of(partner));
            world.Time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(BounceResult.Bounced, await CameBack("prod@asterie.example", mail: 0));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
    }

    [Fact]
    public async Task A_notice_that_is_quicker_than_the_server_that_took_the_mail_stays()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        world.Mail.After = mail => Bounces.CameBack(world.Claire.Organisation, BounceAddress.TokenIn(mail.EnvelopeSender)!, Gone, CancellationToken.None);
        var run = await world.Send(ReportScope.Of(partner));
        Assert.Equal("prod@asterie.example:Bounced", await world.States(run));
        Assert.Equal(EnvelopeReason.LastBounced, (await world.EnvelopeOf(partner)).Reason);
    }

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    [InlineData(3, 2, 0, 1)]
    public async Task Three_that_come_back_are_told_once_in_whatever_order(params int[] order)
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        foreach (var _ in order)
        {
            await world.Send(ReportScope.Of(partner));
            world.Time.Advance(TimeSpan.FromHours(1));
        }
        for (var i = 0; i < order.Length; i++)
        {
            await CameBack("prod@asterie.example", order[i]);
            await CameBack("prod@asterie.example", order[i]);
            await world.Node.DrainOutbox();
            var told = await world.Node.Services.GetRequiredService<NotificationQueries>().List(world.Claire.Organisation, null, 10, CancellationToken.None);
            Assert.Equal(i < order.Length - 1 ? 0 : 1, told.Count(one => one.Code == "reports-failing"));
        }
    }

    [Fact]
    public async Task A_test_that_comes_back_counts_for_nobody()
    {
        var partner = await world.Partner("Astérie", ["prod@asterie.example"], await world.Session(40));
        await world.Send(ReportScope.Of(partner));
        var test = await world.Send(ReportScope.Of(partner), "claire@port.example");
        Assert.Equal(BounceResult.Bounced, await CameBack("claire@port.example"));
        Assert.Equal("claire@port.example:Bounced", await world.States(test));
        Assert.Equal(EnvelopeState.Green, await world.Envelope(partner));
    }

    [Fact]
    public async Task Where_no_address_is_set_mails_come_back_to_their_sender()
    {
        await using var plain = await ReportWorld.Start(database);
        await plain.Send(ReportScope.Of(await plain.Partner("Astérie", ["prod@asterie.example"], await plain.Session(40))));
        Assert.Null(Assert.Single(plain.Mail.Sent).EnvelopeSender);
    }

    private Task<BounceResult> CameBack(string to, int mail = 0) =>
        Bounces.CameBack(world.Claire.Organisation, BounceAddress.TokenIn(world.Mail.To(to)[mail].EnvelopeSender)!, Gone, CancellationToken.None);
}
