using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Sessions;
using static Guichet.Tests.Links.LinkSample;

namespace Guichet.Tests.Links;

public sealed class LinkCoreTests
{
    /// <summary>Every act × every status × every actor: the status that it leads to, or the refusal. The theatre asked, and is the one that suspended.</summary>
    public static TheoryData<string, LinkStatus, string, string, string> Acts()
    {
        var rows = new TheoryData<string, LinkStatus, string, string, string>();
        void Row(string act, LinkStatus status, string theatre, string promoter) => rows.Add(act, status, theatre, promoter, "link-unknown");
        Row("accept", LinkStatus.Requested, "link-not-yours-to-answer", "Accepted");
        Row("refuse", LinkStatus.Requested, "link-not-yours-to-answer", "Refused");
        Row("withdraw", LinkStatus.Requested, "Withdrawn", "link-not-yours-to-withdraw");
        Row("suspend", LinkStatus.Requested, "link-not-accepted", "link-not-accepted");
        Row("resume", LinkStatus.Requested, "link-not-accepted", "link-not-accepted");
        Row("cancel", LinkStatus.Requested, "link-not-accepted", "link-not-accepted");
        foreach (var answered in new[] { LinkStatus.Accepted, LinkStatus.Suspended, LinkStatus.Refused, LinkStatus.Withdrawn, LinkStatus.Expired, LinkStatus.Cancelled })
            foreach (var act in new[] { "accept", "refuse", "withdraw" })
                Row(act, answered, "link-answered", "link-answered");
        Row("suspend", LinkStatus.Accepted, "Suspended", "Suspended");
        Row("suspend", LinkStatus.Suspended, "Suspended", "Suspended");
        Row("resume", LinkStatus.Accepted, "Accepted", "Accepted");
        Row("resume", LinkStatus.Suspended, "Accepted", "link-suspended-by-other");
        Row("cancel", LinkStatus.Accepted, "Cancelled", "Cancelled");
        Row("cancel", LinkStatus.Suspended, "Cancelled", "Cancelled");
        foreach (var over in new[] { LinkStatus.Refused, LinkStatus.Withdrawn, LinkStatus.Expired, LinkStatus.Cancelled })
            foreach (var act in new[] { "suspend", "resume", "cancel" })
                Row(act, over, "link-over", "link-over");
        return rows;
    }

    [Theory, MemberData(nameof(Acts))]
    public void Each_act_is_for_the_side_and_the_moment_that_it_belongs_to(string act, LinkStatus status, string theatre, string promoter, string stranger)
    {
        var state = InStatus(status);
        Assert.Equal(status, state.Status);
        foreach (var (actor, expected) in new[] { (Theatre, theatre), (Promoter, promoter), (Stranger, stranger) })
        {
            var decision = state.Decide(ActOf(act, actor));
            var after = decision.Events.Aggregate(state, LinkCore.Apply);
            Assert.Equal(expected, decision.IsRefused ? decision.Codes() : after.Status.ToString());
            if (decision.IsRefused) Assert.Empty(decision.Effects);
        }
    }

    private static Command ActOf(string act, Actor by) => act switch
    {
        "accept" => Accept(by) with { Receiving = Matched },
        "refuse" => new RefuseLink("Pas cette fois") { Id = Guid.NewGuid(), By = by },
        "withdraw" => new WithdrawLink { Id = Guid.NewGuid(), By = by },
        "suspend" => Suspend(by),
        "resume" => Resume(by),
        _ => Cancel(by),
    };

    public static TheoryData<string, RequestLink, string> BadRequests()
    {
        var offer = Offer();
        var ask = AskFor();
        var outside = GiveOutside();
        return new()
        {
            { "no counterpart", offer with { Counterpart = null }, "counterpart-missing@counterpart" },
            { "oneself", offer with { Counterpart = "theatre" }, "counterpart-is-self@counterpart" },
            { "asking oneself", ask with { By = Theatre, Counterpart = "theatre" }, "counterpart-is-self@counterpart" },
            { "in another's name", offer with { By = Promoter, Counterpart = "elsewhere" }, "link-unknown" },
            { "another's key", ask with { Counterpart = "elsewhere" }, "counterpart-unknown@counterpart" },
            { "no session", offer with { SenderSession = null }, "session-missing@session" },
            { "neither session nor words", ask with { SenderSession = null }, "session-missing@session" },
            { "too many words", ask with { SenderSession = null, Description = new string('x', 501) }, "text-too-long@description" },
            { "nowhere to receive", ask with { Receiving = null }, "receiving-missing@receiving" },
            { "a new session without id", ask with { Receiving = new Receiving("x", true) }, "receiving-invalid@receiving" },
            { "the receiver chooses a scope", ask with { Terms = LinkTerms.Totals with { Channels = ["fnac"] } }, "scope-is-the-senders@categories" },
            { "a scope that isn't", offer with { Terms = LinkTerms.Totals with { Categories = ["loge"], Channels = ["web"] } }, "category-unknown@categories channel-unknown@channels" },
            { "a long word", offer with { Message = new string('x', 1_001) }, "text-too-long@message" },
            { "no days", offer with { ExpiresAfterDays = 0 }, "expiry-out-of-range@expires" },
            { "too many days", offer with { ExpiresAfterDays = 366 }, "expiry-out-of-range@expires" },
            { "both kinds of counterpart", outside with { Counterpart = "promoter" }, "counterpart-twice@counterpart" },
            { "an outside sender", outside with { AskedBy = LinkSide.Receiver, By = Promoter, SenderSession = "session-s", Receiving = Matched }, "outside-only-receives@counterpart" },
            { "no name", outside with { Outside = outside.Outside! with { Name = " " } }, "name-missing@name" },
            { "a header in the address", outside with { Outside = outside.Outside! with { Email = "a@b.example\r\nBcc: c@d.example" } }, "email-invalid@email" },
            { "no secret", outside with { Secret = null }, "secret-invalid@secret" },
            { "several at once", offer with { Counterpart = null, SenderSession = null, Message = new string('x', 1_001) }, "counterpart-missing@counterpart text-too-long@message session-missing@session" },
        };
    }

    [Theory, MemberData(nameof(BadRequests))]
    public void A_bad_request_names_what_is_wrong(string situation, RequestLink request, string expected)
    {
        _ = situation;
        Assert.Equal(expected, LinkState.Empty.Decide(request).Codes());
    }

    public static TheoryData<string, RequestLink, LinkFacts, string> UnfitFacts() => new()
    {
        { "nobody there", Offer(), Facts with { Receiver = null }, "counterpart-unknown@counterpart" },
        { "not listed", Offer(), Facts with { Receiver = Facts.Receiver! with { Reachable = false } }, "counterpart-unknown@counterpart" },
        { "no such session", Offer(), Facts with { SenderSession = null }, "session-unknown@session" },
        { "cancelled", Offer(), Facts with { SenderSession = Sent with { Cancelled = true } }, "session-cancelled@session" },
        { "it receives", Offer(), Facts with { SenderSession = Sent with { ReceivesFrom = "Arena" } }, "session-receives@session" },
        { "already linked", Offer(), Facts with { OpenLink = "link-0" }, "link-already-there@session" },
        { "not listed for others", AskFor(), Facts with { SenderSession = Sent with { Shareable = false } }, "session-not-shareable@session" },
        { "not there, asked from outside", AskFor(), Facts with { SenderSession = null }, "session-not-shareable@session" },
        { "receiving, asked from outside", AskFor(), Facts with { SenderSession = Sent with { ReceivesFrom = "Arena" } }, "session-not-shareable@session" },
        { "into one that sends", AskFor(), Facts with { ReceiverSession = Own with { SendsTo = "Agence" } }, "session-sends@receiving" },
        { "into one that receives", AskFor(), Facts with { ReceiverSession = Own with { ReceivesFrom = "Arena" } }, "session-receives-already@receiving" },
        { "into none", AskFor(), Facts with { ReceiverSession = null }, "session-unknown@receiving" },
        { "into a cancelled one", AskFor(), Facts with { ReceiverSession = Own with { Cancelled = true } }, "session-cancelled@receiving" },
        { "a private webhook", GiveOutside(), Facts with { Webhook = Refusal.Of("webhook-private", "webhook", "10.0.0.1") }, "webhook-private@webhook" },
    };

    [Theory, MemberData(nameof(UnfitFacts))]
    public void A_request_that_the_sessions_or_parties_do_not_allow_is_refused_at_once(string situation, RequestLink request, LinkFacts facts, string expected)
    {
        _ = situation;
        Assert.Equal(expected, LinkState.Empty.Decide(request, facts).Codes());
    }

    [Fact]
    public void Whatever_is_not_shareable_is_refused_alike_so_that_asking_tells_nothing()
    {
        var answers = new[] { null, Sent with { Shareable = false }, Sent with { Cancelled = true }, Sent with { ReceivesFrom = "Arena" } }
            .Select(session => LinkState.Empty.Decide(AskFor(), Facts with { SenderSession = session }).Refusals)
            .Select(refusals => Json.Write(refusals));
        Assert.Single(answers.Distinct());
    }

    public static TheoryData<string, LinkFacts, string> UnfitAtAcceptance() => new()
    {
        { "no choice of session", Facts with { ReceiverSession = null }, "session-unknown@receiving" },
        { "mine sends", Facts with { ReceiverSession = Own with { SendsTo = "Agence" } }, "session-sends@receiving" },
        { "mine receives", Facts with { ReceiverSession = Own with { ReceivesFrom = "Arena" } }, "session-receives-already@receiving" },
        { "theirs receives now", Facts with { SenderSession = Sent with { ReceivesFrom = "Arena" } }, "counterpart-session-unavailable" },
        { "theirs is cancelled", Facts with { SenderSession = Sent with { Cancelled = true } }, "counterpart-session-unavailable" },
        { "theirs is gone", Facts with { SenderSession = null }, "counterpart-session-unavailable" },
    };

    [Theory, MemberData(nameof(UnfitAtAcceptance))]
    public void A_receiver_that_accepts_meets_the_one_way_rule_again(string situation, LinkFacts facts, string expected)
    {
        _ = situation;
        Assert.Equal(expected, Offered.Decide(Accept(Promoter), facts).Codes());
    }

    public static TheoryData<string, AcceptLink, LinkFacts, string> UnfitAtTheSendersAcceptance() => new()
    {
        { "mine receives now", Accept(Theatre), Facts with { SenderSession = Sent with { ReceivesFrom = "Arena" } }, "session-receives@session" },
        { "mine is cancelled", Accept(Theatre), Facts with { SenderSession = Sent with { Cancelled = true } }, "session-cancelled@session" },
        { "theirs sends now", Accept(Theatre), Facts with { ReceiverSession = Own with { SendsTo = "Agence" } }, "counterpart-session-unavailable" },
        { "theirs receives now", Accept(Theatre), Facts with { ReceiverSession = Own with { ReceivesFrom = "Arena" } }, "counterpart-session-unavailable" },
        { "a scope that isn't", Accept(Theatre) with { Terms = LinkTerms.Totals with { Channels = ["web"] } }, Facts, "channel-unknown@channels" },
        { "other money", Accept(Theatre) with { Terms = LinkTerms.AllDetail }, Facts with { ReceiverSession = Own with { Currency = "CHF" } }, "currency-differs@receiving" },
    };

    [Theory, MemberData(nameof(UnfitAtTheSendersAcceptance))]
    public void A_sender_that_accepts_meets_the_one_way_rule_again(string situation, AcceptLink accept, LinkFacts facts, string expected)
    {
        _ = situation;
        Assert.Equal(expected, AskedFor.Decide(accept, facts).Codes());
    }

    [Fact]
    public void What_the_other_sides_session_does_is_not_told_in_a_refusal()
    {
        var refusals = AskedFor.Decide(Accept(Theatre), Facts with { ReceiverSession = Own with { SendsTo = "Agence secrète" } }).Refusals;
        Assert.DoesNotContain("secrète", Json.Write(refusals));
    }

    [Fact]
    public void A_receiver_that_accepts_says_where_to_receive() =>
        Assert.Equal("receiving-missing@receiving", Offered.Decide(Accept(Promoter) with { Receiving = null }).Codes());

    [Fact]
    public void A_described_session_is_chosen_by_the_sender_on_accepting()
    {
        var asked = LinkState.Empty.Decide(AskFor(null, "Le Misanthrope, début décembre"), Facts with { SenderSession = null }).Events.Aggregate(LinkState.Empty, LinkCore.Apply);
        Assert.Null(asked.Session);
        Assert.Equal("session-missing@session", asked.Decide(Accept(Theatre), Facts with { SenderSession = null }).Codes());
        var accepted = asked.After(Accept(Theatre) with { SenderSession = "session-s" });
        Assert.Equal("session-s", accepted.Session!.Id);
    }

    [Fact]
    public void A_sender_that_accepts_decides_what_is_shared_and_the_receiver_sees_it_in_words()
    {
        var terms = new LinkTerms(LinkDetail.Detailed, ["or"], ["fnac"]);
        var accepted = AskedFor.After(Accept(Theatre) with { Terms = terms });
        Assert.Equal(terms, accepted.Terms with { Categories = terms.Categories, Channels = terms.Channels });
        var view = LinkViews.Of(accepted, Key.Id, LinkSide.Receiver, Now);
        Assert.Equal(["Carré or"], view.Scope.Categories.AsEnumerable());
        Assert.Equal(["Fnac"], view.Scope.Channels.AsEnumerable());
    }

    [Fact]
    public void A_receiver_cannot_change_the_terms_on_accepting()
    {
        var accepted = Offered.After(Accept(Promoter) with { Terms = LinkTerms.AllDetail });
        Assert.Equal(LinkDetail.TotalsOnly, accepted.Terms.Detail);
    }

    [Fact]
    public void Both_sides_may_suspend_and_each_lifts_its_own_only()
    {
        var both = Accepted.After(Suspend(Theatre), Suspend(Promoter));
        Assert.Equal(LinkStatus.Suspended, both.Status);
        var one = both.After(Resume(Theatre));
        Assert.Equal(LinkStatus.Suspended, one.Status);
        Assert.Null(one.SuspendedBySender);
        Assert.Equal("link-suspended-by-other", one.Decide(Resume(Theatre)).Codes());
        Assert.Equal(LinkStatus.Accepted, one.After(Resume(Promoter)).Status);
    }

    [Fact]
    public void A_second_suspension_by_the_same_side_changes_nothing()
    {
        var suspended = Accepted.After(Suspend(Theatre));
        Assert.Empty(suspended.Decide(Suspend(Theatre)).Events);
    }

    [Theory]
    [InlineData(29, 23, "Requested", "")]
    [InlineData(30, 0, "Expired", "link-expired")]
    public void A_request_expires_by_its_date_whenever_the_tick_comes(int days, int hours, string status, string refusal)
    {
        var at = Now.AddDays(days).AddHours(hours);
        Assert.Equal(status, LinkCore.StatusAt(Offered, at).ToString());
        Assert.Equal(refusal, Offered.Decide(Accept(Promoter), null, at).Codes());
        Assert.Equal(refusal, Offered.Decide(new WithdrawLink { Id = Guid.NewGuid(), By = Theatre }, null, at).Codes());
        var expired = Offered.Decide(new ExpireLink { Id = Guid.NewGuid(), By = Actor.System("links") }, null, at).Events;
        Assert.Equal(status == "Expired" ? 1 : 0, expired.Length);
    }

    [Fact]
    public void A_tick_that_comes_late_dates_the_expiry_by_the_stored_date()
    {
        var expired = Offered.Decide(new ExpireLink { Id = Guid.NewGuid(), By = Actor.System("links") }, null, Now.AddDays(45)).Events.Aggregate(Offered, LinkCore.Apply);
        Assert.Equal(Now.AddDays(30), expired.Since);
        Assert.Empty(expired.Decide(new ExpireLink { Id = Guid.NewGuid(), By = Actor.System("links") }, null, Now.AddDays(46)).Events);
    }

    [Fact]
    public void The_asker_sets_how_long_the_request_stands() =>
        Assert.Equal(Now.AddDays(7), LinkState.Empty.After(Offer() with { ExpiresAfterDays = 7 }).ExpiresAt);

    [Fact]
    public void A_session_that_refuses_after_acceptance_ends_the_link_and_both_sides_are_told()
    {
        var report = new ReportSessionRefusal(LinkSide.Receiver, Refusal.Of("session-sends", null, "Agence secrète")) { Id = Guid.NewGuid(), By = Actor.System("links") };
        var decision = Accepted.Decide(report);
        var after = decision.Events.Aggregate(Accepted, LinkCore.Apply);
        Assert.Equal(LinkStatus.Cancelled, after.Status);
        Assert.Equal(["promoter", "theatre"], decision.Effects.OfType<Notify>().Select(told => told.ForOrganisation).Order());
        Assert.Equal(["promoter", "theatre"], decision.Effects.OfType<MailOperators>().Select(told => told.ForOrganisation).Order());
        Assert.Single(decision.Effects.OfType<SettleLink>());
        // Why is said by its code; whom else a session sends to is its own organisation's business.
        Assert.DoesNotContain("secrète", Json.WriteAs(decision.Events[0]) + string.Concat(decision.Effects.Select(Json.WriteAs)));
        Assert.Equal("session-sends", Assert.Single(after.History[^1].Reason!.Arguments));
        Assert.Empty(after.Decide(report with { Id = Guid.NewGuid() }).Events);
    }

    [Fact]
    public void An_outside_counterpart_is_served_as_soon_as_it_is_given()
    {
        var decision = LinkState.Empty.Decide(GiveOutside(), Facts with { Receiver = null });
        var state = decision.Events.Aggregate(LinkState.Empty, LinkCore.Apply);
        Assert.Equal(LinkStatus.Accepted, state.Status);
        Assert.Null(state.Receiver!.Organisation);
        Assert.Equal([nameof(SettleLink), nameof(MailOutsideLink)], decision.Effects.Select(effect => effect.GetType().Name));
    }

    [Fact]
    public void A_secret_stands_neither_in_the_state_nor_in_an_event_nor_in_an_effect()
    {
        var requested = LinkState.Empty.Decide(GiveOutside(OutsideDelivery.Address), Facts with { Receiver = null });
        var state = requested.Events.Aggregate(LinkState.Empty, LinkCore.Apply);
        var rotated = state.Decide(new RotateLinkSecret(new LinkSecret(new string('t', LinkSecret.Length))) { Id = Guid.NewGuid(), By = Theatre });
        var written = Json.Write(requested.Events) + Json.Write(rotated.Events) + Json.Write(rotated.Events.Aggregate(state, LinkCore.Apply))
            + string.Concat(requested.Effects.Concat(rotated.Effects).Select(Json.WriteAs));
        Assert.DoesNotContain(Secret.Value, written);
        Assert.DoesNotContain(new string('t', LinkSecret.Length), written);
        Assert.Equal(Secret, Assert.IsType<LinkRequested>(requested.Events[0]).Secret);
    }

    [Theory]
    [InlineData(false, "link-not-outside")]
    [InlineData(true, "")]
    public void Only_an_outside_link_has_a_secret_to_rotate(bool outside, string expected) =>
        Assert.Equal(expected, (outside ? Outside : Accepted).Decide(new RotateLinkSecret(Secret) { Id = Guid.NewGuid(), By = Theatre }).Codes());

    [Fact]
    public void A_link_that_is_over_has_no_settings_any_more()
    {
        var over = Outside.After(Cancel(Theatre));
        Assert.Equal("link-over", over.Decide(new RotateLinkSecret(Secret) { Id = Guid.NewGuid(), By = Theatre }).Codes());
        Assert.Equal("link-over", over.Decide(new ChangeLinkWebhook("https://a.example/") { Id = Guid.NewGuid(), By = Theatre }).Codes());
    }

    [Fact]
    public void Deliveries_are_recorded_in_order_and_a_failure_once_until_it_recovers()
    {
        var system = Actor.System("links");
        RecordLinkDelivery Delivered(int version, string url = "https://rennes.example/in") => new(url, version, Now) { Id = Guid.NewGuid(), By = system };
        RecordLinkDeliveryFailure Failed(int version) => new(version, Refusal.Of("webhook-status", "webhook", "500")) { Id = Guid.NewGuid(), By = system };
        var two = Outside.After(Delivered(2));
        Assert.Empty(two.Decide(Delivered(1)).Events);
        Assert.Empty(two.Decide(Delivered(3, "https://elsewhere.example/")).Events);
        Assert.Empty(two.Decide(Failed(2)).Events);
        var failing = two.After(Failed(3));
        Assert.Empty(failing.Decide(Failed(3)).Events);
        Assert.Empty(failing.Decide(Failed(4)).Events);
        var recovered = failing.After(Delivered(4));
        Assert.Null(recovered.Outside!.FailingSince);
        Assert.Equal([LinkMomentKind.DeliveryFailed, LinkMomentKind.DeliveryRecovered], recovered.History[^2..].Select(moment => moment.Kind));
    }

    [Fact]
    public void A_webhook_that_moves_is_sent_the_current_version_again()
    {
        var moved = Outside.After(new RecordLinkDelivery("https://rennes.example/in", 5, Now) { Id = Guid.NewGuid(), By = Actor.System("links") })
            .Decide(new ChangeLinkWebhook("https://rennes.example/new") { Id = Guid.NewGuid(), By = Theatre });
        Assert.Single(moved.Effects.OfType<DeliverLink>());
        Assert.Equal(0, moved.Events.Aggregate(Outside, LinkCore.Apply).Outside!.DeliveredVersion);
    }

    [Fact]
    public void Each_change_for_the_sessions_has_a_higher_order_and_is_confirmed_once()
    {
        var system = Actor.System("links");
        Assert.Equal([1, 2, 3, 4], new[]
        {
            Accepted, Accepted.After(Suspend(Theatre)), Accepted.After(Suspend(Theatre), Resume(Theatre)), Accepted.After(Suspend(Theatre), Resume(Theatre), Cancel(Promoter)),
        }.Select(state => state.Order));
        var suspended = Accepted.After(Suspend(Theatre), new ConfirmLinkSettled(2) { Id = Guid.NewGuid(), By = system });
        Assert.Equal(2, suspended.Settled);
        Assert.Empty(suspended.Decide(new ConfirmLinkSettled(1) { Id = Guid.NewGuid(), By = system }).Events);
        Assert.Empty(suspended.Decide(new ConfirmLinkSettled(3) { Id = Guid.NewGuid(), By = system }).Events);
    }

    [Fact]
    public void A_timeline_keeps_its_last_moments_however_often_a_link_is_suspended()
    {
        var state = Accepted;
        for (var i = 0; i < LinkCore.LongestHistory; i++) state = state.After(Suspend(Theatre), Resume(Theatre));
        Assert.Equal(LinkCore.LongestHistory, state.History.Length);
    }

    [Fact]
    public void A_side_sees_its_own_people_and_choices_and_not_the_others()
    {
        var sender = LinkViews.Of(Accepted, Key.Id, LinkSide.Sender, Now);
        var receiver = LinkViews.Of(Accepted, Key.Id, LinkSide.Receiver, Now);
        Assert.Null(sender.Receiving);
        Assert.Equal(Matched, receiver.Receiving);
        Assert.Equal(["Claire Morin", null], sender.History.Select(moment => moment.By));
        Assert.Equal([null, "Marc Petit"], receiver.History.Select(moment => moment.By));
    }

    [Fact]
    public void The_other_side_is_told_of_each_act_and_the_actor_is_not()
    {
        foreach (var (state, command, other) in new (LinkState, Command, string)[]
        {
            (LinkState.Empty, Offer(), "promoter"), (LinkState.Empty, AskFor(), "theatre"), (Offered, Accept(Promoter), "theatre"),
            (Offered, new RefuseLink(null) { Id = Guid.NewGuid(), By = Promoter }, "theatre"), (Offered, new WithdrawLink { Id = Guid.NewGuid(), By = Theatre }, "promoter"),
            (Accepted, Suspend(Promoter), "theatre"), (InStatus(LinkStatus.Suspended), Resume(Theatre), "promoter"), (Accepted, Cancel(Promoter), "theatre"),
        })
            Assert.Equal([other], state.Decide(command).Effects.OfType<Notify>().Select(told => told.ForOrganisation));
    }

    [Fact]
    public void No_subject_of_a_mail_can_break_out_of_its_header()
    {
        var facts = Facts with { Sender = Facts.Sender! with { Name = "Port\r\nBcc: all@world.example" } };
        var mail = LinkState.Empty.Decide(Offer(), facts).Effects.OfType<MailOperators>().Single();
        Assert.DoesNotContain(mail.French.Subject + mail.English.Subject, char.IsControl);
    }

    [Fact]
    public void A_states_json_gives_the_same_state_again()
    {
        foreach (var state in Enum.GetValues<LinkStatus>().Select(InStatus).Append(Outside))
            Assert.Equal(Json.Write(state), Json.Write(Json.Read<LinkState>(Json.Write(state))));
    }

    [Fact]
    public void Nothing_can_be_asked_of_a_link_that_is_not_there() => Assert.Equal("link-unknown", LinkState.Empty.Decide(Accept(Promoter)).Codes());

    [Fact]
    public void A_link_is_asked_for_once() => Assert.Equal("link-exists", Offered.Decide(Offer()).Codes());
}
