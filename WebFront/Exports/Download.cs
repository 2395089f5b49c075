using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Guichet.Exports;

/// <summary>Files that leave by the browser: named, kept by no cache, written as they are made.</summary>
internal static class Download
{
    /// <summary>Separated text or a workbook.</summary>
    public static bool IsTable(string format) => format is "csv" or "xlsx";

    /// <param name="name">Without its ending.</param>
    /// <param name="format">One that <see cref="IsTable"/>.</param>
    public static Task Table(HttpContext http, Export export, string name, string format)
    {
        Begin(http, format == "csv" ? Spreadsheet.CsvType : Spreadsheet.XlsxType, $"{name}.{format}");
        return format == "csv" ? Spreadsheet.WriteCsv(http.Response.Body, export, http.RequestAborted) : Workbook(http, export);
    }

    public static void Begin(HttpContext http, string mediaType, string fileName)
    {
        http.Response.ContentType = mediaType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        http.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Files in a zip, which <paramref name="write"/> writes as it makes them.</summary>
    public static Task Archive(HttpContext http, string fileName, Func<Stream, Task> write)
    {
        Begin(http, "application/zip", fileName);
        AllowSynchronous(http);
        return write(http.Response.Body);
    }

    /// <summary>A workbook is a zip, whose parts are written synchronously.</summary>
    public static Task Workbook(HttpContext http, Export sheet)
    {
        AllowSynchronous(http);
        return Spreadsheet.WriteXlsx(http.Response.Body, sheet, http.RequestAborted);
    }

    private static void AllowSynchronous(HttpContext http)
    {
        if (http.Features.Get<IHttpBodyControlFeature>() is { } control) control.AllowSynchronousIO = true;
    }
}
