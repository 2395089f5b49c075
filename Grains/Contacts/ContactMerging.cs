using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactEvent>;

namespace Guichet.Contacts;

/// <summary>A merge as the contact that took others over keeps it, to undo it.</summary>
public sealed record KeptMerge(string Id, ImmutableArray<MergedContact> Others, ContactContent Before, ContactContent After, string By, DateTimeOffset At);

/// <summary>A relation that was led elsewhere.</summary>
/// <param name="Now">Null where there was one of that kind to the same contact already.</param>
public sealed record MovedRelation(string MergeId, ContactRelation Was, ContactRelation? Now);

/// <param name="LivePurchases">So many purchases come with them.</param>
public sealed record ContactsMerged(string MergeId, ImmutableArray<MergedContact> Others, ContactContent Before, ContactContent After, int LivePurchases) : ContactEvent;

/// <param name="LivePurchases">So many it has left.</param>
public sealed record ContactMergeUndone(string MergeId, ContactContent Before, ContactContent After, int LivePurchases) : ContactEvent;

public sealed record ContactAbsorbed(string Into, long IntoNumber, string MergeId) : ContactEvent;

/// <summary>Also before it was taken over, when the undoing was quicker: it then isn't any more.</summary>
/// <param name="LivePurchases">So many are its own.</param>
public sealed record ContactReleased(string MergeId, ContactDetails Details, ImmutableArray<ContactRelation> Relations, int LivePurchases) : ContactEvent;

public sealed record RelationsRetargeted(string MergeId, ImmutableArray<MovedRelation> Moved) : ContactEvent;

public sealed record RelationsRestored(string MergeId, ImmutableArray<MovedRelation> Moved) : ContactEvent;

public sealed record ContactsToldApart(string Other, bool Apart) : ContactEvent;

/// <summary>Asks a contact to be another's.</summary>
[Alias("absorb-merged-contact")]
public sealed record AbsorbMergedContact(string ContactId, string Into, long IntoNumber, string MergeId, Actor By) : Effect;

/// <summary>Gives a contact back to itself.</summary>
[Alias("release-merged-contact")]
public sealed record ReleaseMergedContact(string ContactId, string From, string MergeId, Actor By) : Effect;

/// <summary>Leads the relations of one contact from another to a third.</summary>
[Alias("retarget-contact-relations")]
public sealed record RetargetContactRelations(string ContactId, string From, string To, string MergeId, Actor By) : Effect;

[Alias("restore-contact-relations")]
public sealed record RestoreContactRelations(string ContactId, string MergeId, Actor By) : Effect;

/// <summary>What was read for a merge, or for undoing one.</summary>
/// <param name="Others">As they are, in the command's order; null for what doesn't exist.</param>
/// <param name="Circular">With their relations, parents or mothers would go round in a circle.</param>
/// <param name="LivePurchases">Of the contact itself, without what others brought.</param>
public sealed record MergeFacts(ImmutableArray<MergeableContact?> Others, bool Circular, int LivePurchases)
{
    public static readonly MergeFacts None = new([], false, 0);
}

/// <summary>A contact that may be taken over.</summary>
public sealed record MergeableContact(string Id, long Number, long Revision, ContactContent Content, string? MergedInto, int LivePurchases)
{
    public bool IsErased { get; init; }

    /// <summary>Null unless it is to be kept.</summary>
    public ContactHold? Hold { get; init; }
}

/// <summary>How contacts are brought together, and taken apart again: pure.</summary>
public static class ContactMerging
{
    /// <summary>Older ones can't be undone any more.</summary>
    private const int MostKept = 20;

    internal static Decision Merge(string id, ContactState state, MergeContacts command, MergeFacts facts, DateTimeOffset now, DateOnly latestDay)
    {
        ImmutableArray<ContactToMerge> others = command.Others.IsDefault ? [] : command.Others;
        if (others.IsEmpty) return Decision.Refuse("merge-nobody", "others");
        if (others.Length > MergeContacts.Most) return Decision.Refuse("too-many", "others", ContactRules.Number(MergeContacts.Most));
        if (others.Any(other => other.Id == id) || others.DistinctBy(other => other.Id).Count() != others.Length) return Decision.Refuse("merge-with-itself", "others");
        if (facts.Others.Contains(null) || facts.Others.Length != others.Length) return Decision.Refuse("merged-contact-unknown", "others");
        ImmutableArray<MergeableContact> known = [.. facts.Others.Select(other => other!)];
        if (known.FirstOrDefault(other => other.MergedInto is not null) is { } gone) return Decision.Refuse("contact-merged", "others", ContactRules.Number(gone.Number), gone.MergedInto!);
        if (known.FirstOrDefault(other => other.IsErased) is { } erased) return Decision.Refuse("contact-erased", "others", ContactRules.Number(erased.Number));
        // What is held would be erased with whoever took it over.
        if (known.FirstOrDefault(other => other.Hold is not null) is { Hold: { } hold }) return Decision.Refuse("contact-held", "others", hold.Reason, hold.By);
        if (command.BasedOn != state.Revision || known.Zip(others, (one, sent) => one.Revision != sent.BasedOn).Any(changed => changed)) return Decision.Refuse("changed-meanwhile");
        if (known.Any(other => other.Content.Details.Kind != state.Details!.Kind) || command.Details.Kind != state.Details!.Kind) return Decision.Refuse("merge-of-two-kinds", "others");
        if (facts.Circular) return Decision.Refuse("relation-circular", "others");
        var (cleaned, wrong) = ContactRules.Check(command.Details, latestDay);
        if (!wrong.IsEmpty) return Decision.Refuse(wrong.AsSpan());
        var before = ContentOf(state);
        var after = Together(id, before, [.. known], cleaned);
        if (TooMany(after) is { } limit) return Decision.Refuse("too-many", limit.Field, ContactRules.Number(limit.Most));
        var merge = Ids.From(now, "contact-merge", command.Id.ToString());
        return Decision
            .Accept(new RecordedMerge(merge, Named(known), command.By.Name, now), new ContactsMerged(merge, Named(known), before, after, known.Sum(other => other.LivePurchases)))
            .With([.. known.Select(other => (Effect)new AbsorbMergedContact(other.Id, id, state.Number, merge, command.By))]);
    }

    internal static Decision Undo(string id, ContactState state, UndoContactMerge command, MergeFacts facts)
    {
        if (state.Merges.FirstOrDefault(merge => merge.Id == command.MergeId) is not { } undone) return Decision.Refuse("merge-unknown");
        if (state.Merges[^1].Id != undone.Id) return Decision.Refuse("merge-not-last");
        var current = ContentOf(state);
        return Decision
            .Accept(new ContactMergeUndone(undone.Id, current, Apart(current, undone.Before, undone.After), facts.LivePurchases))
            .With([.. undone.Others.Select(other => (Effect)new ReleaseMergedContact(other.Id, id, undone.Id, command.By))]);
    }

    internal static Decision Retarget(string id, ContactState state, RetargetRelations command)
    {
        var kept = state.Relations.Where(relation => relation.To != command.From).ToList();
        var moved = ImmutableArray.CreateBuilder<MovedRelation>();
        foreach (var was in state.Relations.Where(relation => relation.To == command.From))
        {
            var now = was with { To = command.To };
            var there = now.To == id || kept.Exists(relation => relation.Kind == now.Kind && relation.To == now.To);
            if (!there) kept.Add(now);
            moved.Add(new MovedRelation(command.MergeId, was, there ? null : now));
        }
        return moved.Count == 0 ? Decision.Accept() : Decision.Accept(new RelationsRetargeted(command.MergeId, moved.ToImmutable()));
    }

    internal static ContactState Apply(ContactState state, ContactEvent happened) => happened switch
    {
        ContactsMerged merged => With(state, merged.After) with
        {
            Revision = state.Revision + 1,
            LivePurchases = state.LivePurchases + merged.LivePurchases,
            Merges = [.. state.Merges.TakeLast(MostKept - 1), new KeptMerge(merged.MergeId, merged.Others, merged.Before, merged.After, merged.By, merged.At)],
        },
        ContactMergeUndone undone => With(state, undone.After) with
        {
            Revision = state.Revision + 1,
            LivePurchases = undone.LivePurchases,
            Merges = [.. state.Merges.Where(merge => merge.Id != undone.MergeId)],
        },
        ContactAbsorbed absorbed => state with { Revision = state.Revision + 1, MergedInto = absorbed.Into, MergeId = absorbed.MergeId },
        ContactReleased released => state with
        {
            Revision = state.Revision + 1,
            MergedInto = state.MergeId == released.MergeId ? null : state.MergedInto,
            MergeId = state.MergeId == released.MergeId ? null : state.MergeId,
            LastReleased = released.MergeId,
            LivePurchases = released.LivePurchases,
        },
        RelationsRetargeted retargeted => state with
        {
            Relations = [.. state.Relations.Where(relation => !retargeted.Moved.Any(moved => moved.Was == relation)), .. retargeted.Moved.Select(moved => moved.Now).OfType<ContactRelation>()],
            Moved = [.. state.Moved, .. retargeted.Moved],
        },
        RelationsRestored restored => state with
        {
            Relations = [.. state.Relations.Where(relation => !restored.Moved.Any(moved => moved.Now == relation)), .. restored.Moved.Select(moved => moved.Was).Where(was => !state.Relations.Contains(was))],
            Moved = [.. state.Moved.Where(moved => moved.MergeId != restored.MergeId)],
        },
        _ => state,
    };

    internal static ContactContent ContentOf(ContactState state) =>
        new(state.Details!, state.Notes, state.Criteria, state.Seats, state.Consents, state.Relations, state.Tags);

    private static ContactState With(ContactState state, ContactContent content) => state with
    {
        Details = content.Details,
        Notes = content.Notes,
        Criteria = content.Criteria,
        Seats = content.Seats,
        Consents = content.Consents,
        Relations = content.Relations,
        Tags = content.Tags,
    };

    private static ImmutableArray<MergedContact> Named(ImmutableArray<MergeableContact> others) =>
        [.. others.Select(other => new MergedContact(other.Id, other.Number, ContactRow.NameOf(other.Content.Details.Name, other.Content.Details.FirstName)))];

    /// <summary>
    /// The details that a merge proposes: of each, what the first of the contacts says, else the next that says anything; all e-mails and
    /// types; an ambassador if one is; not valid only if all are.
    /// </summary>
    /// <param name="all">The one that stays first.</param>
    /// <param name="chosen">By a detail's name (as in the API), the place in <paramref name="all"/> of the contact whose own counts instead.</param>
    public static ContactDetails Propose(ImmutableArray<ContactDetails> all, IReadOnlyDictionary<string, int> chosen)
    {
        var written = all.Select(details => JsonNode.Parse(Json.Write(details))!.AsObject()).ToArray();
        var proposed = new JsonObject();
        foreach (var (name, own) in written[0].Concat(written.Skip(1).SelectMany(one => one)).DistinctBy(pair => pair.Key).ToArray())
        {
            var from = chosen.TryGetValue(name, out var place) && place >= 0 && place < written.Length
                ? written[place]
                : written.FirstOrDefault(one => Says(one[name])) ?? written[0];
            proposed[name] = from[name]?.DeepClone();
        }
        var details = Json.Read<ContactDetails>(proposed.ToJsonString());
        return details with
        {
            Types = chosen.ContainsKey("types") ? details.Types : [.. all.SelectMany(one => one.Types).Distinct().Order()],
            Emails = chosen.ContainsKey("emails") ? details.Emails : [.. all.SelectMany(one => one.Emails).Distinct(StringComparer.Ordinal).Take(ContactRules.MostEmails)],
            Ambassador = chosen.ContainsKey("ambassador") ? details.Ambassador : all.Any(one => one.Ambassador),
            NotValid = chosen.ContainsKey("notValid") ? details.NotValid : all.All(one => one.NotValid),
        };
    }

    private static bool Says(JsonNode? value) => value switch
    {
        null => false,
        JsonArray array => array.Count > 0,
        _ => true,
    };

    private static ContactContent Together(string id, ContactContent own, ImmutableArray<MergeableContact> others, ContactDetails details)
    {
        var theirs = others.Select(other => other.Content).ToArray();
        var gone = others.Select(other => other.Id).Append(id).ToHashSet(StringComparer.Ordinal);
        return new ContactContent(
            details,
            [.. own.Notes.Concat(theirs.SelectMany(one => one.Notes)).DistinctBy(note => note.Id).OrderBy(note => note.At).ThenBy(note => note.Id, StringComparer.Ordinal)],
            [.. own.Criteria.Concat(theirs.SelectMany(one => one.Criteria)).DistinctBy(criterion => criterion.Criterion).OrderBy(criterion => criterion.Criterion, StringComparer.Ordinal)],
            [.. own.Seats.Concat(theirs.SelectMany(one => one.Seats)).Distinct()],
            LastWords([.. own.Consents.Concat(theirs.SelectMany(one => one.Consents))]),
            [.. own.Relations.Concat(theirs.SelectMany(one => one.Relations)).Where(relation => !gone.Contains(relation.To)).DistinctBy(relation => (relation.Kind, relation.To))],
            [.. own.Tags.Concat(theirs.SelectMany(one => one.Tags)).DistinctBy(SearchKey.Of)]);
    }

    /// <summary>One person may have consented here and withdrawn there: what it said last counts. Given twice, it was given first.</summary>
    private static ImmutableArray<ContactConsent> LastWords(ImmutableArray<ContactConsent> all)
    {
        var words = ImmutableArray.CreateBuilder<ContactConsent>();
        foreach (var consent in all.OrderBy(one => one.Given.At).Distinct())
        {
            if (consent.Withdrawn is not null)
            {
                words.Add(consent);
                continue;
            }
            var withdrawn = all.Where(one => one.Channel == consent.Channel && one.Category == consent.Category && one.Withdrawn is { } over && over.At >= consent.Given.At)
                .MaxBy(one => one.Withdrawn!.At);
            if (withdrawn is not null) words.Add(consent with { Withdrawn = withdrawn.Withdrawn, WithdrawnBy = withdrawn.WithdrawnBy });
            else if (!words.Any(one => one.Withdrawn is null && one.Channel == consent.Channel && one.Category == consent.Category)) words.Add(consent);
        }
        return words.ToImmutable();
    }

    private static (string Field, int Most)? TooMany(ContactContent content) =>
        content.Notes.Length > ContactRules.MostNotes ? ("notes", ContactRules.MostNotes)
        : content.Criteria.Length > ContactRules.MostCriteria ? ("criteria", ContactRules.MostCriteria)
        : content.Seats.Length > ContactRules.MostSeats ? ("seats", ContactRules.MostSeats)
        : content.Consents.Length > ContactRules.MostConsents ? ("consents", ContactRules.MostConsents)
        : content.Relations.Length > ContactRules.MostRelations ? ("relations", ContactRules.MostRelations)
        : null;

    /// <summary>What the merge brought goes, what it took comes back; what a person changed since stays as it is.</summary>
    private static ContactContent Apart(ContactContent current, ContactContent before, ContactContent after)
    {
        return new ContactContent(
            Apart(current.Details, before.Details, after.Details),
            Lists(current.Notes, before.Notes, after.Notes, note => note.Id),
            [.. Lists(current.Criteria, before.Criteria, after.Criteria, criterion => criterion.Criterion).OrderBy(criterion => criterion.Criterion, StringComparer.Ordinal)],
            Lists(current.Seats, before.Seats, after.Seats, seat => seat),
            Lists(current.Consents, before.Consents, after.Consents, consent => (consent.Channel, consent.Category, consent.Given.At)),
            Lists(current.Relations, before.Relations, after.Relations, relation => (relation.Kind, relation.To)),
            Lists(current.Tags, before.Tags, after.Tags, SearchKey.Of));
    }

    /// <summary>Each detail as it was before, where it still is as it was made; else as it is now.</summary>
    internal static ContactDetails Apart(ContactDetails current, ContactDetails before, ContactDetails after)
    {
        var (now, was, made) = (JsonNode.Parse(Json.Write(current))!.AsObject(), JsonNode.Parse(Json.Write(before))!.AsObject(), JsonNode.Parse(Json.Write(after))!.AsObject());
        var details = new JsonObject();
        foreach (var name in now.Concat(was).Select(pair => pair.Key).Distinct().ToArray())
            details[name] = (JsonNode.DeepEquals(now[name], made[name]) ? was[name] : now[name])?.DeepClone();
        return Json.Read<ContactDetails>(details.ToJsonString());
    }

    private static ImmutableArray<T> Lists<T, TKey>(ImmutableArray<T> current, ImmutableArray<T> before, ImmutableArray<T> after, Func<T, TKey> keyOf)
        where TKey : notnull
    {
        var (was, merged) = (before.DistinctBy(keyOf).ToDictionary(keyOf), after.DistinctBy(keyOf).ToDictionary(keyOf));
        var result = ImmutableArray.CreateBuilder<T>();
        foreach (var one in current)
        {
            var untouched = merged.TryGetValue(keyOf(one), out var then) && Json.Write(then) == Json.Write(one);
            if (!untouched) result.Add(one);
            else if (was.TryGetValue(keyOf(one), out var old)) result.Add(old);
        }
        var kept = current.Select(keyOf).ToHashSet();
        result.AddRange(before.Where(one => !kept.Contains(keyOf(one)) && !merged.ContainsKey(keyOf(one))));
        return result.ToImmutable();
    }
}
