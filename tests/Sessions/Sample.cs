using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Tests.Sessions;

/// <summary>A small session to decide on.</summary>
public static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    public static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    public static readonly SessionDetails Details = new(
        "show-1", null, "Théâtre du Port", new DateTime(2026, 12, 4, 20, 30, 0), "Europe/Paris", "EUR",
        [new Category("or", "Carré or", 100), new Category("balcon", "Balcon", 50)],
        [new Tariff("plein", "Plein", 4500), new Tariff("reduit", "Réduit", 3000)],
        [],
        [new Channel("guichet", "Guichet"), new Channel("fnac", "Fnac")]);

    public static TallyLine Line(int sold, string category = "or", string tariff = "plein", string channel = "guichet", int reserved = 0, int free = 0, long? gross = 0) =>
        new(category, tariff, channel, sold, reserved, free, gross);

    public static ValidateTally Validate(params TallyLine[] lines) => Validate(null, lines);

    public static ValidateTally Validate(int? basedOn, params TallyLine[] lines) =>
        new([.. lines], TallySource.Typed, null, null, basedOn) { Id = Guid.NewGuid(), By = Claire };

    public static SessionState Created(SessionDetails? details = null)
    {
        var decision = SessionCore.Decide(SessionState.Empty, new CreateSession(details ?? Details, OnSale: true) { Id = Guid.NewGuid(), By = Claire }, Now);
        return decision.Events.Aggregate(SessionState.Empty, SessionCore.Apply);
    }

    /// <summary>The state after the commands, none of which may be refused.</summary>
    public static SessionState After(this SessionState state, params Command[] commands)
    {
        foreach (var command in commands)
        {
            var decision = SessionCore.Decide(state, command, Now);
            Assert.Empty(decision.Refusals);
            state = decision.Events.Aggregate(state, SessionCore.Apply);
        }
        return state;
    }

    public static string Codes(this Guichet.Journal.Decision<SessionEvent> decision) =>
        string.Join(" ", decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"));
}
