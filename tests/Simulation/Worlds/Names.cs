using Guichet.Journal;

namespace Guichet.Simulation;

/// <summary>What the plan calls the things whose ids turn up in a history.</summary>
public sealed class Names
{
    private readonly Dictionary<string, string> names = [];

    public Names(IEnumerable<House> houses, IEnumerable<PlannedSession> sessions, IEnumerable<PlannedLink> links, IEnumerable<PlannedPartner>? partners = null)
    {
        foreach (var house in houses) names[house.Id] = house.Name;
        foreach (var session in sessions)
        {
            names[session.Id] = session.Name;
            names[session.ShowId] = $"the show {session.Title}";
        }
        foreach (var link in links)
        {
            names[link.Id] = link.Name;
            if (link is { Receiver: { } receiver, Into: null }) names[link.Receiving] = $"{receiver.Name}'s session of {link.Name}";
        }
        foreach (var partner in partners ?? []) names[partner.Id] = $"{partner.Owner.Name}'s {partner.Name}";
    }

    public string Of(string id) => names.GetValueOrDefault(id, id);

    public string Of(AggregateId aggregate) => names.GetValueOrDefault(aggregate.Id, $"{aggregate.Kind} of {Of(aggregate.Organisation)}");
}
