using System.Collections.Immutable;
using Guichet.Sessions;
using Guichet.Tallies;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Sessions;

public sealed class SessionCoreTests
{
    public static TheoryData<string, SessionDetails> BadDetails => new()
    {
        { "place-missing@place", Details with { Place = "  " } },
        { "text-too-long@place", Details with { Place = new string('x', 201) } },
        { "show-missing@show", Details with { ShowId = "" } },
        { "currency-unknown@currency", Details with { Currency = "euro" } },
        { "zone-unknown@zone", Details with { Zone = "Europe/Atlantis" } },
        { "date-out-of-range@start", Details with { LocalStart = new DateTime(1900, 1, 1) } },
        { "categories-missing@categories", Details with { Categories = [] } },
        { "tariffs-missing@tariffs", Details with { Tariffs = default } },
        { "channels-missing@channels", Details with { Channels = [] } },
        { "name-missing@categories[0].name", Details with { Categories = [new Category("", " ", 10)] } },
        { "name-twice@categories[1].name", Details with { Categories = [new Category("", "Balcon", 10), new Category("", "balcon", 10)] } },
        { "capacity-out-of-range@categories[0].capacity", Details with { Categories = [new Category("", "Or", -1)] } },
        { "capacity-out-of-range@categories[0].capacity", Details with { Categories = [new Category("", "Or", 1_000_001)] } },
        { "price-out-of-range@tariffs[0].price", Details with { Tariffs = [new Tariff("", "Plein", -1)] } },
        { "too-many@categories", Details with { Categories = [.. Enumerable.Range(0, 101).Select(i => new Category("", $"C{i}", 1))] } },
        { "category-unknown@prices[0].category", Details with { Prices = [new CategoryPrice("loge", "plein", 1)] } },
        { "tariff-unknown@prices[0].tariff", Details with { Prices = [new CategoryPrice("or", "enfant", 1)] } },
    };

    [Theory, MemberData(nameof(BadDetails))]
    public void Creating_with_bad_details_names_the_field(string refusals, SessionDetails details) =>
        Assert.Equal(refusals, SessionCore.Decide(SessionState.Empty, new CreateSession(details) { Id = Guid.NewGuid(), By = Claire }, Now).Codes());

    [Fact]
    public void Creating_names_every_wrong_field_at_once() => Assert.Equal(
        "place-missing@place zone-unknown@zone",
        SessionCore.Decide(SessionState.Empty, new CreateSession(Details with { Place = "", Zone = "?" }) { Id = Guid.NewGuid(), By = Claire }, Now).Codes());

    [Fact]
    public void Codes_are_made_from_names_where_they_are_missing()
    {
        var state = Created(Details with { Categories = [new Category("", "Carré Or", 1), new Category("", "Carre-or", 1), new Category("", "1ère série", 1)] });
        Assert.Equal(["carre-or", "carre-or-2", "1ere-serie"], state.Details!.Categories.Select(category => category.Code));
    }

    [Theory]
    [InlineData("2026-12-04T20:30:00", "2026-12-04T19:30:00Z")]
    [InlineData("2027-03-28T02:30:00", "2027-03-28T01:00:00Z")] // skipped: the first valid instant after it
    [InlineData("2026-10-25T02:30:00", "2026-10-25T00:30:00Z")] // twice: the first
    public void The_start_is_resolved_through_the_zone(string local, string instant)
    {
        var state = Created(Details with { LocalStart = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture) });
        Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), state.Start);
    }

    public static TheoryData<string, SessionStatus, Command, string> Transitions()
    {
        var onSale = new PutSessionOnSale { Id = Guid.NewGuid(), By = Claire };
        var close = new CloseSession { Id = Guid.NewGuid(), By = Claire };
        var cancel = new CancelSession("grève") { Id = Guid.NewGuid(), By = Claire };
        return new TheoryData<string, SessionStatus, Command, string>
        {
            { "draft", SessionStatus.Draft, onSale, "OnSale" },
            { "draft", SessionStatus.Draft, close, "session-not-on-sale" },
            { "draft", SessionStatus.Draft, cancel, "Cancelled" },
            { "on sale", SessionStatus.OnSale, onSale, "OnSale" },
            { "on sale", SessionStatus.OnSale, close, "Closed" },
            { "on sale", SessionStatus.OnSale, cancel, "Cancelled" },
            { "closed", SessionStatus.Closed, onSale, "OnSale" },
            { "closed", SessionStatus.Closed, close, "Closed" },
            { "closed", SessionStatus.Closed, cancel, "Cancelled" },
            { "cancelled", SessionStatus.Cancelled, onSale, "session-cancelled" },
            { "cancelled", SessionStatus.Cancelled, close, "session-cancelled" },
            { "cancelled", SessionStatus.Cancelled, cancel, "Cancelled" },
        };
    }

    [Theory, MemberData(nameof(Transitions))]
    public void A_status_leads_to_another_or_to_a_refusal(string from, SessionStatus status, Command command, string expected)
    {
        _ = from;
        var state = Created() with { Status = status };
        var decision = SessionCore.Decide(state, command, Now);
        Assert.Equal(expected, decision.IsRefused ? decision.Codes() : decision.Events.Aggregate(state, SessionCore.Apply).Status.ToString());
    }

    [Fact]
    public void Changing_on_an_old_revision_is_refused()
    {
        var state = Created().After(new ChangeSession(Details with { Place = "Salle 2" }, 1) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("changed-meanwhile", SessionCore.Decide(state, new ChangeSession(Details, 1) { Id = Guid.NewGuid(), By = Claire }, Now).Codes());
    }

    [Fact]
    public void What_the_tally_counts_in_cannot_be_taken_away()
    {
        var state = Created().After(Validate(Line(10, "or"), Line(2, "balcon", "reduit", "fnac")));
        var less = Details with { Categories = [Details.Categories[0]], Tariffs = [Details.Tariffs[0]], Channels = [Details.Channels[0]], Currency = "CHF" };
        Assert.Equal(
            "currency-fixed@currency category-used@categories tariff-used@tariffs channel-used@channels",
            SessionCore.Decide(state, new ChangeSession(less, state.Revision) { Id = Guid.NewGuid(), By = Claire }, Now).Codes());
    }

    [Fact]
    public void Nothing_can_be_asked_of_a_session_that_is_not_there() =>
        Assert.Equal("session-unknown", SessionCore.Decide(SessionState.Empty, Validate(Line(1)), Now).Codes());
}
