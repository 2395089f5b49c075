using System.Collections.Concurrent;
using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>What is done to many contacts at once.</summary>
/// <param name="AddTags">As <see cref="TagContact"/> takes them, as is the next.</param>
/// <param name="Criterion">A criterion whose values are given to each, in place of those it had; null for none.</param>
/// <param name="Values">None takes the criterion from each.</param>
public sealed record BulkChange(ImmutableArray<string> AddTags, ImmutableArray<string> RemoveTags, string? Criterion, ImmutableArray<string> Values)
{
    public bool IsNothing => AddTags.IsDefaultOrEmpty && RemoveTags.IsDefaultOrEmpty && string.IsNullOrEmpty(Criterion);
}

/// <param name="Refusal">Why it wasn't changed; null where it was, or had nothing to change.</param>
public sealed record BulkResult(string Id, Refusal? Refusal);

/// <summary>What a change will do.</summary>
/// <param name="Picked">Contacts that exist.</param>
/// <param name="Tagged">Those of them that a tag is put on or taken off.</param>
/// <param name="Classified">Those that have other values of the criterion now.</param>
public sealed record BulkPreview(int Picked, int Tagged, int Classified);

/// <summary>The same edit of many contacts: a command each, with an id made from the bulk's, so that doing it again does nothing twice.</summary>
public sealed class ContactBulk(ContactQueries contacts, IGrainFactory grains, Database database, TimeProvider time)
{
    /// <summary>Contacts in one request; more are a job (<see cref="ContactBulkWork"/>).</summary>
    public const int Most = 1_000;

    /// <summary>Of those that a search finds, so many are looked at to say what a change will do.</summary>
    public const int MostPreviewed = 20_000;

    private const int AtOnce = 16;

    /// <summary>Everything that is wrong with a change, before anything is done.</summary>
    public static ImmutableArray<Refusal> Check(BulkChange change)
    {
        if (change.IsNothing) return [Refusal.Of("bulk-nothing")];
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        ContactTags.Cleaned(change.AddTags, "add", wrong);
        ContactTags.Cleaned(change.RemoveTags, "remove", wrong);
        if (!string.IsNullOrEmpty(change.Criterion) && (!ContactRules.IsCode(change.Criterion) || (!change.Values.IsDefault && change.Values.Any(value => !ContactRules.IsCode(value)))))
            wrong.Add(Refusal.Of("criterion-invalid", "criterion"));
        return wrong.ToImmutable();
    }

    public async Task<BulkPreview> Preview(string organisation, IReadOnlyCollection<string> ids, BulkChange change, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT count(*)::integer AS picked,
              (count(*) FILTER (WHERE NOT coalesce(tag_keys, '{}') @> @add OR coalesce(tag_keys, '{}') && @remove))::integer AS tagged,
              (count(*) FILTER (WHERE @criterion <> '' AND NOT (
                coalesce(criteria, '{}') @> @values AND cardinality(@values) = (SELECT count(*) FROM unnest(criteria) AS had (value) WHERE had.value = @criterion OR starts_with(had.value, @criterion || ':')))))::integer AS classified
            FROM contacts WHERE organisation = @organisation AND id = ANY (@ids) AND name IS NOT NULL
            """;
        var gone = Keys(change.RemoveTags);
        return (await database.QueryFirst<BulkPreview>(organisation, sql, new
        {
            organisation,
            ids = ids.ToArray(),
            add = Keys(change.AddTags).Except(gone).ToArray(),
            remove = gone,
            criterion = change.Criterion ?? "",
            values = string.IsNullOrEmpty(change.Criterion) || change.Values.IsDefaultOrEmpty
                ? []
                : change.Values.Distinct().Select(value => ContactRows.CriterionOf(change.Criterion, value)).Prepend(change.Criterion).ToArray(),
        }, cancellation))!;
    }

    /// <summary>The same of all that a search finds, or of the first <see cref="MostPreviewed"/>; and whether there are more.</summary>
    public async Task<(BulkPreview Preview, bool More)> Preview(string organisation, ContactFilter filter, DateOnly today, BulkChange change, CancellationToken cancellation = default)
    {
        var (sum, after) = (new BulkPreview(0, 0, 0), (long?)null);
        while (true)
        {
            var page = await contacts.IdsOf(organisation, filter, today, after, Most, cancellation);
            if (page.Length > 0 && sum.Picked >= MostPreviewed) return (sum, true);
            var part = await Preview(organisation, [.. page.Select(contact => contact.Id)], change, cancellation);
            sum = new BulkPreview(sum.Picked + part.Picked, sum.Tagged + part.Tagged, sum.Classified + part.Classified);
            if (page.Length < Most) return (sum, false);
            after = page[^1].Number;
        }
    }

    /// <summary>
    /// Edits each; what one refuses doesn't hold up the others. Sent again with the same id, whether or not it came to its end, it goes on
    /// where it was and answers the same.
    /// </summary>
    /// <param name="bulk">Chosen once for the whole.</param>
    /// <param name="ids">Each once, in any order.</param>
    /// <returns>One for each id, in no order.</returns>
    public async Task<ImmutableArray<BulkResult>> Apply(Guid bulk, IReadOnlyCollection<string> ids, BulkChange change, Actor by, CancellationToken cancellation = default)
    {
        if (Check(change) is { IsEmpty: false } wrong) return [.. ids.Select(id => new BulkResult(id, wrong[0]))];
        var results = new ConcurrentBag<BulkResult>();
        await Parallel.ForEachAsync(ids.Distinct(StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (id, _) =>
            results.Add(new BulkResult(id, Ids.IsValid(id) ? await Edit(bulk, id, change, by) : Refusal.Of("contact-unknown"))));
        return [.. results];
    }

    private async Task<Refusal?> Edit(Guid bulk, string id, BulkChange change, Actor by)
    {
        using var caller = Caller.As(by);
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(by.Organisation, id));
        if (!change.AddTags.IsDefaultOrEmpty || !change.RemoveTags.IsDefaultOrEmpty)
        {
            var tag = new TagContact(change.AddTags, change.RemoveTags) { Id = Command("tag"), By = by };
            if (await time.Send(() => contact.Tag(tag)) is { IsRefused: true } refused) return refused.Refusals[0];
        }
        if (!string.IsNullOrEmpty(change.Criterion))
        {
            var classify = new ClassifyContact(change.Criterion, change.Values) { Id = Command("classify"), By = by };
            if (await time.Send(() => contact.Classify(classify)) is { IsRefused: true } refused) return refused.Refusals[0];
        }
        return null;

        Guid Command(string act) => CommandIds.From(by.Organisation, "contacts", "bulk", bulk.ToString("N"), act, id);
    }

    private static string[] Keys(ImmutableArray<string> tags) => tags.IsDefault ? [] : [.. tags.Select(ContactTags.KeyOf).Where(key => key.Length > 0).Distinct()];
}
