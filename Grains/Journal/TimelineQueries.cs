using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Guichet.Journal;

/// <summary>What a timeline is narrowed to.</summary>
public enum TimelineTopic
{
    Everything = 0,
    Tallies = 1,
    Sessions = 2,
    Shows = 3,
    Links = 4,

    /// <summary>The organisation's settings, operators, tokens and passwords.</summary>
    Access = 5,

    /// <summary>And their reports.</summary>
    Partners = 6,

    /// <summary>And their criteria and consents' wordings.</summary>
    Contacts = 7,
}

/// <param name="Who">An operator's or token's id; <see cref="Guichet"/> for what the product did by itself; null for all.</param>
/// <param name="Kind">With <paramref name="Id"/>: one aggregate's; null for all.</param>
/// <param name="From">From this instant on.</param>
/// <param name="Until">Before this instant.</param>
/// <param name="Minor">Also what nobody needs to read to know what happened: drafts, and the product's own bookkeeping.</param>
public sealed record TimelineFilter(
    string? Who, TimelineTopic Topic, string? Kind, string? Id, DateTimeOffset? From, DateTimeOffset? Until, bool Minor)
{
    public const string Guichet = "guichet";
}

/// <summary>One command that changed something.</summary>
/// <param name="Events">JSON; the lines of a long tally are left out.</param>
/// <param name="Subject">What it was done to, by name: a session's show, a show, a series, a partner, a contact, the session of a link; null for the organisation.</param>
/// <param name="LocalStart">Of a session.</param>
/// <param name="Counterpart">Of a link.</param>
/// <param name="Elsewhere">Done by this organisation's people, written in a counterpart's journal.</param>
public sealed record TimelineLine(
    string Kind, string Id, long Sequence, DateTimeOffset At, Actor By, string Command, string Events, string Hash,
    string? Subject, DateTime? LocalStart, string? Counterpart, bool Elsewhere);

/// <param name="Next">Where the next page starts; null on the last.</param>
public sealed record TimelinePart(ImmutableArray<TimelineLine> Lines, string? Next);

/// <summary>Who did what in an organisation, newest first, from the journal. Commands that were refused or changed nothing are not on it.</summary>
public sealed class TimelineQueries(Database database)
{
    /// <param name="after">The <see cref="TimelinePart.Next"/> of the part before; one that isn't ours starts from the newest.</param>
    public async Task<TimelinePart> Read(string organisation, TimelineFilter filter, string? after, int limit, CancellationToken cancellation = default)
    {
        var cursor = Cursor.Read(after);
        var parameters = new
        {
            organisation,
            limit = limit + 1,
            who = filter.Who == TimelineFilter.Guichet ? null : filter.Who,
            guichet = filter.Who == TimelineFilter.Guichet,
            topic = (int)filter.Topic,
            kind = filter.Kind,
            id = filter.Id,
            from = filter.From?.UtcDateTime,
            until = filter.Until?.UtcDateTime,
            minor = filter.Minor,
            at = cursor?.At,
            cursorKind = cursor?.Kind,
            cursorId = cursor?.Id,
            sequence = cursor?.Sequence,
        };
        IEnumerable<Row> rows = await database.Query<Row>(organisation, Own, parameters, cancellation);
        // Their own people's acts, by the name they are written under; row-level security can't say that, so the query alone does.
        if (filter.Topic is TimelineTopic.Everything or TimelineTopic.Links && filter is { Who: not TimelineFilter.Guichet })
            rows = rows.Concat(await database.Query<Row>(Database.Everyone, Elsewhere, parameters, cancellation));
        var found = rows
            .OrderByDescending(row => row.At).ThenByDescending(row => row.Kind, StringComparer.Ordinal)
            .ThenByDescending(row => row.Id, StringComparer.Ordinal).ThenByDescending(row => row.Sequence)
            .Take(limit + 1).ToList();
        var shown = found.Take(limit).Select(row => row.ToLine(organisation)).ToImmutableArray();
        return new TimelinePart(shown, found.Count > limit ? Cursor.Of(found[limit - 1]).Write() : null);
    }

    /// <summary>Instants are read and written in microseconds, as they are stored.</summary>
    private sealed record Cursor(DateTime At, string Kind, string Id, long Sequence)
    {
        public static Cursor Of(Row row) => new(row.At, row.Kind, row.Id, row.Sequence);

        public static Cursor? Read(string? written)
        {
            if (written is null or { Length: > 300 } || !Base64Url.IsValid(written)) return null;
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(written)).Split('|');
            return parts.Length == 4
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
                && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new Cursor(new DateTime(ticks, DateTimeKind.Utc), parts[1], parts[2], sequence)
                : null;
        }

        public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.Ticks}|{Kind}|{Id}|{Sequence}")));
    }

    private sealed record Row(
        string Kind, string Id, long Sequence, DateTime At, string ActorOrganisation, string ActorId, short ActorKind, string ActorName,
        string Command, string Events, string Hash, string HeldBy, string? Subject, string? LocalStart, string? Counterpart)
    {
        public TimelineLine ToLine(string organisation) => new(
            Kind, Id, Sequence, new DateTimeOffset(DateTime.SpecifyKind(At, DateTimeKind.Utc)),
            new Actor(ActorOrganisation, ActorId, (ActorKind)ActorKind, ActorName, Role.Reader), Command, Events, Hash, Subject,
            DateTime.TryParse(LocalStart, CultureInfo.InvariantCulture, out var start) ? start : null, Counterpart, HeldBy != organisation);
    }

    private const string Narrowed = """
          AND events <> '[]'
          AND (@who::text IS NULL OR actor_id = @who)
          AND (@topic <> 1 OR (kind = 'sessions' AND command IN ('validate-tally', 'receive-tally', 'save-draft', 'discard-draft')))
          AND (@topic <> 2 OR (kind = 'sessions' AND command NOT IN ('validate-tally', 'receive-tally', 'save-draft', 'discard-draft')))
          AND (@topic <> 3 OR kind IN ('shows', 'series'))
          AND (@topic <> 4 OR kind = 'links')
          AND (@topic <> 5 OR kind = 'organisations')
          AND (@topic <> 6 OR kind IN ('partners', 'report_templates', 'report_calendars', 'letterheads', 'report_sendings'))
          AND (@topic <> 7 OR kind IN ('contacts', 'contact_settings', 'contact_retention'))
          AND (@kind::text IS NULL OR kind = @kind) AND (@id::text IS NULL OR id = @id)
          AND (@from::timestamptz IS NULL OR at >= @from) AND (@until::timestamptz IS NULL OR at < @until)
          AND (@minor OR command NOT IN ('save-draft', 'discard-draft', 'connect-outgoing', 'connect-incoming', 'change-connection',
                                         'confirm-link-settled', 'record-link-delivery', 'refresh-link-session'))
          AND (@at::timestamptz IS NULL OR (at, kind COLLATE "C", id COLLATE "C", sequence) < (@at, @cursorKind, @cursorId, @sequence))
        ORDER BY at DESC, kind COLLATE "C" DESC, id COLLATE "C" DESC, sequence DESC LIMIT @limit
        """;

    private const string Selected = """
        kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name, command,
        CASE WHEN length(events) < 20000 THEN events ELSE (events::jsonb #- '{0,tally,lines}' #- '{0,draft,lines}')::text END AS events,
        encode(hash, 'hex') AS hash, organisation AS held_by
        """;

    private const string Own = $"""
        SELECT line.*,
               CASE line.kind
                 WHEN 'sessions' THEN (SELECT shows.title FROM sessions JOIN shows ON shows.organisation = sessions.organisation AND shows.id = sessions.show_id
                                       WHERE sessions.organisation = @organisation AND sessions.id = line.id)
                 WHEN 'shows' THEN (SELECT title FROM shows WHERE organisation = @organisation AND shows.id = line.id)
                 WHEN 'series' THEN (SELECT name FROM series WHERE organisation = @organisation AND series.id = line.id)
                 WHEN 'partners' THEN (SELECT name FROM partners WHERE organisation = @organisation AND partners.id = line.id)
                 WHEN 'contacts' THEN (SELECT concat_ws(', ', name, first_name) FROM contacts WHERE organisation = @organisation AND contacts.id = line.id)
                 WHEN 'report_templates' THEN (SELECT name FROM partners WHERE organisation = @organisation AND 'partner-' || partners.id = line.id)
                 WHEN 'report_calendars' THEN (SELECT name FROM partners WHERE organisation = @organisation AND 'partner-' || partners.id = line.id)
                 WHEN 'contact_searches' THEN (SELECT name FROM contact_searches WHERE organisation = @organisation AND contact_searches.id = line.id AND shared)
                 WHEN 'links' THEN (SELECT coalesce(state -> 'session' ->> 'title', state ->> 'description') FROM links WHERE organisation = @organisation AND links.id = line.id)
               END AS subject,
               CASE WHEN line.kind = 'sessions' THEN (SELECT local_start FROM sessions WHERE organisation = @organisation AND sessions.id = line.id) END AS local_start,
               CASE WHEN line.kind = 'links' THEN (SELECT receiver_name FROM links WHERE organisation = @organisation AND links.id = line.id) END AS counterpart
        FROM (SELECT {Selected} FROM journal
              WHERE organisation = @organisation AND (NOT @guichet OR actor_kind = 2)
              {Narrowed}) AS line
        """;

    /// <summary>Only what this organisation's own people did, and of the link what both sides know.</summary>
    private const string Elsewhere = $"""
        SELECT line.*, coalesce(links.state -> 'session' ->> 'title', links.state ->> 'description') AS subject, NULL::text AS local_start,
               links.sender_name AS counterpart
        FROM (SELECT {Selected} FROM journal
              WHERE actor_organisation = @organisation AND actor_organisation <> organisation AND actor_kind <> 2 AND kind = 'links'
              {Narrowed}) AS line
        JOIN links ON links.organisation = line.held_by AND links.id = line.id AND links.receiver_organisation = @organisation
        """;
}
