using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Guichet.Organisations;
using Microsoft.AspNetCore.Http;

namespace Guichet.Api;

/// <summary>
/// One request to the API: who makes it, what it sends, and what is wrong with that. Endpoints read everything that they need, then ask
/// <see cref="IsRefused"/> once, so that a program learns of every mistake in one answer.
/// </summary>
internal sealed class ApiCall(IHttpContextAccessor accessor, CurrentActor current, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Ten thousand lines of a tally fit.</summary>
    public const int LargestBody = 2 * 1024 * 1024;

    private const int DeepestNesting = 32;
    private const string KeyHeader = "Idempotency-Key";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly List<Refusal> refusals = [];
    private int status = StatusCodes.Status422UnprocessableEntity;
    private Idempotency? idempotency;

    public HttpContext Http => accessor.HttpContext!;

    public Actor Actor => current.Actor;

    public string Organisation => current.Organisation;

    public string Zone => current.Zone;

    public TimeProvider Time => time;

    public CancellationToken Cancellation => Http.RequestAborted;

    public bool IsRefused => refusals.Count > 0;

    /// <summary>Of this organisation: what is another's looks like what doesn't exist.</summary>
    public T Grain<T>(string id) where T : IGrainWithStringKey => grains.GetGrain<T>(GrainKey.Of(Organisation, id));

    /// <summary>By a key that was found for this organisation as a party: a link's is its sender's.</summary>
    public T GrainOf<T>(string key) where T : IGrainWithStringKey => grains.GetGrain<T>(key);

    /// <summary>What can't be an id is not worth a grain.</summary>
    public static bool IsId(string id) => id.Length <= 64 && !id.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz-");

    /// <summary>The id of the request's command, and of what it creates: derived from the key when there is one, so that a retry is known.</summary>
    public Guid CommandId => (idempotency ??= ReadKey()).Command;

    public string NewId(string kind)
    {
        var key = (idempotency ??= ReadKey()).Key;
        return key is null ? Ids.New(time) : Ids.From(DateTimeOffset.UnixEpoch, Organisation, Actor.Id, key, kind);
    }

    public void Refuse(string code, string? field = null, params ReadOnlySpan<string> arguments) => refusals.Add(Refusal.Of(code, field, arguments));

    /// <summary>What was sent can't be looked at any further.</summary>
    public void RefuseWith(int with, string code) => Fail<object>(with, code);

    /// <summary>The body's beginning, whatever it is; what comes after isn't kept.</summary>
    public async Task<MemoryStream> Beginning(int most)
    {
        var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await Http.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
            kept.Write(buffer, 0, (int)Math.Min(read, most - kept.Length));
        kept.Position = 0;
        return kept;
    }

    /// <summary>All that was found wrong so far.</summary>
    public IResult Refusals() => ApiProblems.Of(Http, status, [.. refusals]);

    public IResult NotFound(string code) => ApiProblems.Of(Http, StatusCodes.Status404NotFound, Refusal.Of(code));

    /// <summary>Sends a command until its outcome is known, and answers it.</summary>
    public async Task<IResult> Send<T>(Func<Task<Outcome<T>>> send, Func<T, IResult> answer)
    {
        var outcome = await time.Send(send);
        return outcome.IsRefused ? ApiProblems.Of(Http, outcome.Refusals) : answer(outcome.Accepted);
    }

    public Task<IResult> Send(Func<Task<Outcome<Done>>> send) => Send(send, _ => Results.NoContent());

    public Task<IResult> SendNew(Func<Task<Outcome<Done>>> send, string collection, string id) =>
        Send(send, _ => Results.Created($"{ApiHosting.Root}/{collection}/{id}", new Created(id)));

    /// <summary>The body as a <typeparamref name="T"/>; null when it isn't one, which is then among the refusals.</summary>
    public async Task<T?> Body<T>() where T : class
    {
        if (!Http.Request.HasJsonContentType()) return Fail<T>(StatusCodes.Status415UnsupportedMediaType, "not-json");
        if (await ReadBody() is not { } bytes)
            return Fail<T>(StatusCodes.Status413PayloadTooLarge, "body-too-large", LargestBody.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestNesting, AllowDuplicateProperties = false });
            RequestShape.Check(document.RootElement, typeof(T), "", refusals);
            return IsRefused ? null : document.RootElement.Deserialize<T>(Json);
        }
        catch (JsonException malformed)
        {
            return Fail<T>(StatusCodes.Status400BadRequest, "json-malformed", Text((malformed.LineNumber ?? 0) + 1), Text((malformed.BytePositionInLine ?? 0) + 1));
        }
        catch (InvalidOperationException)
        {
            // A member's name with half a surrogate pair: the reader compares names, and can't read this one.
            return Fail<T>(StatusCodes.Status400BadRequest, "json-malformed", "1", "1");
        }
    }

    /// <summary>The revision that the sender saw: <c>If-Match: "3"</c>.</summary>
    public long IfMatch()
    {
        var header = Http.Request.Headers.IfMatch.ToString();
        if (header.Length == 0) Fail<object>(StatusCodes.Status428PreconditionRequired, "if-match-missing");
        else if (header is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return revision;
        else Fail<object>(StatusCodes.Status412PreconditionFailed, "if-match-invalid");
        return 0;
    }

    public void TellRevision(long revision) => Http.Response.Headers.ETag = $"\"{Text(revision)}\"";

    /// <summary>A query parameter that is a text, without what can't be in one.</summary>
    public string? Query(string name)
    {
        var value = Http.Request.Query[name].ToString();
        if (value.Length == 0) return null;
        if (value.Length <= 200 && RequestShape.IsClean(value)) return value;
        Refuse(value.Length > 200 ? "text-too-long" : "text-has-control-character", name, "200");
        return null;
    }

    public int Limit(int atMost = 200, int unlessSaid = 50)
    {
        if (Query("limit") is not { } said) return unlessSaid;
        if (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= atMost) return limit;
        Refuse("number-out-of-range", "limit", "1", Text(atMost));
        return unlessSaid;
    }

    public DateTimeOffset? QueryInstant(string name)
    {
        // In a query a plus sign that was not escaped arrives as a space.
        if (Query(name)?.Replace(' ', '+') is not { } said) return null;
        if (ApiTimes.Instant(said) is { } instant) return instant;
        Refuse("instant-invalid", name, said);
        return null;
    }

    public bool QueryYes(string name)
    {
        var said = Query(name);
        if (said is not (null or "true" or "false")) Refuse("yes-or-no-expected", name);
        return said == "true";
    }

    public ImmutableArray<T> QueryChoices<T>(string name) where T : struct, Enum
    {
        var found = ImmutableArray.CreateBuilder<T>();
        foreach (var said in (Query(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var choices = Enum.GetValues<T>();
            var choice = Array.FindIndex(choices, one => JsonNamingPolicy.CamelCase.ConvertName(one.ToString()) == said);
            if (choice >= 0) found.Add(choices[choice]);
            else Refuse("choice-unknown", name, said, string.Join(", ", choices.Select(one => JsonNamingPolicy.CamelCase.ConvertName(one.ToString()))));
        }
        return found.ToImmutable();
    }

    /// <summary>A member of the body that is one of a few; the first of them where nothing is said.</summary>
    public T Choice<T>(string? said, string field, params ReadOnlySpan<T> choices) where T : struct, Enum
    {
        foreach (var choice in choices)
            if (said is null || JsonNamingPolicy.CamelCase.ConvertName(choice.ToString()) == said) return choice;
        Refuse("choice-unknown", field, said!.Length > 40 ? $"{said[..39]}…" : said, string.Join(", ", choices.ToArray().Select(choice => JsonNamingPolicy.CamelCase.ConvertName(choice.ToString()))));
        return choices[0];
    }

    /// <summary>Where a list goes on: the words that its last page's cursor was made of; null at the start.</summary>
    public ImmutableArray<string>? Cursor(string list, int words)
    {
        if (Query("cursor") is not { } said) return null;
        if (Cursors.Read(said, list, words) is { } position) return position;
        Refuse("cursor-invalid", "cursor");
        return null;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private T? Fail<T>(int failed, string code, params ReadOnlySpan<string> arguments) where T : class
    {
        status = failed;
        refusals.Insert(0, Refusal.Of(code, code.StartsWith("if-match", StringComparison.Ordinal) ? "If-Match" : code.StartsWith("idempotency", StringComparison.Ordinal) ? KeyHeader : null, arguments));
        return null;
    }

    /// <summary>Scoped to the organisation and to who presents it: nobody runs into another's keys.</summary>
    private Idempotency ReadKey()
    {
        var key = Http.Request.Headers[KeyHeader].ToString();
        if (key.Length == 0) return new Idempotency(null, Guid.NewGuid());
        if (key.Length > 255 || key.AsSpan().ContainsAnyExceptInRange('!', '~')) Fail<object>(StatusCodes.Status400BadRequest, "idempotency-key-invalid");
        return new Idempotency(key, CommandIds.From(Organisation, Actor.Id, key));
    }

    /// <summary>Null when it is larger than anything that is meant.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadBody()
    {
        if (Http.Request.ContentLength > LargestBody) return null;
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await Http.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
        {
            if (kept.Length + read > LargestBody) return null;
            kept.Write(buffer, 0, read);
        }
        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }

    private readonly record struct Idempotency(string? Key, Guid Command);
}
