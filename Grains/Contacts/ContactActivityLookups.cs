using System.Collections.Frozen;
using Guichet.Journal;
using Npgsql;

namespace Guichet.Contacts;

/// <summary>How a till that doesn't know ids names a contact: by one of the three.</summary>
public sealed record ContactName(long? Number, string? Reference, string? Email)
{
    public override string ToString() => Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Reference ?? Email ?? "";
}

public sealed record NamedContact(string Id, long Number);

/// <summary>What contacts read before they decide on what a till tells.</summary>
public sealed class ContactActivityLookups(Database database)
{
    /// <exception cref="TryAgainException">The database doesn't answer.</exception>
    internal async Task<ActivityFacts> FactsOf(string organisation, string contact, RecordActivities command)
    {
        if (command.Activities.IsDefaultOrEmpty || command.Activities.Length > RecordActivities.Most) return ActivityFacts.None;
        // What can't be a name of an activity is known to nobody, and refused by the core.
        var named = command.Activities.Select(activity => activity.Key)
            .Concat(command.Activities.Where(activity => activity.Content is Cancellation).Select(activity => new ActivityKey(activity.Source, ((Cancellation)activity.Content).Of)))
            .Where(key => IsPlain(key.Source) && IsPlain(key.ExternalId)).Distinct().ToArray();
        const string sql = """
            WITH named AS MATERIALIZED (SELECT n.source, n.external_id FROM unnest(@sources, @ids) AS n (source, external_id)),
              found AS (
                SELECT a.* FROM named n JOIN contact_activities a ON a.organisation = @organisation AND a.source = n.source AND a.external_id = n.external_id
                UNION
                SELECT a.* FROM named n JOIN contact_activities a ON a.organisation = @organisation AND a.source = n.source AND a.of_purchase = n.external_id)
            SELECT f.source, f.external_id, f.contact_id IN (SELECT contact_ids(@organisation, @contact)) AS own, f.revision, f.occurred_at, f.content, f.hash FROM found f
            """;
        try
        {
            var rows = await database.Query<KnownRecord>(organisation, sql, new { organisation, contact, sources = named.Select(key => key.Source).ToArray(), ids = named.Select(key => key.ExternalId).ToArray() });
            return new ActivityFacts(rows.Select(row => row.ToKnown()).ToFrozenDictionary(known => known.Activity.Key));
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"Activities of contacts/{organisation}/{contact} can't be read: {failure.Message}");
        }
    }

    /// <summary>Whom each name means; in no order. One in the archive is meant only where nobody else is.</summary>
    public async Task<ILookup<ContactName, NamedContact>> Resolve(string organisation, IReadOnlyCollection<ContactName> names, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT n.place, c.id, c.number, c.archived FROM unnest(@numbers, @numberPlaces) AS n (number, place) JOIN contacts c ON c.organisation = @organisation AND c.number = n.number
            UNION ALL
            SELECT n.place, c.id, c.number, c.archived FROM unnest(@references, @referencePlaces) AS n (key, place) JOIN contacts c ON c.organisation = @organisation AND c.reference_key = n.key COLLATE "C"
            UNION ALL
            SELECT n.place, c.id, c.number, c.archived FROM unnest(@emails, @emailPlaces) AS n (key, place)
              JOIN contact_reaches r ON r.organisation = @organisation AND r.kind = 'email' AND r.key = n.key COLLATE "C" JOIN contacts c ON c.organisation = @organisation AND c.id = r.contact_id
            """;
        ContactName[] all = [.. names];
        var numbered = all.Select((name, i) => (Name: name, Place: i)).ToLookup(one => one.Name.Number is not null ? "number" : one.Name.Reference is not null ? "reference" : "email");
        var rows = await database.Query<NamedRecord>(organisation, sql, new
        {
            organisation,
            numbers = numbered["number"].Select(one => one.Name.Number!.Value).ToArray(),
            numberPlaces = numbered["number"].Select(one => one.Place).ToArray(),
            references = numbered["reference"].Select(one => SearchKey.Of(one.Name.Reference)).ToArray(),
            referencePlaces = numbered["reference"].Select(one => one.Place).ToArray(),
            emails = numbered["email"].Select(one => SearchKey.Of(one.Name.Email)).ToArray(),
            emailPlaces = numbered["email"].Select(one => one.Place).ToArray(),
        }, cancellation);
        return rows.GroupBy(row => row.Place).SelectMany(found => found.Any(row => !row.Archived) ? found.Where(row => !row.Archived) : found)
            .ToLookup(row => all[row.Place], row => new NamedContact(row.Id, row.Number));
    }

    private sealed record NamedRecord(int Place, string Id, long Number, bool Archived);

    private static bool IsPlain(string? text) => text is { Length: > 0 and <= ContactActivityRules.LongestId } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private sealed record KnownRecord(string Source, string External_Id, bool Own, int Revision, DateTime Occurred_At, string Content, string Hash)
    {
        public KnownActivity ToKnown() => new(
            Own, new ContactActivity(Source, External_Id, Revision, new DateTimeOffset(DateTime.SpecifyKind(Occurred_At, DateTimeKind.Utc)), Json.Read<ActivityContent>(Content)), Hash);
    }
}
