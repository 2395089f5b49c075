using System.Collections.Immutable;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactEvent>;

namespace Guichet.Contacts;

/// <summary>What of a till's tellings is new, what it changes, and how each purchase that is concerned then stands. Pure.</summary>
public static class ContactActivityCore
{
    /// <summary>More than any person mends at once.</summary>
    private const int MostRefusals = 100;

    public static Decision Decide(RecordActivities command, ActivityFacts facts, DateTimeOffset now)
    {
        ImmutableArray<ContactActivity> sent = command.Activities.IsDefault ? [] : command.Activities;
        if (sent.IsEmpty) return Decision.Refuse("activities-missing", "activities");
        if (sent.Length > RecordActivities.Most) return Decision.Refuse("too-many", "activities", ContactRules.Number(RecordActivities.Most));
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        ImmutableArray<ContactActivity> told = [.. sent.Select((activity, i) => ContactActivityRules.Check(activity, Field(i), now, wrong))];
        if (wrong.Count > 0) return Refuse(wrong);

        var before = facts.Known.Where(known => known.Value.Own).ToDictionary(known => known.Key, known => known.Value.Activity);
        var after = new Dictionary<ActivityKey, ContactActivity>(before);
        var taken = ImmutableArray.CreateBuilder<ActivityTaken>(told.Length);
        var recorded = new List<(RecordedActivity Activity, string Field)>();
        var seen = new HashSet<ActivityKey>();
        for (var i = 0; i < told.Length; i++)
        {
            var activity = told[i];
            var key = activity.Key;
            var known = facts.Known.GetValueOrDefault(key);
            if (!seen.Add(key)) wrong.Add(Refusal.Of("activity-twice", $"{Field(i)}.id", activity.ExternalId));
            else if (known is not null && Conflict(known, activity, Field(i)) is { } refusal) wrong.Add(refusal);
            else if (known is not null && activity.Revision <= known.Activity.Revision)
                taken.Add(activity.Revision == known.Activity.Revision ? ActivityTaken.Repeated : ActivityTaken.Superseded);
            else
            {
                taken.Add(known is null ? ActivityTaken.Recorded : ActivityTaken.Corrected);
                recorded.Add((new RecordedActivity(activity, known?.Activity.Revision ?? 0), Field(i)));
                after[key] = activity;
            }
        }
        var (given, giving) = (CancellationsIn(before), CancellationsIn(after));
        if (wrong.Count == 0)
            foreach (var (one, field) in recorded)
                if (one.Activity.Content is Cancellation cancellation)
                    CheckCancelled(cancellation, one.Activity.Source, after, giving, field, wrong);
        if (wrong.Count > 0) return Refuse(wrong);

        var answer = new ActivitiesTaken(taken.ToImmutable());
        if (recorded.Count == 0) return Decision.Accept(answer);
        ImmutableArray<ActivityKey> concerned = [.. recorded.Select(one => PurchaseOf(one.Activity.Activity)).OfType<ActivityKey>().Distinct()];
        ImmutableArray<PurchaseStanding> standings = [.. concerned.Select(key => StandingOf(key, (Purchase)after[key].Content, giving[key]))];
        var live = standings.Count(standing => standing.IsLive)
            - concerned.Count(key => before.GetValueOrDefault(key)?.Content is Purchase purchase && StandingOf(key, purchase, given[key]).IsLive);
        return Decision.Accept(answer, new ActivitiesRecorded([.. recorded.Select(one => one.Activity)], standings, live));
    }

    /// <summary>How a purchase stands after what took parts of it back: whatever they add up to, never less than nothing of a line.</summary>
    public static PurchaseStanding StandingOf(ActivityKey key, Purchase purchase, IEnumerable<Cancellation> cancellations)
    {
        var left = purchase.Lines.Select(line => line.Quantity).ToArray();
        var net = purchase.TotalMinor;
        foreach (var cancellation in cancellations)
        {
            if (cancellation.Lines.IsEmpty)
            {
                Array.Clear(left);
                net = 0;
                continue;
            }
            foreach (var line in cancellation.Lines)
            {
                if (line.Line <= left.Length) left[line.Line - 1] = Math.Max(0, left[line.Line - 1] - line.Quantity);
                net -= line.AmountMinor;
            }
        }
        return new PurchaseStanding(key.Source, key.ExternalId, Math.Max(0, net), [.. left]);
    }

    private static Refusal? Conflict(KnownActivity known, ContactActivity activity, string field) => known switch
    {
        { Own: false } => Refusal.Of("activity-of-another-contact", $"{field}.id", activity.ExternalId),
        _ when known.Activity.Content.GetType() != activity.Content.GetType() => Refusal.Of("activity-kind-fixed", field, activity.ExternalId),
        _ when activity.Revision == known.Activity.Revision && ContactActivityRules.HashOf(activity) != known.Hash =>
            Refusal.Of("activity-changed-without-revision", $"{field}.revision", activity.ExternalId, ContactRules.Number(known.Activity.Revision)),
        { Activity.Content: Cancellation before } when activity.Revision > known.Activity.Revision && before.Of != ((Cancellation)activity.Content).Of =>
            Refusal.Of("cancellation-of-fixed", $"{field}.cancellation.of", before.Of),
        _ => null,
    };

    private static void CheckCancelled(
        Cancellation cancellation, string source, Dictionary<ActivityKey, ContactActivity> after, ILookup<ActivityKey, Cancellation> giving, string field,
        ImmutableArray<Refusal>.Builder wrong)
    {
        var key = new ActivityKey(source, cancellation.Of);
        if (after.GetValueOrDefault(key)?.Content is not Purchase purchase)
        {
            wrong.Add(Refusal.Of("purchase-unknown", $"{field}.cancellation.of", cancellation.Of));
            return;
        }
        if (cancellation.Currency is { } currency && currency != purchase.Currency)
            wrong.Add(Refusal.Of("cancellation-in-other-currency", $"{field}.cancellation.lines", currency, cancellation.Of, purchase.Currency));
        for (var i = 0; i < cancellation.Lines.Length; i++)
        {
            var (line, at) = (cancellation.Lines[i], $"{field}.cancellation.lines[{ContactRules.Number(i)}]");
            if (line.Line > purchase.Lines.Length)
            {
                wrong.Add(Refusal.Of("purchase-line-unknown", $"{at}.line", cancellation.Of, ContactRules.Number(purchase.Lines.Length)));
                continue;
            }
            var bought = purchase.Lines[line.Line - 1];
            var back = giving[key].SelectMany(one => one.Lines).Where(one => one.Line == line.Line).ToArray();
            if (back.Sum(one => (long)one.Quantity) > bought.Quantity)
                wrong.Add(Refusal.Of("cancelled-more-than-bought", $"{at}.quantity", cancellation.Of, ContactRules.Number(bought.Quantity)));
            else if (back.Sum(one => one.AmountMinor) > bought.AmountMinor)
                wrong.Add(Refusal.Of("given-back-more-than-paid", $"{at}.amount", cancellation.Of, new Money(bought.AmountMinor, purchase.Currency).ToString(), purchase.Currency));
        }
    }

    private static ILookup<ActivityKey, Cancellation> CancellationsIn(Dictionary<ActivityKey, ContactActivity> activities) =>
        activities.Values.Where(activity => activity.Content is Cancellation).ToLookup(activity => PurchaseOf(activity)!.Value, activity => (Cancellation)activity.Content);

    /// <summary>The purchase whose standing it changes: itself, or what it takes back.</summary>
    private static ActivityKey? PurchaseOf(ContactActivity activity) => activity.Content switch
    {
        Purchase => activity.Key,
        Cancellation cancellation => new ActivityKey(activity.Source, cancellation.Of),
        _ => null,
    };

    private static Decision Refuse(ImmutableArray<Refusal>.Builder wrong) => Decision.Refuse([.. wrong.Take(MostRefusals)]);

    private static string Field(int position) => $"activities[{ContactRules.Number(position)}]";
}
