using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Contacts;

/// <summary>That a contact was erased, without anything that tells who it was.</summary>
public sealed record RegisteredErasure(string Organisation, string ContactId, long Number, DateTimeOffset At, ErasureGround Ground);

/// <param name="Path">The register's file; null where a node was told of none.</param>
public sealed record ErasureRegisterOptions(string? Path);

/// <summary>The register can't be read or written. The message says which line or file, and what to do.</summary>
public sealed class ErasureRegisterException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The erasures, in a file outside of the database: what a restored backup brings back is erased again by it. Lines are only ever added, and
/// are on the disk before they count. Several nodes may share one file, or have one each (they give one another what they know, through the
/// database).
/// </summary>
/// <remarks>
/// A line: <c>erased</c> or <c>void</c> (an erasure that was refused after it was registered), the instant, organisation, contact, number and
/// ground, and eight digits of the SHA-256 of all that. One without its end was being written when a node died: nothing was erased by it yet,
/// and the next that is added takes its place.
/// </remarks>
public sealed class ErasureRegister(ErasureRegisterOptions options)
{
    private const string Erased = "erased";
    private const string Void = "void";

    /// <summary>From when an erasure came onto the register until it is in the database or taken back: seconds at most.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    /// <summary>Of another process that has the file in hand.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private (ImmutableDictionary<(string, string), RegisteredErasure> Erasures, long End, int Lines) known = (ImmutableDictionary<(string, string), RegisteredErasure>.Empty, 0, 0);

    public string? Path => options.Path;

    /// <summary>Why it couldn't be read or written when that was last tried; null where it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Sees that it can be written, and makes it where there is none.</summary>
    /// <exception cref="ErasureRegisterException">It can't be.</exception>
    public Task Prepare() => InTurn(FileAccess.ReadWrite, file => Task.FromResult(Standing(file).End));

    /// <summary>The erasures that stand, by organisation and contact; none where there is no file.</summary>
    /// <exception cref="ErasureRegisterException">It can't be read, or a line isn't one of ours.</exception>
    public Task<ImmutableDictionary<(string Organisation, string ContactId), RegisteredErasure>> Read() =>
        options.Path is { } path && !File.Exists(path)
            ? Task.FromResult(ImmutableDictionary<(string, string), RegisteredErasure>.Empty)
            : InTurn(FileAccess.Read, file => Task.FromResult(Standing(file).Erasures));

    /// <summary>Those that aren't on it yet are on it, and on the disk, when this returns.</summary>
    /// <exception cref="ErasureRegisterException">It can't be; none of them is then taken for registered.</exception>
    public Task Add(IReadOnlyCollection<RegisteredErasure> erasures) => Write(Erased, erasures, (erasure, standing) => !standing.ContainsKey(Key(erasure)));

    /// <summary>Says of erasures that they didn't take place.</summary>
    /// <exception cref="ErasureRegisterException">It can't be written: the next start finds out that they were refused.</exception>
    public Task TakeBack(IReadOnlyCollection<RegisteredErasure> erasures) => Write(Void, erasures, (erasure, standing) => standing.ContainsKey(Key(erasure)));

    /// <summary>
    /// Takes back those that came onto it within <see cref="Settling"/>, where they stand: what is older was erased, or is carried out, whoever is
    /// refused now. Where the register can't be read or written that is left, and they are carried out in the end.
    /// </summary>
    public async Task TakeBackLatest(IReadOnlyCollection<RegisteredErasure> erasures, DateTimeOffset now)
    {
        if (options.Path is null || !File.Exists(options.Path)) return;
        try
        {
            await Write(Void, erasures, (erasure, standing) => standing.TryGetValue(Key(erasure), out var known) && known.At > now - Settling);
        }
        catch (ErasureRegisterException)
        {
            // Why, the operations page says.
        }
    }

    private Task Write(
        string word, IReadOnlyCollection<RegisteredErasure> erasures, Func<RegisteredErasure, ImmutableDictionary<(string, string), RegisteredErasure>, bool> isNew) =>
        erasures.Count == 0 ? Task.CompletedTask : InTurn(FileAccess.ReadWrite, async file =>
        {
            var (standing, end) = Standing(file);
            var lines = string.Concat(erasures.Where(erasure => isNew(erasure, standing)).Select(erasure => Line(word, erasure)));
            if (lines.Length == 0) return true;
            file.SetLength(end);
            file.Position = end;
            try
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(lines));
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Of what is refused now, nothing may stand there later.
                file.SetLength(end);
                throw;
            }
            return true;
        });

    private async Task<T> InTurn<T>(FileAccess access, Func<FileStream, Task<T>> work)
    {
        if (options.Path is not { } path) throw new ErasureRegisterException("this node has no register of erasures: set Guichet:Erasures to a file");
        await turn.WaitAsync();
        try
        {
            if (access != FileAccess.Read) Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            await using var file = await Open(path, access);
            var done = await work(file);
            if (access == FileAccess.ReadWrite) Trouble = null;
            return done;
        }
        catch (ErasureRegisterException broken)
        {
            Trouble = broken.Message;
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Trouble = $"{path}: {failure.Message}";
            throw new ErasureRegisterException(Trouble, failure);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>For this process alone, so that no two add at once; whoever only reads may do so beside others who read.</summary>
    private static async Task<FileStream> Open(string path, FileAccess access)
    {
        var reading = access == FileAccess.Read;
        var how = new FileStreamOptions { Mode = reading ? FileMode.Open : FileMode.OpenOrCreate, Access = access, Share = reading ? FileShare.Read : FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && !reading) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(20))
        {
            try
            {
                return new FileStream(path, how);
            }
            catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && waited < Patience)
            {
                // What another process does takes its time, whatever this node's clock says; nothing tells when it is done.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    /// <summary>What is on it, and where its last whole line ends. Only what was added since it was looked at last is read: many may be erased in a row.</summary>
    private (ImmutableDictionary<(string, string), RegisteredErasure> Erasures, long End) Standing(FileStream file)
    {
        if (file.Length < known.End) known = (ImmutableDictionary<(string, string), RegisteredErasure>.Empty, 0, 0);
        var bytes = new byte[file.Length - known.End];
        file.Position = known.End;
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var standing = known.Erasures.ToBuilder();
        var number = known.Lines;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n')[..^1])
        {
            number++;
            var (word, erasure) = Parsed(line) ?? throw new ErasureRegisterException(
                $"{file.Name}: line {ContactRules.Number(number)} isn't one of the register's. Put back the file as it was, or, where that is lost, take out this line and look in the journal for what was erased that day");
            if (word == Void) standing.Remove(Key(erasure));
            else standing[Key(erasure)] = erasure;
        }
        known = (standing.ToImmutable(), known.End + whole, number);
        return (known.Erasures, known.End);
    }

    private static string Line(string word, RegisteredErasure erasure)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{word} {erasure.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} {erasure.Organisation} {erasure.ContactId} {erasure.Number} {ContactQueries.Name(erasure.Ground)}");
        return $"{said} {Check(said)}\n";
    }

    private static (string Word, RegisteredErasure Erasure)? Parsed(string line)
    {
        var parts = line.Split(' ');
        return parts is [Erased or Void, var at, { Length: > 0 } organisation, { Length: > 0 } contact, var number, var ground, var check]
            && Check(line[..^(check.Length + 1)]) == check
            && DateTimeOffset.TryParseExact(at, "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            && Enum.TryParse<ErasureGround>(ground, ignoreCase: true, out var why)
            ? (parts[0], new RegisteredErasure(organisation, contact, given, instant, why))
            : null;
    }

    private static string Check(string said) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..8];

    private static (string, string) Key(RegisteredErasure erasure) => (erasure.Organisation, erasure.ContactId);
}
