using System.Diagnostics;

namespace Guichet.Support;

/// <summary>What independent readers find in a PDF.</summary>
internal static class PdfReading
{
    private static readonly string[] Programs = ["pdftotext", "pdffonts", "pdftoppm", "qpdf"];

    /// <summary>Why PDF can't be read here; null where it can.</summary>
    public static string? Missing { get; } = Programs.FirstOrDefault(program => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)))) is { } program
        ? $"{program} is not installed: Debian's poppler-utils and qpdf have what reads PDF."
        : null;

    /// <summary>The text of its pages in reading order, lines as they stand; pages are parted by form feeds.</summary>
    public static async Task<string> Text(byte[] pdf, params string[] options) => await Output(pdf, "pdftotext", [.. options, "-enc", "UTF-8", "{}", "-"]);

    /// <summary>Fails unless a strict reader finds nothing wrong.</summary>
    public static async Task Check(byte[] pdf)
    {
        Assert.Contains("No syntax or stream encoding errors found", await Output(pdf, "qpdf", "--check", "{}"), StringComparison.Ordinal);
        var fonts = (await Output(pdf, "pdffonts", "{}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2);
        // Embedded, a subset, and with its characters.
        Assert.All(fonts, font => Assert.Contains("yes yes yes", font, StringComparison.Ordinal));
    }

    /// <summary>The first page as it is seen, at 72 pixels an inch: width, height and three bytes a pixel.</summary>
    public static async Task<(int Width, int Height, byte[] Pixels)> Seen(byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("guichet-test-").FullName;
        try
        {
            await Output(pdf, "pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-singlefile", "{}", Path.Combine(folder, "page"));
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "page.ppm"));
            var header = System.Text.Encoding.ASCII.GetString(bytes, 0, 32).Split('\n');
            var size = header[1].Split(' ').Select(int.Parse).ToArray();
            return (size[0], size[1], bytes[^(3 * size[0] * size[1])..]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Output(byte[] pdf, string program, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            var start = new ProcessStartInfo(program, arguments.Select(argument => argument == "{}" ? file : argument)) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var said = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0 && (await said).Length == 0, $"{program}: {await said}");
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
