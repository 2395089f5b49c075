using System.Text;

namespace Guichet.Support;

/// <summary>An open stream of events, frame by frame. The node's time goes on while something is awaited of it.</summary>
internal sealed class EventFrames(HttpClient http, string path, ManualTime time) : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    private readonly StringBuilder all = new();
    private StreamReader? reader;

    public string All => all.ToString();

    public async Task<string> Next()
    {
        reader ??= new StreamReader(await http.GetStreamAsync(path));
        using var longest = new CancellationTokenSource(patience);
        var frame = new List<string>();
        while (await Passing(reader.ReadLineAsync(longest.Token).AsTask()) is { Length: > 0 } line) frame.Add(line);
        all.AppendJoin('\n', frame).Append("\n\n");
        return string.Join('\n', frame);
    }

    public async Task<string> NextButBeats()
    {
        while (true)
            if (await Next() is var frame && !frame.StartsWith("event: beat", StringComparison.Ordinal)) return frame;
    }

    public ValueTask DisposeAsync()
    {
        reader?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> Passing(Task<string?> awaited)
    {
        while (await Task.WhenAny(awaited, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System)) != awaited) time.Advance(TimeSpan.FromSeconds(1));
        return await awaited;
    }
}
