using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Guichet.Demo;
using Guichet.Hosting;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Guichet.Benchmarks;

/// <summary>
/// A run of reports to 1,000 partners, each of 20 sessions, with PDF and workbook, to a mail server on this machine: how many leave a second,
/// beside the same mails already written by the same client; what it takes of memory; and how long pages take meanwhile.
/// </summary>
internal static class Reports
{
    private const int Partners = 1_000;
    private const int Sessions = 400;
    private const int OfEach = 20;
    private const int Days = 10;
    private static readonly Actor House = new(DemoWorld.House, "bench", ActorKind.Operator, "Bench", Role.Administrator);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task Run()
    {
        var folder = Directory.CreateTempSubdirectory("guichet-mails-");
        try
        {
            await using var sink = new Sink(folder.FullName);
            await Sheet.WithNode(
                async (app, database) => await With(app, database, sink),
                "--Guichet:Demo=true", "--Guichet:Mail:Host=127.0.0.1", $"--Guichet:Mail:Port={sink.Port}", "--Guichet:Mail:Security=none", "--Guichet:Mail:From=guichet@theatre-du-port.example");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task With(Microsoft.AspNetCore.Builder.WebApplication app, NodeDatabase database, Sink sink)
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var partners = await Season(grains);
        await Sheet.Execute(database.Owner, "VACUUM ANALYZE");
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(app.Urls.First()) };
        await Live.SignIn(browser, DemoWorld.SignIns[0]);
        // What the compiler does with anything new isn't the run's.
        await Send(grains, partners[..50], sink);
        await Pages(browser, TimeSpan.FromSeconds(4));
        var quiet = await Pages(browser, TimeSpan.FromSeconds(5));

        GC.Collect();
        var before = Environment.WorkingSet;
        var peak = before;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        });
        var reading = Pages(browser, Longest, done.Token);
        var (start, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Send(grains, partners, sink);
        worked = Environment.CpuUsage.TotalTime - worked;
        var took = Stopwatch.GetElapsedTime(start);
        await done.CancelAsync();
        await watching;
        var meanwhile = await reading;

        var written = await Task.WhenAll(sink.Latest(Partners).Select(Written));
        var transport = app.Services.GetRequiredService<IMailTransport>();
        sink.Forget();
        start = Stopwatch.GetTimestamp();
        var alone = Environment.CpuUsage.TotalTime;
        await Parallel.ForEachAsync(written, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (mail, cancellation) => await transport.Send(mail, cancellation));
        var limit = Stopwatch.GetElapsedTime(start);
        alone = Environment.CpuUsage.TotalTime - alone;

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a mail: {sink.Latest(1).Select(path => new FileInfo(path).Length).First() / 1024:N0} KiB with {written[0].Attachments.Length} files"));
        Sheet.Print($"{Partners:N0} reports of {OfEach} sessions, written and handed over", $"{Partners / took.TotalSeconds:N0}/s ({took.TotalSeconds:0.0} s)", $"{Partners / limit.TotalSeconds:N0}/s: the same mails, already written", limit / took);
        Sheet.Print("processor time of a report, the mail server's included", $"{worked.TotalMilliseconds / Partners:0.0} ms", $"{alone.TotalMilliseconds / Partners:0.0} ms: the same mails, already written", worked / alone);
        Sheet.Print("memory that it takes, at most", $"{(peak - before) >> 20:N0} MB", $"{before >> 20:N0} MB before", (double)peak / before);
        Sheet.Print("a page meanwhile, p50", $"{Sheet.Quantile(meanwhile, 0.5):0} ms", $"{Sheet.Quantile(quiet, 0.5):0} ms before (p99 {Sheet.Quantile(quiet, 0.99):0})", Sheet.Quantile(meanwhile, 0.5) / Sheet.Quantile(quiet, 0.5));
        Sheet.Print("a page meanwhile, p99", $"{Sheet.Quantile(meanwhile, 0.99):0} ms", "100 ms", Sheet.Quantile(meanwhile, 0.99) / 100);
    }

    /// <summary>Sessions with some days of tallies, and partners who are told of twenty of them.</summary>
    private static async Task<ImmutableArray<string>> Season(IGrainFactory grains)
    {
        using var caller = Caller.As(House);
        var show = Ids.New(TimeProvider.System);
        _ = (await grains.GetGrain<IShowGrain>(GrainKey.Of(House.Organisation, show)).Create(new CreateShow(new ShowDetails("Cyrano de Bergerac", null, null, null)) { Id = Guid.NewGuid(), By = House })).Accepted;
        var sessions = new string[Sessions];
        await Parallel.ForAsync(0, Sessions, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            using var by = Caller.As(House);
            sessions[i] = Ids.New(TimeProvider.System);
            var session = grains.GetGrain<ISessionGrain>(GrainKey.Of(House.Organisation, sessions[i]));
            _ = (await session.Create(new CreateSession(Sheet.Details with { ShowId = show, Place = $"Salle {i}" }, OnSale: true) { Id = Guid.NewGuid(), By = House })).Accepted;
            for (var day = 1; day <= Days; day++) _ = (await session.Validate(Sheet.Tally(day * (10 + (i % 20))) with { By = House })).Accepted;
        });
        var partners = new string[Partners];
        await Parallel.ForAsync(0, Partners, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            using var by = Caller.As(House);
            partners[i] = Ids.New(TimeProvider.System);
            var partner = grains.GetGrain<IPartnerGrain>(GrainKey.Of(House.Organisation, partners[i]));
            var details = new PartnerDetails($"Compagnie n° {i}", PartnerGroup.Partners, [new PartnerAddress($"compagnie{i}@example.org", RecipientKind.To, null)], Language.French, null);
            _ = (await partner.Create(new CreatePartner(details) { Id = Guid.NewGuid(), By = House })).Accepted;
            var told = Enumerable.Range(0, OfEach).Select(k => sessions[((i * 7) + (k * 17)) % Sessions]).ToImmutableArray();
            _ = (await partner.Associate(new AssociatePartner(told, []) { Id = Guid.NewGuid(), By = House })).Accepted;
        });
        return [.. partners];
    }

    /// <summary>Completes when the mail server has them all.</summary>
    private static async Task Send(IGrainFactory grains, ImmutableArray<string> partners, Sink sink)
    {
        sink.Forget();
        using var caller = Caller.As(House);
        var run = grains.GetGrain<IReportRunGrain>(GrainKey.Of(House.Organisation, Ids.New(TimeProvider.System)));
        _ = (await run.Send(new SendReports(ReportScope.Of(partners), TimeProvider.System.GetUtcNow(), null, null, null) { Id = Guid.NewGuid(), By = House })).Accepted;
        var since = Stopwatch.GetTimestamp();
        while (sink.Count < partners.Length)
        {
            if (Stopwatch.GetElapsedTime(since) > Longest) throw new TimeoutException($"{sink.Count} of {partners.Length} reports came.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>How long pages take, asked for one after the other as a person does, in milliseconds, in order.</summary>
    private static async Task<List<double>> Pages(HttpClient browser, TimeSpan lasting, CancellationToken until = default)
    {
        string[] pages = ["/", "/sessions", "/partners", "/calendar"];
        var times = new List<double>();
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; !until.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < lasting; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = await browser.GetByteArrayAsync(pages[i % pages.Length], CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        times.Sort();
        return times;
    }

    /// <summary>A mail as it came, ready to be sent again.</summary>
    private static async Task<OutgoingMail> Written(string path)
    {
        var mail = await MimeMessage.LoadAsync(path);
        var files = ImmutableArray.CreateBuilder<MailAttachment>();
        foreach (var part in mail.Attachments.OfType<MimePart>())
        {
            var bytes = new MemoryStream();
            await part.Content!.DecodeToAsync(bytes);
            files.Add(new MailAttachment(part.FileName!, part.ContentType.MimeType, bytes.ToArray()));
        }
        return new OutgoingMail(Guid.NewGuid(), mail.To.Mailboxes.First().Address, null, mail.Subject!, mail.TextBody!, mail.HtmlBody) { Attachments = files.ToImmutable() };
    }

    /// <summary>A mail server that keeps what it takes in files.</summary>
    private sealed class Sink : MessageStore, IAsyncDisposable
    {
        private readonly string folder;
        private readonly CancellationTokenSource stopping = new();
        private readonly Task serving;
        private ConcurrentQueue<string> taken = new();
        private int number;

        public Sink(string folder)
        {
            this.folder = folder;
            using (var listener = new TcpListener(IPAddress.Loopback, 0))
            {
                listener.Start();
                Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            var services = new SmtpServer.ComponentModel.ServiceProvider();
            services.Add(this);
            serving = new SmtpServer.SmtpServer(
                new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build(), services).StartAsync(stopping.Token);
        }

        public int Port { get; }

        public int Count => taken.Count;

        public IEnumerable<string> Latest(int count) => taken.TakeLast(count);

        public void Forget() => taken = new ConcurrentQueue<string>();

        public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            var path = Path.Combine(folder, $"{Interlocked.Increment(ref number)}.eml");
            await using (var file = File.Create(path))
                foreach (var part in buffer) await file.WriteAsync(part, cancellationToken);
            // The demo has mails of its own, which carry no files.
            if (buffer.Length > 20_000) taken.Enqueue(path);
            return SmtpResponse.Ok;
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await serving;
            stopping.Dispose();
        }
    }
}
