using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Sessions;

namespace Guichet.Links;

public enum LinkSort
{
    /// <summary>What waits for this organisation's answer, then by the last change, newest first.</summary>
    Attention = 0,
    Since = 1,
    SessionStart = 2,
    Title = 3,
    Counterpart = 4,
    Status = 5,
}

/// <param name="Side">On which side this organisation is; null for both.</param>
/// <param name="Statuses">Empty for all.</param>
/// <param name="Search">Words of the session, its place, its description or the counterpart; blind to case and accents.</param>
/// <param name="Session">The id of one of this organisation's sessions.</param>
/// <param name="ToAnswer">Only requests that wait for this organisation's answer.</param>
public sealed record LinkFilter(
    LinkSide? Side = null, ImmutableArray<LinkStatus> Statuses = default, string? Search = null, string? Session = null,
    LinkSort Sort = LinkSort.Attention, bool Descending = false, int Offset = 0, int Limit = 100, bool ToAnswer = false);

/// <summary>How far the figures of a live link have come.</summary>
/// <param name="SentVersion">The sender's current version; 0 when it has none yet.</param>
/// <param name="ReceivedVersion">The last of them at the receiver.</param>
/// <param name="LagMs">Of that one; null before the first.</param>
public sealed record LinkProgress(int SentVersion, int ReceivedVersion, long? LagMs)
{
    public bool IsBehind => ReceivedVersion < SentVersion;
}

/// <param name="Link">Without its history.</param>
/// <param name="Progress">Null unless the link is live.</param>
public sealed record LinkRow(LinkView Link, LinkProgress? Progress);

/// <summary>How many there are of each, for the tabs above the list.</summary>
public sealed record LinkCounts(int All, int Sending, int Receiving, int ToAnswer, int Live);

public sealed record LinkList(ImmutableArray<LinkRow> Rows, int Count);

/// <summary>An organisation that can be asked.</summary>
public sealed record Counterpart(string Id, string Name, string? City);

/// <summary>A session of the receiver's own that the tallies may be meant for.</summary>
/// <param name="SameTitle">The titles are one, but for case and accents.</param>
public sealed record SessionMatch(SessionCard Session, bool SameTitle, bool SameDay, bool SamePlace)
{
    /// <summary>Sure enough to be proposed first.</summary>
    public bool IsLikely => SameDay && (SameTitle || SamePlace);
}

/// <summary>Where the sweep has work, and where it goes on from.</summary>
public sealed record LinkPlace(string Organisation, string Id)
{
    public static readonly LinkPlace First = new("", "");
}

/// <summary>Lists of links, and what is looked up across organisations for them, each narrowed to what the asker may know.</summary>
public sealed class LinkQueries(Database database, TimeProvider time) : ILinkLookups
{
    private const string Mine = """
        WITH mine AS (
          SELECT l.*, CASE WHEN l.organisation = @organisation THEN 'sender' ELSE 'receiver' END AS side,
                 CASE WHEN l.status = 'requested' AND l.expires_at <= @now THEN 'expired' ELSE l.status END AS status_now
          FROM links l
          WHERE l.organisation = @organisation OR l.receiver_organisation = @organisation)
        """;

    public Task NoteLetter(string sender, Guid id, SentLetter letter) => database.Execute(sender, """
        INSERT INTO sent_letters (organisation, id, email, at, subject, link_id, refused) VALUES (@sender, @id, @Email, @at, @Subject, @LinkId, @Refused)
        ON CONFLICT (organisation, id) DO UPDATE SET refused = excluded.refused
        """, new { sender, id, letter.Email, at = time.GetUtcNow().UtcDateTime, letter.Subject, letter.LinkId, letter.Refused });

    public async Task<LinkList> List(string organisation, LinkFilter filter, CancellationToken cancellation = default)
    {
        const string where = """
            WHERE (@side::text IS NULL OR side = @side)
              AND (cardinality(@statuses) = 0 OR status_now = ANY (@statuses))
              AND (@session::text IS NULL OR CASE side WHEN 'sender' THEN sender_session ELSE receiver_session END = @session)
              AND (NOT @toAnswer OR (status_now = 'requested' AND asked_by <> side))
              AND (cardinality(@words) = 0 OR search LIKE ALL (@words))
            """;
        var sql = $"""
            {Mine}
            SELECT count(*)::integer FROM mine {where};
            {Mine}
            SELECT organisation, id, side, jsonb_set(state, ARRAY['history'], '[]')::text AS state FROM mine {where}
            ORDER BY {OrderOf(filter)} LIMIT @limit OFFSET @offset
            """;
        var parameters = new
        {
            organisation,
            now = time.GetUtcNow(),
            side = filter.Side is { } side ? NameOf(side) : null,
            statuses = filter.Statuses.IsDefault ? [] : filter.Statuses.Select(NameOf).ToArray(),
            session = filter.Session,
            toAnswer = filter.ToAnswer,
            words = SearchWords.Patterns(filter.Search),
            limit = Math.Clamp(filter.Limit, 1, 1_000),
            offset = Math.Max(0, filter.Offset),
        };
        var (count, records) = await database.QueryMany(organisation, sql, parameters, async results =>
            (await results.ReadSingleAsync<int>(), (await results.ReadAsync<LinkRecord>()).ToImmutableArray()), cancellation);
        var progress = await Progress(organisation, records.Select(record => new LinkPlace(record.Organisation, record.Id)), cancellation);
        var now = time.GetUtcNow();
        return new LinkList([.. records.Select(record => new LinkRow(
            LinkViews.Of(Json.Read<LinkState>(record.State), record.Id, record.Side == "sender" ? LinkSide.Sender : LinkSide.Receiver, now),
            progress.GetValueOrDefault(record.Id)))], count);
    }

    public async Task<LinkCounts> Counts(string organisation, CancellationToken cancellation = default)
    {
        var sql = $"""
            {Mine}
            SELECT count(*)::integer AS every, count(*) FILTER (WHERE side = 'sender')::integer AS sending, count(*) FILTER (WHERE side = 'receiver')::integer AS receiving,
                   count(*) FILTER (WHERE status_now = 'requested' AND asked_by <> side)::integer AS to_answer,
                   count(*) FILTER (WHERE status_now = 'accepted')::integer AS live
            FROM mine
            """;
        var counts = await database.QueryFirst<CountsRecord>(organisation, sql, new { organisation, now = time.GetUtcNow() }, cancellation);
        return new LinkCounts(counts!.Every, counts.Sending, counts.Receiving, counts.To_Answer, counts.Live);
    }

    /// <summary>The key of a link's grain by the link's id; null when this organisation is no party to such a link.</summary>
    public async Task<string?> Key(string organisation, string linkId, CancellationToken cancellation = default) =>
        await database.QueryFirst<string>(organisation, """
            SELECT organisation FROM links WHERE id = @linkId AND (organisation = @organisation OR receiver_organisation = @organisation)
            """, new { organisation, linkId }, cancellation) is { } sender
            ? GrainKey.Of(sender, linkId)
            : null;

    /// <summary>
    /// How far each of these live links has come, for either party. It compares the two sessions, of which each party may see one: no more
    /// than the two version numbers and the delay is read, and of links that this organisation is a party to.
    /// </summary>
    public async Task<ImmutableDictionary<string, LinkProgress>> Progress(string organisation, IEnumerable<LinkPlace> links, CancellationToken cancellation = default)
    {
        var places = links.ToArray();
        if (places.Length == 0) return ImmutableDictionary<string, LinkProgress>.Empty;
        var rows = await database.Query<ProgressRecord>(Database.Everyone, """
            SELECT l.id, s.tally_version AS sent,
                   CASE WHEN l.delivery IS NOT NULL THEN l.delivered_version ELSE coalesce(r.incoming_version, 0) END AS received,
                   CASE WHEN l.delivery IS NOT NULL THEN (l.state -> 'outside' ->> 'lagMs')::bigint ELSE r.lag_ms END AS lag_ms
            FROM links l
            JOIN sessions s ON s.organisation = l.organisation AND s.id = l.sender_session
            LEFT JOIN sessions r ON r.organisation = l.receiver_organisation AND r.id = l.receiver_session AND r.incoming_link = l.id
            WHERE (l.organisation = @organisation OR l.receiver_organisation = @organisation) AND l.status = 'accepted'
              AND l.delivery IS DISTINCT FROM 'address'
              AND (l.organisation, l.id) IN (SELECT * FROM unnest(@organisations, @ids))
            """, new { organisation, organisations = places.Select(place => place.Organisation).ToArray(), ids = places.Select(place => place.Id).ToArray() }, cancellation);
        return rows.ToImmutableDictionary(row => row.Id, row => new LinkProgress(row.Sent, row.Received, row.Lag_Ms));
    }

    /// <summary>Organisations that want to be found, by their name or city, and those that there was a link with before.</summary>
    public async Task<ImmutableArray<Counterpart>> Counterparts(string organisation, string? search, int limit, CancellationToken cancellation = default) =>
        [.. await database.Query<Counterpart>(organisation, $"""
            SELECT id, name, city FROM listed_organisations
            WHERE id <> @organisation AND (cardinality(@words) = 0 OR search LIKE ALL (@words))
            ORDER BY (SELECT count(*) FROM links l
                      WHERE (l.organisation = @organisation AND l.receiver_organisation = listed_organisations.id)
                         OR (l.organisation = listed_organisations.id AND l.receiver_organisation = @organisation)) DESC, name {Alphabetical.Order}, id
            LIMIT @limit
            """, new { organisation, words = SearchWords.Patterns(search), limit }, cancellation)];

    /// <summary>What a sender lists for another to ask for: title, date and place, and nothing else of it. Not what that one receives or has asked for.</summary>
    public async Task<ImmutableArray<SessionCard>> Shareable(string sender, string receiver, string? search, int limit, CancellationToken cancellation = default) =>
        await Cards(sender, """
            AND s.shareable AND s.start_at >= @recent
            AND NOT EXISTS (
              SELECT FROM links l WHERE l.organisation = s.organisation AND l.sender_session = s.id AND l.receiver_organisation = @receiver
                AND (l.status IN ('accepted', 'suspended') OR (l.status = 'requested' AND l.expires_at > @now)))
            """, search, null, limit, cancellation, receiver);

    /// <summary>This organisation's own sessions that may be sent, those to come first.</summary>
    public async Task<ImmutableArray<SessionCard>> Sendable(string organisation, string? search, int limit, CancellationToken cancellation = default) =>
        await Cards(organisation, "", search, null, limit, cancellation);

    /// <summary>This organisation's own sessions that may receive: those that neither send nor receive.</summary>
    public async Task<ImmutableArray<SessionCard>> Receivable(string organisation, string? search, int limit, CancellationToken cancellation = default) =>
        await Cards(organisation, """
            AND s.outgoing_count = 0
            """, search, null, limit, cancellation);

    /// <summary>Which of its own sessions a receiver may mean, the likeliest first.</summary>
    public async Task<ImmutableArray<SessionMatch>> Matches(string organisation, SessionCard session, int limit, CancellationToken cancellation = default)
    {
        var rows = await database.Query<MatchRecord>(organisation, """
            WITH candidates AS (
              SELECT s.id, h.title, s.local_start, s.zone, s.place, s.start_at,
                     folded(h.title) = folded(@title) AS same_title,
                     left(s.local_start, 10) = @day AS same_day,
                     folded(s.place) = folded(@place) AS same_place,
                     similarity(folded(h.title), folded(@title)) AS likeness
              FROM sessions s JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
              WHERE s.organisation = @organisation AND s.status <> 'cancelled'
                AND coalesce(s.incoming_state, 'ended') = 'ended'
                AND s.outgoing_count = 0)
            SELECT id, title, local_start, zone, place, same_title, same_day, same_place FROM candidates
            WHERE same_day OR same_title OR likeness > 0.4
            ORDER BY same_day::integer * 4 + same_title::integer * 4 + same_place::integer * 2 + likeness DESC, start_at, id
            LIMIT @limit
            """, new { organisation, title = session.Title, day = session.LocalStart.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), place = session.Place, limit }, cancellation);
        return [.. rows.Select(row => new SessionMatch(
            new SessionCard(row.Id, row.Title, Columns.Local(row.Local_Start), row.Zone, row.Place), row.Same_Title, row.Same_Day, row.Same_Place))];
    }

    public Task<string?> Secret(string sender, string linkId, CancellationToken cancellation = default) => database.QueryFirst<string>(
        sender, "SELECT secret FROM link_secrets WHERE organisation = @sender AND link_id = @linkId", new { sender, linkId }, cancellation);

    /// <summary>Whose link the token of an address stands for; null for a token that stands for none, or not any more.</summary>
    public Task<LinkPlace?> ByToken(string token, CancellationToken cancellation = default) => database.QueryFirst<LinkPlace>(
        Database.Everyone, "SELECT organisation, link_id AS id FROM link_secrets WHERE token_hash = @hash", new { hash = LinkSecretRow.HashOf(token) }, cancellation);

    /// <summary>How many live links have a receiver that hasn't the sender's version yet.</summary>
    public Task<int> CountBehind(CancellationToken cancellation = default) =>
        database.QueryFirst<int>(Database.Everyone, $"SELECT count(*)::integer {BehindFrom}", null, cancellation);

    public async Task<ImmutableDictionary<string, PartyFacts>> Parties(string asker, string sender, string? receiver)
    {
        var rows = await database.Query<PartyRecord>(Database.Everyone, """
            SELECT o.organisation, o.name, o.organisation = @asker OR o.listed OR EXISTS (
              SELECT FROM links l
              WHERE (l.organisation = @asker AND l.receiver_organisation = o.organisation) OR (l.organisation = o.organisation AND l.receiver_organisation = @asker)) AS reachable
            FROM organisations o WHERE o.organisation IN (@sender, @receiver)
            """, new { asker, sender, receiver });
        return rows.ToImmutableDictionary(row => row.Organisation, row => new PartyFacts(row.Organisation, row.Name, row.Reachable));
    }

    public Task<string?> OpenLink(string sender, string session, string receiver, string except) => database.QueryFirst<string>(sender, """
        SELECT id FROM links
        WHERE organisation = @sender AND sender_session = @session AND receiver_organisation = @receiver AND id <> @except
          AND (status IN ('accepted', 'suspended') OR (status = 'requested' AND expires_at > @now))
        ORDER BY since LIMIT 1
        """, new { sender, session, receiver, except, now = time.GetUtcNow() });

    public Task<string?> ShowByTitle(string organisation, string title) => database.QueryFirst<string>(organisation, """
        SELECT id FROM shows WHERE organisation = @organisation AND folded(title) = folded(@title) AND NOT archived ORDER BY id LIMIT 1
        """, new { organisation, title });

    public async Task<bool> ClaimSweep(DateTimeOffset now, TimeSpan period) =>
        await database.Execute(Database.Everyone, "UPDATE link_sweeps SET swept_at = @now WHERE swept_at <= @before", new { now, before = now - period }) > 0;

    public Task<IReadOnlyList<LinkPlace>> Expired(LinkPlace after, int limit, CancellationToken cancellation) => Places("""
        SELECT organisation, id FROM links WHERE status = 'requested' AND expires_at <= @now AND (organisation, id) > (@after, @afterId)
        """, after, limit, cancellation);

    public Task<IReadOnlyList<LinkPlace>> Unsettled(LinkPlace after, int limit, CancellationToken cancellation) => Places("""
        SELECT organisation, id FROM links WHERE settled_order < settling_order AND (organisation, id) > (@after, @afterId)
        """, after, limit, cancellation);

    public Task<IReadOnlyList<LinkPlace>> Undelivered(LinkPlace after, int limit, CancellationToken cancellation) => Places("""
        SELECT l.organisation, l.id FROM links l JOIN sessions s ON s.organisation = l.organisation AND s.id = l.sender_session
        WHERE l.status = 'accepted' AND l.delivery = 'webhook' AND l.delivered_version < s.tally_version AND (l.organisation, l.id) > (@after, @afterId)
        """, after, limit, cancellation);

    public Task<IReadOnlyList<BehindLink>> Behind(LinkPlace after, int limit, CancellationToken cancellation) => database.Query<BehindLink>(Database.Everyone, $"""
        SELECT l.organisation, l.id, l.sender_session AS session {BehindFrom} AND (l.organisation, l.id) > (@after, @afterId)
        ORDER BY l.organisation, l.id LIMIT @limit
        """, new { after = after.Organisation, afterId = after.Id, limit }, cancellation);

    public async Task<IReadOnlyList<OutdatedLink>> Outdated(LinkPlace after, int limit, CancellationToken cancellation)
    {
        var rows = await database.Query<OutdatedRecord>(Database.Everyone, """
            SELECT l.organisation, l.id, s.id AS session, h.title, s.local_start, s.zone, s.place
            FROM links l
            JOIN sessions s ON s.organisation = l.organisation AND s.id = l.sender_session
            JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            WHERE l.status IN ('requested', 'accepted') AND (l.organisation, l.id) > (@after, @afterId)
              AND (h.title, s.local_start, s.zone, s.place) IS DISTINCT FROM
                  (l.state -> 'session' ->> 'title', l.state -> 'session' ->> 'localStart', l.state -> 'session' ->> 'zone', l.state -> 'session' ->> 'place')
            ORDER BY l.organisation, l.id LIMIT @limit
            """, new { after = after.Organisation, afterId = after.Id, limit }, cancellation);
        return [.. rows.Select(row => new OutdatedLink(
            new LinkPlace(row.Organisation, row.Id), new SessionCard(row.Session, row.Title, Columns.Local(row.Local_Start), row.Zone, row.Place)))];
    }

    private const string BehindFrom = """
        FROM links l
        JOIN sessions s ON s.organisation = l.organisation AND s.id = l.sender_session
        JOIN sessions r ON r.organisation = l.receiver_organisation AND r.id = l.receiver_session
        WHERE l.status = 'accepted' AND r.incoming_link = l.id AND r.incoming_state = 'live' AND r.incoming_version < s.tally_version
        """;

    private Task<IReadOnlyList<LinkPlace>> Places(string sql, LinkPlace after, int limit, CancellationToken cancellation) => database.Query<LinkPlace>(
        Database.Everyone, $"{sql}\nORDER BY organisation, id LIMIT @limit", new { now = time.GetUtcNow(), after = after.Organisation, afterId = after.Id, limit }, cancellation);

    private async Task<ImmutableArray<SessionCard>> Cards(string organisation, string and, string? search, string? id, int limit, CancellationToken cancellation, string? receiver = null)
    {
        var now = time.GetUtcNow();
        var rows = await database.Query<CardRecord>(organisation, $"""
            SELECT s.id, h.title, s.local_start, s.zone, s.place
            FROM sessions s JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            WHERE s.organisation = @organisation AND s.status <> 'cancelled' AND coalesce(s.incoming_state, 'ended') = 'ended' {and}
              AND (@id::text IS NULL OR s.id = @id)
              AND (cardinality(@words) = 0 OR h.search || ' ' || folded(s.place) LIKE ALL (@words))
            ORDER BY s.start_at < @recent, abs(extract(epoch FROM s.start_at - @recent)), s.id
            LIMIT @limit
            """, new { organisation, id, receiver, now, recent = now.AddDays(-1), words = SearchWords.Patterns(search), limit }, cancellation);
        return [.. rows.Select(row => new SessionCard(row.Id, row.Title, Columns.Local(row.Local_Start), row.Zone, row.Place))];
    }

    private static string OrderOf(LinkFilter filter)
    {
        var direction = filter.Descending ? "DESC NULLS LAST" : "ASC NULLS FIRST";
        return filter.Sort switch
        {
            LinkSort.Since => $"since {direction}, id",
            LinkSort.SessionStart => $"state -> 'session' ->> 'localStart' {direction}, id",
            LinkSort.Title => $"coalesce(state -> 'session' ->> 'title', state ->> 'description') {Alphabetical.Order} {direction}, id",
            LinkSort.Counterpart => $"(CASE side WHEN 'sender' THEN receiver_name ELSE sender_name END) {Alphabetical.Order} {direction}, id",
            LinkSort.Status => $"array_position(ARRAY['requested', 'accepted', 'suspended', 'refused', 'withdrawn', 'expired', 'cancelled'], status_now) {direction}, since DESC, id",
            _ => "(status_now = 'requested' AND asked_by <> side) DESC, status_now IN ('requested', 'accepted', 'suspended') DESC, since DESC, id",
        };
    }

    private static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private sealed record LinkRecord(string Organisation, string Id, string Side, string State);

    private sealed record CountsRecord(int Every, int Sending, int Receiving, int To_Answer, int Live);

    private sealed record ProgressRecord(string Id, int Sent, int Received, long? Lag_Ms);

    private sealed record PartyRecord(string Organisation, string Name, bool Reachable);

    private sealed record CardRecord(string Id, string Title, string Local_Start, string Zone, string Place);

    private sealed record MatchRecord(string Id, string Title, string Local_Start, string Zone, string Place, bool Same_Title, bool Same_Day, bool Same_Place);

    private sealed record OutdatedRecord(string Organisation, string Id, string Session, string Title, string Local_Start, string Zone, string Place);
}
