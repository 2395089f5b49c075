using System.Globalization;
using System.Text;
using Guichet.Exports;
using Guichet.Papers;

namespace Guichet.Reporting;

/// <summary>A report's files: what each is called, and what writes it.</summary>
public static class ReportFiles
{
    public static string MediaType(this ReportAttachment kind) => kind switch
    {
        ReportAttachment.Pdf => "application/pdf",
        ReportAttachment.Xlsx => Spreadsheet.XlsxType,
        _ => "text/csv",
    };

    /// <summary><c>ventes-2026-11-24-theatre-du-port.pdf</c>: lower case, without accents, for whatever keeps it.</summary>
    public static string FileName(this Report report, ReportAttachment kind)
    {
        var day = report.Formats.Local(report.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var name = new StringBuilder();
        foreach (var letter in report.Organisation.Normalize(NormalizationForm.FormD).ToLowerInvariant())
            if (char.IsAsciiLetterOrDigit(letter)) name.Append(letter);
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && name.Length > 0 && name[^1] != '-') name.Append('-');
        var house = name.Length > 60 ? name.ToString(0, 60) : name.ToString();
        return $"{report.T("ventes", "sales")}-{day}{(house.Trim('-') is { Length: > 0 } written ? "-" + written : "")}.{kind.ToString().ToLowerInvariant()}";
    }

    public static async Task Write(this Report report, ReportAttachment kind, Stream to, PaperImage? logo, CancellationToken cancellation)
    {
        switch (kind)
        {
            case ReportAttachment.Pdf:
                await ReportPaper.Write(to, report, logo, cancellation);
                break;
            case ReportAttachment.Xlsx:
                await ReportSheet.WriteXlsx(to, report, cancellation);
                break;
            default:
                await ReportSheet.WriteCsv(to, report, cancellation);
                break;
        }
    }
}
