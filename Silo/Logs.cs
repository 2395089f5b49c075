using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guichet.Hosting;

/// <summary>
/// Logs go to the console and nowhere else. They name grains, commands and references, never people: requests aren't
/// logged one by one, and statements not at all.
/// </summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging, Settings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // That somebody isn't signed in is said at each of their requests.
        logging.AddFilter("Guichet.Organisations.SessionAuthentication", LogLevel.Warning);
        logging.AddFilter("Guichet.Organisations.TokenAuthentication", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // The address is printed for people by the welcome, and is in the settings for the rest.
        logging.AddFilter("Microsoft.Hosting.Lifetime", settings.JsonLogs ? LogLevel.Information : LogLevel.Warning);
        if (settings.JsonLogs)
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "O";
                console.IncludeScopes = true;
                console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        else
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
    }
}
