using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;

namespace Guichet.Notifications;

/// <summary>Tells an organisation's operators something, on their screens. The sentence is made from the code in each reader's language.</summary>
/// <param name="ForOrganisation">Need not be the one that decided it.</param>
/// <param name="Path">The page it leads to, from the root: <c>/links/…</c>.</param>
[Alias("notify")]
public sealed record Notify(string ForOrganisation, string Code, ImmutableArray<string> Arguments, string Path) : Effect;

/// <summary>Written under the effect's id, so that once more changes nothing.</summary>
public sealed class NotifyHandler(Database database, IClusterClient cluster, TimeProvider time) : IEffectHandler<Notify>
{
    public async Task Do(Notify effect, EffectContext context, CancellationToken cancellation)
    {
        var id = Ids.From(context.FirstDue, context.Id.ToString("N"));
        await database.Execute(effect.ForOrganisation, Insert, new
        {
            organisation = effect.ForOrganisation,
            id,
            at = context.FirstDue,
            code = effect.Code,
            arguments = Json.Write(effect.Arguments),
            path = effect.Path,
        }, cancellation);
        var unread = await database.QueryFirst<int>(effect.ForOrganisation, NotificationQueries.CountUnread, new { organisation = effect.ForOrganisation }, cancellation);
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(effect.ForOrganisation)
            .OnNextAsync(new NotificationAdded(effect.ForOrganisation, time.GetUtcNow(), id, unread));
    }

    private const string Insert = """
        INSERT INTO notifications (organisation, id, at, code, arguments, path)
        VALUES (@organisation, @id, @at, @code, @arguments::jsonb, @path)
        ON CONFLICT DO NOTHING
        """;
}
