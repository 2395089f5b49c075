using System.Diagnostics;
using System.Net;

namespace Guichet.Benchmarks;

/// <summary>The program as a process, on a database that exists: how soon it answers, what it holds and what it burns when nobody comes.</summary>
internal static class Start
{
    public static async Task Run()
    {
        var folder = Directory.CreateTempSubdirectory("guichet-benchmark-");
        Sheet.OpenToTheServer(folder.FullName);
        try
        {
            await Once(folder.FullName, measure: false);
            await Once(folder.FullName, measure: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Once(string folder, bool measure)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "guichet.dll"), "--urls=http://127.0.0.1:5093", $"--Guichet:Data={folder}/data", "--Guichet:Demo=true", "--Guichet:Logs=text"])
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var clock = Stopwatch.StartNew();
        using var node = Process.Start(start)!;
        node.OutputDataReceived += (_, _) => { };
        node.BeginOutputReadLine();
        using var client = new HttpClient();
        while (clock.Elapsed < TimeSpan.FromSeconds(120))
        {
            try
            {
                if ((await client.GetAsync("http://127.0.0.1:5093/sign-in")).StatusCode == HttpStatusCode.OK) break;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
        var ready = clock.Elapsed;
        if (measure)
        {
            // What the start left to do (compiling what it ran, closing what it opened) is over by then.
            await Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System);
            node.Refresh();
            var before = node.TotalProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
            node.Refresh();
            var share = (node.TotalProcessorTime - before).TotalSeconds / 30;
            Sheet.Print("start to first page, database exists", $"{ready.TotalSeconds:0.00} s", "3 s", ready.TotalSeconds / 3);
            Sheet.Print("idle memory of the node (resident)", $"{node.WorkingSet64 / 1e6:0} MB", "200 MB", node.WorkingSet64 / 200e6);
            Sheet.Print("idle processor time of the node, over 30 s", $"{share * 100:0.0} % of a core", "3 %", share / 0.03);
        }
        using var stop = Process.Start("kill", ["-TERM", node.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await node.WaitForExitAsync();
    }
}
