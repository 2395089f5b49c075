using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Partners;

namespace Guichet.Tests.Partners;

public sealed class PartnerCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private static readonly PartnerDetails Details = new(
        "Astérie Productions", PartnerGroup.Partners, [new("prod@asterie.example", RecipientKind.To, "Nadia Benali"), new("compta@asterie.example", RecipientKind.Cc, null)],
        Language.French, "Nuit de sel");

    private static PartnerDetails With(params PartnerAddress[] addresses) => Details with { Addresses = [.. addresses] };

    private static PartnerAddress To(string email, string? name = null) => new(email, RecipientKind.To, name);

    private static CreatePartner Create(PartnerDetails details) => new(details) { Id = Guid.NewGuid(), By = Claire };

    private static (PartnerState State, string Codes) Decide(PartnerState state, Command command, PartnerFacts? facts = null)
    {
        var decision = PartnerCore.Decide(state, command, facts ?? PartnerFacts.None with { Day = Today }, Now);
        return (decision.Events.Aggregate(state, PartnerCore.Apply), string.Join(' ', decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}")));
    }

    private static PartnerState Made(params Command[] commands) =>
        commands.Prepend(Create(Details)).Aggregate(PartnerState.Empty, (state, command) =>
        {
            var (after, codes) = Decide(state, command);
            Assert.Empty(codes);
            return after;
        });

    private static AssociatePartner Associate(string[] sessions, params string[] series) => new([.. sessions], [.. series]) { Id = Guid.NewGuid(), By = Claire };

    public static TheoryData<string, PartnerDetails> Bad => new()
    {
        { "name-missing@name", Details with { Name = " \u00A0" } },
        { "name-missing@name", Details with { Name = null! } },
        { "text-too-long@name", Details with { Name = new string('x', 300) } },
        { "text-not-one-line@name", Details with { Name = "Astérie\r\nBcc: x@y.example" } },
        { "group-unknown@group", Details with { Group = (PartnerGroup)7 } },
        { "address-missing@addresses", Details with { Addresses = [] } },
        { "address-missing@addresses", Details with { Addresses = default } },
        { "too-many@addresses", Details with { Addresses = [.. Enumerable.Range(0, 21).Select(i => To($"a{i}@b.example"))] } },
        { "address-missing@addresses[1].email", With(To("a@b.example"), To("  ")) },
        { "address-invalid@addresses[0].email", With(To("claire")) },
        { "address-invalid@addresses[0].email", With(To("claire@")) },
        { "address-invalid@addresses[0].email", With(To("claire@localhost")) },
        { "address-invalid@addresses[0].email", With(To("claire@example.org\r\nBcc: all@example.org")) },
        { "address-invalid@addresses[0].email", With(To("a@b.example, c@d.example")) },
        { "address-invalid@addresses[0].email", With(To("<script>@b.example")) },
        { "address-invalid@addresses[0].email", With(To($"{new string('x', 300)}@b.example")) },
        { "address-invalid@addresses[0].email", With(To("🎭")) },
        { "address-twice@addresses[1].email", With(To("a@b.example"), new(" A@B.example", RecipientKind.Cc, null)) },
        { "address-to-missing@addresses", With(new PartnerAddress("a@b.example", RecipientKind.Cc, null)) },
        { "recipient-kind-unknown@addresses[1].kind", With(To("a@b.example"), new("c@d.example", (RecipientKind)5, null)) },
        { "text-not-one-line@addresses[0].name", With(To("a@b.example", "Claire\nMorin")) },
        { "text-too-long@addresses[0].name", With(To("a@b.example", new string('x', 201))) },
        { "text-too-long@note", Details with { Note = new string('x', 2_001) } },
        { "text-has-control@note", Details with { Note = "a\0b" } },
        { "name-missing@name address-invalid@addresses[0].email text-too-long@note", Details with { Name = "", Addresses = [To("x")], Note = new string('x', 2_001) } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Details_that_cannot_be_taken_are_refused_by_field(string refusals, PartnerDetails details)
    {
        Assert.Equal(refusals, Decide(PartnerState.Empty, Create(details)).Codes);
        Assert.Equal(refusals, Decide(Made(), new ChangePartner(details, 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
    }

    [Fact]
    public void What_people_write_is_kept_cleaned()
    {
        var state = Decide(PartnerState.Empty, Create(new PartnerDetails(
            "  <b>L’Œuf</b> & Cie 🎭 ", PartnerGroup.Agents, [new("Compta@Œuf.example", RecipientKind.Cc, " "), To(" Élodie@THÉÂTRE.example ", " Élodie 🎈 ")], Language.Browser, "Un\r\nDeux "))).State;
        Assert.Equal("<b>L’Œuf</b> & Cie 🎭", state.Details!.Name);
        Assert.Equal([To("élodie@théâtre.example", "Élodie 🎈"), new("compta@œuf.example", RecipientKind.Cc, null)], state.Details.Addresses.AsEnumerable());
        Assert.Equal((Language.French, "Un\nDeux"), (state.Details.Language, state.Details.Note));
    }

    [Fact]
    public void Nothing_can_be_asked_of_a_partner_that_is_not_there_and_none_is_made_twice()
    {
        Command[] all =
        [
            new ChangePartner(Details, 0) { Id = Guid.NewGuid(), By = Claire }, new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire }, Associate(["s1"]),
            new DissociatePartner(["s1"], []) { Id = Guid.NewGuid(), By = Claire }, new PausePartner(null) { Id = Guid.NewGuid(), By = Claire }, new ResumePartner { Id = Guid.NewGuid(), By = Claire },
            Issue(), Revoke(), Days(30),
        ];
        Assert.All(all, command => Assert.Equal("partner-unknown", Decide(PartnerState.Empty, command).Codes));
        Assert.Equal("partner-exists", Decide(Made(), Create(Details)).Codes);
    }

    [Fact]
    public void A_change_on_an_old_revision_is_refused_and_associations_make_no_new_one()
    {
        var state = Made(Associate(["s1"]), new ChangePartner(Details with { Name = "Astérie" }, 1) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal((2L, "Astérie"), (state.Revision, state.Details!.Name));
        Assert.Equal("changed-meanwhile", Decide(state, new ChangePartner(Details, 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
    }

    [Fact]
    public void Associations_are_added_once_in_order_and_taken_away()
    {
        var state = Made(Associate(["s1", "s2", "s1"], "r1"), Associate(["s2", "s3"], "r1", "r2"));
        Assert.Equal(["s1", "s2", "s3"], state.Sessions.AsEnumerable());
        Assert.Equal(["r1", "r2"], state.Series.AsEnumerable());
        Assert.Empty(PartnerCore.Decide(state, Associate(["s1"], "r2"), PartnerFacts.None, Now).Events);
        state = Decide(state, new DissociatePartner(["s2", "s9"], ["r1"]) { Id = Guid.NewGuid(), By = Claire }).State;
        Assert.Equal("s1,s3 r2", $"{string.Join(',', state.Sessions)} {string.Join(',', state.Series)}");
        Assert.Empty(PartnerCore.Decide(state, new DissociatePartner(["s2"], default) { Id = Guid.NewGuid(), By = Claire }, PartnerFacts.None, Now).Events);
    }

    [Fact]
    public void An_association_with_what_is_not_there_is_refused_whole()
    {
        var facts = PartnerFacts.None with { UnknownSessions = ["s2"], UnknownSeries = ["r1"] };
        Assert.Equal("session-unknown@sessions series-unknown@series", Decide(Made(), Associate(["s1", "s2"], "r1"), facts).Codes);
        Assert.Equal("association-missing@sessions", Decide(Made(), Associate([])).Codes);
        Assert.Equal("association-missing@sessions", Decide(Made(), new AssociatePartner(default, default) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("too-many@sessions", Decide(Made(Associate([.. Enumerable.Range(0, 2_000).Select(i => $"s{i}")])), Associate(["one-more"])).Codes);
        Assert.Equal("too-many@series", Decide(Made(), Associate([], [.. Enumerable.Range(0, 2_001).Select(i => $"r{i}")])).Codes);
    }

    [Fact]
    public void An_archived_partner_keeps_its_associations_and_takes_no_more()
    {
        var state = Made(Associate(["s1"]), new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("partner-archived", Decide(state, Associate(["s2"])).Codes);
        Assert.Empty(PartnerCore.Decide(state, new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire }, PartnerFacts.None, Now).Events);
        var back = Decide(state, new ArchivePartner(false) { Id = Guid.NewGuid(), By = Claire }).State;
        Assert.Equal((false, "s1"), (back.Archived, Assert.Single(back.Sessions)));
    }

    [Theory]
    [InlineData("2026-11-22", "pause-not-ahead@until")]
    [InlineData("2026-11-01", "pause-not-ahead@until")]
    [InlineData("2026-11-23", "")]
    [InlineData(null, "")]
    public void A_pause_ends_after_today_or_never(string? until, string codes)
    {
        var day = until is null ? (DateOnly?)null : DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        var (state, refused) = Decide(Made(), new PausePartner(day) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal(codes, refused);
        if (codes.Length > 0) return;
        Assert.Equal(new PartnerPause(Now, day), state.Pause);
        Assert.True(state.Pause!.LastsOn(Today));
        Assert.Equal(day is null, state.Pause.LastsOn(new DateOnly(2026, 11, 23)));
        Assert.Empty(PartnerCore.Decide(state, new PausePartner(day) { Id = Guid.NewGuid(), By = Claire }, PartnerFacts.None with { Day = Today }, Now).Events);
        Assert.Null(Decide(state, new ResumePartner { Id = Guid.NewGuid(), By = Claire }).State.Pause);
    }

    private static IssuePartnerLink Issue() => new() { Id = Guid.NewGuid(), By = Claire, Hash = new SecretHash("00") };

    private static RevokePartnerLinks Revoke() => new() { Id = Guid.NewGuid(), By = Claire };

    private static ChangePartnerLinkDays Days(int days) => new(days) { Id = Guid.NewGuid(), By = Claire };

    [Fact]
    public void Links_open_the_page_for_a_year_until_they_are_issued_anew_or_withdrawn()
    {
        Assert.Equal(new PartnerPageAccess(0, 365, null), PartnerCore.PageOf(Made()));
        Assert.Equal(new PartnerPageAccess(2, 365, null), PartnerCore.PageOf(Made(Issue(), Issue())));
        Assert.Equal(new PartnerPageAccess(1, 365, Now), PartnerCore.PageOf(Made(Issue(), Revoke(), Revoke())));
        Assert.Equal(new PartnerPageAccess(2, 30, null), PartnerCore.PageOf(Made(Issue(), Days(30), Revoke(), Issue())));
        Assert.Equal(1L, Made(Issue(), Revoke(), Days(30)).Revision);
        Assert.Equal("partner-archived", Decide(Made(new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire }), Issue()).Codes);
        foreach (var days in new[] { -1, 0, 1_096 }) Assert.Equal("link-days-out-of-range@days", Decide(Made(), Days(days)).Codes);
        foreach (var days in new[] { 1, 365, 1_095 }) Assert.Empty(Decide(Made(), Days(days)).Codes);
    }

    [Fact]
    public void Nothing_that_is_written_down_of_a_link_says_what_it_is()
    {
        var issue = new IssuePartnerLink { Id = Guid.NewGuid(), By = Claire, Hash = new SecretHash("c0ffee") };
        var decision = PartnerCore.Decide(Made(), issue, PartnerFacts.None, Now);
        Assert.DoesNotContain("c0ffee", Json.Write(decision.Events) + Json.WriteAs(issue) + Json.Write(decision.Events.Aggregate(Made(), PartnerCore.Apply)) + issue, StringComparison.Ordinal);
    }

    [Fact]
    public void State_and_events_survive_storage()
    {
        var state = Made(Associate(["s1"], "r1"), new PausePartner(new DateOnly(2027, 1, 4)) { Id = Guid.NewGuid(), By = Claire }, Issue(), Revoke());
        Assert.Equal(Json.Write(state), Json.Write(Json.Read<PartnerState>(Json.Write(state))));
        ImmutableArray<PartnerEvent> events =
        [
            new PartnerCreated(Details), new PartnerChanged(Details), new PartnerArchived(true), new PartnerAssociated(["s1"], [], Now), new PartnerDissociated([], ["r1"]),
            new PartnerPaused(new PartnerPause(Now, null)), new PartnerResumed(), new PartnerLinkIssued(3, Now, null), new PartnerLinksRevoked(Now), new PartnerLinkDaysChanged(30),
        ];
        Assert.Equal(Json.Write(events), Json.Write(Json.Read<ImmutableArray<PartnerEvent>>(Json.Write(events))));
    }
}
