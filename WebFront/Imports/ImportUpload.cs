using System.Text;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Guichet.Imports;

/// <summary>
/// Takes an upload part by part as it arrives: nothing of it is kept on disk, and a file past the limit is left where it passes it. The
/// form's small fields, the token among them, come before the file.
/// </summary>
internal static class ImportUpload
{
    public const string Path = "/imports/upload";
    public const string TokenField = "form-token";
    private const string TokenHeader = "X-Form-Token";
    private const int LongestField = 4 * 1024;
    private const int MostFields = 20;

    public static void MapImportUpload(this IEndpointRouteBuilder routes) => routes
        .MapPost(Path, Take)
        .RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice))
        .ExcludeFromDescription();

    private static async Task<IResult> Take(HttpContext http, IAntiforgery antiforgery, ImportDesk desk, CurrentActor current, Reader reader)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
            return Results.BadRequest();
        // Ours is counted while it is read, and answered with a page; the server's would end the connection without one.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        try
        {
            return await TakeParts(http, new MultipartReader(boundary, http.Request.Body), antiforgery, desk, current, reader);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or BadHttpRequestException)
        {
            return Results.BadRequest();
        }
    }

    private static async Task<IResult> TakeParts(HttpContext http, MultipartReader parts, IAntiforgery antiforgery, ImportDesk desk, CurrentActor current, Reader reader)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await parts.ReadNextSectionAsync(http.RequestAborted) is { } part)
        {
            if (part.GetContentDispositionHeader() is not { } disposition) continue;
            if (!disposition.IsFileDisposition())
            {
                if (fields.Count == MostFields) return Results.BadRequest();
                fields[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] = await Field(part.Body, http.RequestAborted);
                continue;
            }
            if (!fields.TryGetValue(TokenField, out var token) || token.Length == 0) return Results.BadRequest();
            // As a header, so that the check reads no form.
            http.Request.Headers[TokenHeader] = token;
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
            return await Receive(http, fields, HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString(), part.Body, desk, current, reader);
        }
        return Results.BadRequest();
    }

    private static async Task<IResult> Receive(
        HttpContext http, Dictionary<string, string> fields, string fileName, Stream content, ImportDesk desk, CurrentActor current, Reader reader)
    {
        var kind = ImportWords.KindOf(fields.GetValueOrDefault("kind"));
        var session = fields.GetValueOrDefault("session") is { } id && Ids.IsValid(id) ? id : null;
        if (fileName.Length == 0)
        {
            Flash.Leave(http, Tone.Warn, reader.T("Choisissez d’abord un fichier.", "First choose a file."));
            return Results.LocalRedirect(NewImport(kind, session));
        }
        var received = await desk.Receive(ImportScreen.ContextOf(current, reader), kind, session, fileName, content, http.RequestAborted);
        if (received.Read.IsRefused) return Results.LocalRedirect($"/imports/{received.Id}");
        // With a mapping that still fits, what matters is what it would do.
        var sheet = received.Read.Accepted;
        return Results.LocalRedirect($"/imports/{received.Id}/{(sheet.Remembered is not null && sheet.Proposal.IsReady ? "preview" : "columns")}");
    }

    public static string NewImport(ImportKind kind, string? session) =>
        $"/imports/new?kind={ImportWords.NameOf(kind)}{(session is null ? "" : $"&session={session}")}";

    private static async Task<string> Field(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[LongestField + 1];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return read <= LongestField ? Encoding.UTF8.GetString(bytes, 0, read) : throw new InvalidDataException("A field is too long.");
    }
}
