namespace Guichet.Hosting;

/// <summary>What a person at the console needs once the node is up. A collector of JSON lines is told nothing.</summary>
internal static class Welcome
{
    public static void Print(WebApplication app)
    {
        if (app.Services.GetRequiredService<Settings>().JsonLogs)
            return;
        var address = app.Urls.First();
        Console.WriteLine($"""

              Guichet  {address}

            """);
    }
}
