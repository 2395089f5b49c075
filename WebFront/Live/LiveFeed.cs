using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Guichet.Feed;
using Guichet.Words;

namespace Guichet.Live;

/// <summary>
/// The events of one organisation on this node: numbered, the last few kept for pages that were away, handed to every open page.
/// Nothing here waits for a page: one that doesn't read falls out of its buffer and is told to fetch itself again.
/// </summary>
/// <param name="epoch">Unlike that of any other feed, of this node or another, so that a number of elsewhere is never taken for one of here.</param>
/// <param name="since">Before it was subscribed: pages that it serves have read all that was committed until then.</param>
internal sealed class LiveFeed(string epoch, DateTimeOffset since, Func<Language, Formats> formatsOf)
{
    /// <summary>Events a page may have missed, or may leave unread, before it is told to fetch itself again.</summary>
    public const int Kept = 256;

    private readonly Lock gate = new();
    private readonly LiveEvent[] ring = new LiveEvent[Kept];
    private readonly List<LivePage> pages = [];
    /// <summary>The last version of each session's figures that came by.</summary>
    private readonly Dictionary<string, int> versions = new(StringComparer.Ordinal);
    private long last;

    public DateTimeOffset Since => since;

    /// <summary>Where the feed is now: what a page that reads its figures after this call is up to date with.</summary>
    public string Position
    {
        get
        {
            lock (gate)
                return Id(last);
        }
    }

    public int PageCount
    {
        get
        {
            lock (gate)
                return pages.Count;
        }
    }

    public void Publish(FeedEvent happened)
    {
        lock (gate)
        {
            if (happened is SignedOut signedOut)
            {
                foreach (var page in pages)
                    if (page.Concerns(signedOut))
                        page.End();
                return;
            }
            if (happened is SessionFiguresChanged figures)
                Heard(figures.SessionId, figures.Version);
            last++;
            var made = new LiveEvent(Id(last), happened, formatsOf);
            ring[last % Kept] = made;
            foreach (var page in pages)
                page.Offer(made);
        }
    }

    /// <summary>A version that is there. If it never came by, every page is told to fetch itself again, and true is answered: once.</summary>
    public bool Missed(string session, int version)
    {
        lock (gate)
        {
            if (!Heard(session, version))
                return false;
            foreach (var page in pages)
                page.FallBehind();
            return true;
        }
    }

    /// <summary>
    /// A page that has everything up to a position: what came since is in its buffer when this returns. One whose position isn't
    /// kept any more, or is of another node or another time, is told first to fetch itself again.
    /// </summary>
    public LivePage Open(string operatorId, string sessionId, Language language, string? at)
    {
        var page = new LivePage(this, operatorId, sessionId, language);
        lock (gate)
        {
            if (NumberOf(at) is { } seen && seen <= last && last - seen <= Kept)
                for (var number = seen + 1; number <= last; number++)
                    page.Offer(ring[number % Kept]);
            else
                page.FallBehind();
            pages.Add(page);
        }
        return page;
    }

    public void Close(LivePage page)
    {
        lock (gate)
            pages.Remove(page);
    }

    public void Beat()
    {
        lock (gate)
            foreach (var page in pages)
                page.Beat();
    }

    /// <summary>A page that fell behind starts again from now; what it reads after this call is up to date with the position given.</summary>
    public string Rejoin(LivePage page)
    {
        lock (gate)
        {
            page.Forget();
            return Id(last);
        }
    }

    /// <summary>Whether it is newer than what came by.</summary>
    private bool Heard(string session, int version)
    {
        if (versions.TryGetValue(session, out var known) && known >= version)
            return false;
        versions[session] = version;
        return true;
    }

    private string Id(long number) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{number}");

    private long? NumberOf(string? at) =>
        at is not null && at.Length > epoch.Length + 1 && at.StartsWith(epoch, StringComparison.Ordinal) && at[epoch.Length] == '-'
        && long.TryParse(at.AsSpan(epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>What a page that makes its own frames was waiting for.</summary>
internal enum LiveMoment
{
    /// <summary>Nothing that it wants happened for a while.</summary>
    Beat = 0,
    Happened = 1,
    Ended = 2,
}

/// <summary>One open page's buffer between the feed and its connection.</summary>
internal sealed class LivePage(LiveFeed feed, string operatorId, string sessionId, Language language)
{
    private static readonly byte[] BeatFrame = "event: beat\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] EndedFrame = "event: ended\ndata: 0\n\n"u8.ToArray();

    private readonly Channel<LiveEvent?> buffer = Channel.CreateBounded<LiveEvent?>(new BoundedChannelOptions(LiveFeed.Kept));
    private volatile bool behind, ended;

    public bool Concerns(SignedOut signedOut) =>
        (signedOut.OperatorId is null || signedOut.OperatorId == operatorId) && (signedOut.SessionId is null || signedOut.SessionId == sessionId);

    public void Offer(LiveEvent happened)
    {
        if (!behind && !buffer.Writer.TryWrite(happened))
            behind = true;
    }

    /// <summary>A null in the buffer wakes the connection; a page that has something else to read needs none.</summary>
    public void Beat() => buffer.Writer.TryWrite(null);

    public void FallBehind()
    {
        behind = true;
        Beat();
    }

    public void End()
    {
        ended = true;
        buffer.Writer.TryComplete();
    }

    /// <summary>Empties the buffer; the feed calls it under its lock, so that nothing comes in between.</summary>
    public void Forget()
    {
        while (buffer.Reader.TryRead(out _)) { }
        behind = false;
    }

    /// <summary>Waits for something wanted, or that may have been missed; for who writes to the connection itself.</summary>
    public async Task<LiveMoment> Next(Func<FeedEvent, bool> wanted, CancellationToken left)
    {
        while (await buffer.Reader.WaitToReadAsync(left) && !ended)
        {
            var (found, beat) = (behind, false);
            if (behind) feed.Rejoin(this);
            while (buffer.Reader.TryRead(out var happened))
                if (happened is null) beat = true;
                else found |= wanted(happened.Source);
            if (found) return LiveMoment.Happened;
            if (beat) return LiveMoment.Beat;
        }
        return LiveMoment.Ended;
    }

    /// <summary>Writes to the connection until the page leaves or must; several events that wait go in one write.</summary>
    public async Task Pump(Stream connection, CancellationToken left)
    {
        using var frames = new MemoryStream();
        while (await buffer.Reader.WaitToReadAsync(left) && !ended)
        {
            frames.SetLength(0);
            if (behind)
                frames.Write(Encoding.UTF8.GetBytes($"event: resync\nid: {feed.Rejoin(this)}\ndata: 0\n\n"));
            while (frames.Length < 64 * 1024 && buffer.Reader.TryRead(out var happened))
                frames.Write(happened?.Frames(language) ?? BeatFrame);
            await connection.WriteAsync(frames.GetBuffer().AsMemory(0, (int)frames.Length), left);
            await connection.FlushAsync(left);
        }
        if (!ended)
            return;
        await connection.WriteAsync(EndedFrame, left);
        await connection.FlushAsync(left);
    }
}
