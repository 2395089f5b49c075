using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>What a contact writes beside its state: what it is found by, how it is reached, what it is to others.</summary>
public static class ContactRows
{
    public static IEnumerable<Row> Of(string organisation, string id, ContactEvent happened) => happened switch
    {
        ContactCreated created => [new Named(organisation, created.Details.Name, created.Details.FirstName), new Reaches(organisation, id, created.At, ReachesOf(created.Details))],
        ContactChanged changed => [new Named(organisation, changed.Details.Name, changed.Details.FirstName), new OtherReaches(organisation, id, changed.At, ReachesOf(changed.Details))],
        ContactRelated related => [new Related(organisation, id, related.Relation)],
        ContactUnrelated gone => [new Unrelated(organisation, id, gone.Kind, gone.To)],
        ContactsMerged merged => Became(organisation, id, merged.At, merged.Before, merged.After).Prepend(new MergeStands(organisation, [.. merged.Others.Select(other => other.Id)], merged.MergeId)),
        ContactMergeUndone undone => Became(organisation, id, undone.At, undone.Before, undone.After),
        ContactAbsorbed absorbed => [new OtherReaches(organisation, id, absorbed.At, []), new Unrelated(organisation, id, null, null)],
        ContactReleased released =>
        [
            new OtherReaches(organisation, id, released.At, ReachesOf(released.Details)), .. released.Relations.Select(relation => new Related(organisation, id, relation)),
        ],
        RelationsRetargeted retargeted =>
        [
            .. retargeted.Moved.Select(moved => new Unrelated(organisation, id, moved.Was.Kind, moved.Was.To)),
            .. retargeted.Moved.Select(moved => moved.Now).OfType<ContactRelation>().Select(relation => new Related(organisation, id, relation)),
            .. retargeted.Moved.Select(moved => new MovedHere(organisation, id, moved.MergeId, true)).Distinct(),
        ],
        RelationsRestored restored =>
        [
            .. restored.Moved.Select(moved => moved.Now).OfType<ContactRelation>().Select(relation => new Unrelated(organisation, id, relation.Kind, relation.To)),
            .. restored.Moved.Select(moved => new Related(organisation, id, moved.Was)),
            new MovedHere(organisation, id, restored.MergeId, false),
        ],
        ContactErased erased => [.. erased.CarriedOut ? Array.Empty<Row>() : [new ErasureStands(organisation, id)], new Erased(organisation, id, erased), .. ContactAccountRows.Forgotten(organisation, id)],
        ContactsToldApart told => [new ToldApart(organisation, id, told.Other, told.Apart, told.By, told.At)],
        ActivitiesRecorded recorded => [new ContactActivityRows(organisation, id, recorded)],
        ContactArchived { Archived: true } => ContactAccountRows.SignedOut(organisation, id),
        SpaceEvent inSpace => ContactAccountRows.Of(organisation, id, inSpace),
        _ => [],
    };

    /// <summary>By a merge, or by one undone.</summary>
    private static IEnumerable<Row> Became(string organisation, string id, DateTimeOffset at, ContactContent before, ContactContent after) =>
    [
        new Named(organisation, after.Details.Name, after.Details.FirstName),
        new OtherReaches(organisation, id, at, ReachesOf(after.Details)),
        .. before.Relations.Where(relation => !after.Relations.Any(kept => kept.Kind == relation.Kind && kept.To == relation.To)).Select(relation => new Unrelated(organisation, id, relation.Kind, relation.To)),
        .. after.Relations.Where(relation => !before.Relations.Contains(relation)).Select(relation => new Related(organisation, id, relation)),
    ];

    /// <summary>The columns of <c>contacts</c>.</summary>
    public static object SummaryOf(ContactState state)
    {
        var details = state.Details!;
        var main = details.Addresses.FirstOrDefault(address => address.Kind == AddressKind.Main);
        return new
        {
            state.Number,
            NumberKey = state.Number.ToString(CultureInfo.InvariantCulture),
            details.Kind,
            details.Types,
            details.Title,
            details.Name,
            details.FirstName,
            NameKey = SearchKey.Of(details.Name),
            FirstKey = SearchKey.Of(details.FirstName),
            details.BirthDate,
            Email = details.Emails.FirstOrDefault(),
            Phone = details.Mobile ?? details.Phone,
            main?.Country,
            main?.Postcode,
            main?.City,
            CityKey = KeyOf(main?.City),
            Address = main is null ? null : string.Join(", ", new[] { main.Line1, main.Line2, main.Line3 }.Where(line => line is not null)),
            NatureKey = KeyOf(details.Nature),
            AdministrativeNumber = CodeOf(details.AdministrativeNumber),
            details.Iban,
            ReferenceKey = KeyOf(details.ReferenceCode),
            Criteria = state.Criteria.SelectMany(criterion => criterion.Values.Select(value => CriterionOf(criterion.Criterion, value)).Prepend(CriterionOf(criterion.Criterion, null))).ToArray(),
            state.Tags,
            TagKeys = state.Tags.Select(ContactTags.KeyOf).ToArray(),
            details.Ambassador,
            details.NotValid,
            Archived = state.Archived || state.MergedInto is not null || state.Erasure is not null,
            ErasedAt = state.Erasure?.At.UtcDateTime,
            TouchedAt = state.LastTouched.UtcDateTime,
            Held = state.Hold is not null,
            state.MergedInto,
            Client = state.IsClient,
            Account = state.Account?.Identifier,
        };
    }

    /// <summary>One value of a criterion, or that it has any.</summary>
    internal static string CriterionOf(string criterion, string? value) => value is null ? criterion : $"{criterion}:{value}";

    /// <summary>Letters and digits of it alone: <c>732 829 320 00074</c> as <c>73282932000074</c>.</summary>
    internal static string? CodeOf(string? written) =>
        KeyOf(written) is { } key ? string.Concat(key.Where(char.IsLetterOrDigit)) : null;

    private static string? KeyOf(string? written) => SearchKey.Of(written) is { Length: > 0 } key ? key : null;

    /// <summary>What a contact is reached by: e-mails as they are written too, which is how mails are found.</summary>
    private sealed record Reach(string Kind, string Key, string? Email);

    private static ImmutableArray<Reach> ReachesOf(ContactDetails details) =>
    [
        .. details.Emails.Select(email => new Reach("email", SearchKey.Of(email), email)).DistinctBy(reach => reach.Key),
        .. new[] { details.Mobile, details.Phone, details.Fax }.OfType<string>().SelectMany(phone => PhoneText.Keys(phone)).Distinct(StringComparer.Ordinal).Select(key => new Reach("phone", key, null)),
    ];

    /// <summary>In order, so that two who write the same names at once wait for one another in one direction only.</summary>
    private sealed record Named(string Organisation, string Name, string? FirstName) : AddedRow
    {
        public override Statement AddAll(IReadOnlyList<AddedRow> rows)
        {
            (string Field, string Key)[] all =
            [
                .. rows.Cast<Named>().SelectMany(row => new[] { ("name", SearchKey.Of(row.Name)), ("first", SearchKey.Of(row.FirstName)) })
                    .Where(one => one.Item2.Length > 0).Distinct().OrderBy(one => one.Item1, StringComparer.Ordinal).ThenBy(one => one.Item2, StringComparer.Ordinal),
            ];
            return new Statement(
                "INSERT INTO contact_names (organisation, field, key) SELECT $1, n.* FROM unnest($2, $3) AS n ON CONFLICT DO NOTHING",
                Organisation, all.Select(one => one.Field).ToArray(), all.Select(one => one.Key).ToArray());
        }
    }

    private sealed record Reaches(string Organisation, string Id, DateTimeOffset At, ImmutableArray<Reach> All) : AddedRow
    {
        public override Statement AddAll(IReadOnlyList<AddedRow> rows)
        {
            var all = rows.Cast<Reaches>().SelectMany(row => row.All, (row, reach) => (row.Id, row.At, Reach: reach)).ToArray();
            return new Statement(
                "INSERT INTO contact_reaches (organisation, contact_id, kind, key, email, since) SELECT $1, r.* FROM unnest($2, $3, $4, $5, $6) AS r ON CONFLICT DO NOTHING",
                Organisation, all.Select(one => one.Id).ToArray(), all.Select(one => one.Reach.Kind).ToArray(), all.Select(one => one.Reach.Key).ToArray(),
                all.Select(one => one.Reach.Email).ToArray(), all.Select(one => one.At.UtcDateTime).ToArray());
        }
    }

    private sealed record OtherReaches(string Organisation, string Id, DateTimeOffset At, ImmutableArray<Reach> All) : Row
    {
        public override Statement ToStatement() => new(
            """
            WITH now AS (SELECT r.* FROM unnest($4, $5, $6) AS r (kind, key, email)),
              gone AS (DELETE FROM contact_reaches WHERE organisation = $1 AND contact_id = $2 AND (kind, key) NOT IN (SELECT kind, key FROM now) RETURNING email, since),
              left_behind AS (INSERT INTO contact_emails_left (organisation, email, contact_id, since, until) SELECT $1, email, $2, since, $3 FROM gone WHERE email IS NOT NULL)
            INSERT INTO contact_reaches (organisation, contact_id, kind, key, email, since) SELECT $1, $2, kind, key, email, $3 FROM now ON CONFLICT DO NOTHING
            """,
            Organisation, Id, At.UtcDateTime, All.Select(reach => reach.Kind).ToArray(), All.Select(reach => reach.Key).ToArray(), All.Select(reach => reach.Email).ToArray());
    }

    private sealed record Related(string Organisation, string Id, ContactRelation Relation) : Row
    {
        public override Statement ToStatement() => new(
            "SELECT relate_contact($1, $2, $3, $4, $5::date, $6::date)",
            Organisation, Id, ContactQueries.Name(Relation.Kind), Relation.To, Iso(Relation.From), Iso(Relation.Until));

        private static string? Iso(DateOnly? day) => day is { } given ? ContactRules.Day(given) : null;
    }

    /// <summary>From one, or from all.</summary>
    private sealed record Unrelated(string Organisation, string Id, RelationKind? Kind, string? To) : Row
    {
        public override Statement ToStatement() => new(
            "DELETE FROM contact_relations WHERE organisation = $1 AND contact_id = $2 AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR other_id = $4)",
            Organisation, Id, Kind is { } kind ? ContactQueries.Name(kind) : null, To);
    }

    /// <summary>A merge of others led relations of this contact elsewhere, or no longer does: whom to ask when it is undone.</summary>
    private sealed record MovedHere(string Organisation, string Id, string MergeId, bool Moved) : Row
    {
        public override Statement ToStatement() => new(
            Moved
                ? "INSERT INTO contact_relations_moved (organisation, merge_id, contact_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
                : "DELETE FROM contact_relations_moved WHERE organisation = $1 AND merge_id = $2 AND contact_id = $3",
            Organisation, MergeId, Id);
    }

    /// <summary>What it was found and reached by, its family ties, whom it was like; and that it is erased, which lets its lines of the journal be redacted.</summary>
    /// <summary>None of the others was erased or merged elsewhere while this was decided; otherwise it isn't written.</summary>
    private sealed record MergeStands(string Organisation, string[] Others, string MergeId) : Row
    {
        public override Statement ToStatement() => new("SELECT merge_stands($1, $2, $3)", Organisation, Others, MergeId);
    }

    /// <summary>No merge concerns the contact that was decided at the same moment; otherwise it isn't written.</summary>
    private sealed record ErasureStands(string Organisation, string Id) : Row
    {
        public override Statement ToStatement() => new("SELECT erasure_stands($1, $2)", Organisation, Id);
    }

    private sealed record Erased(string Organisation, string Id, ContactErased Happened) : Row
    {
        public override Statement ToStatement() => new(
            """
            WITH reaches AS (DELETE FROM contact_reaches WHERE organisation = $1 AND contact_id = $2),
              left_behind AS (DELETE FROM contact_emails_left WHERE organisation = $1 AND contact_id = $2),
              ties AS (DELETE FROM contact_relations WHERE organisation = $1 AND contact_id = $2 AND kind NOT IN ('relay', 'member')),
              pairs AS (DELETE FROM contact_pairs WHERE organisation = $1 AND (low_id = $2 OR high_id = $2))
            INSERT INTO contact_erasures (organisation, contact_id, number, erased_at, ground, again) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
            """,
            Organisation, Id, Happened.Number, Happened.ErasedAt.UtcDateTime, ContactQueries.Name(Happened.Ground), Happened.Again ? Happened.At.UtcDateTime : (DateTime?)null);
    }

    private sealed record ToldApart(string Organisation, string Id, string Other, bool Apart, string By, DateTimeOffset At) : Row
    {
        public override Statement ToStatement() => new(
            """
            UPDATE contact_pairs SET dismissed_by = CASE WHEN $4 THEN $5 END, dismissed_at = CASE WHEN $4 THEN $6::timestamptz END
            WHERE organisation = $1 AND low_id = least($2 COLLATE "C", $3 COLLATE "C") AND high_id = greatest($2 COLLATE "C", $3 COLLATE "C")
            """,
            Organisation, Id, Other, Apart, By, At.UtcDateTime);
    }
}
