using Guichet.Demo;

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
        if (app.Services.GetService<DemoWorld>() is null)
            return;
        Console.WriteLine("  Sign in to the demo, each in a browser (or a private window) of its own:");
        foreach (var signIn in DemoWorld.SignIns)
            Console.WriteLine($"    {signIn.Organisation,-20}  {signIn.Email,-32}  {signIn.Password}");
        Console.WriteLine();
    }
}
