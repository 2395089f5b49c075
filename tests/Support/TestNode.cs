using System.Net.Http.Headers;
using Guichet.Devices;
using Guichet.Hosting;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guichet.Support;

/// <summary>
/// A node of the product with its web front, in this process on a test's database, answering real HTTP on a free port of this machine.
/// Without what only a program has (its own PostgreSQL, signals); the outbox's dispatcher doesn't run by itself.
/// </summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestNode(WebApplication app, FailureLog failures)
    {
        this.app = app;
        Failures = failures;
    }

    /// <summary>What went wrong that nobody expected.</summary>
    public FailureLog Failures { get; }

    public IServiceProvider Services => app.Services;

    public IGrainFactory Grains => app.Services.GetRequiredService<IGrainFactory>();

    public Uri Address => new(app.Urls.Single());

    /// <summary>Every address that the product answers.</summary>
    public IReadOnlyList<Endpoint> Endpoints => [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)];

    /// <param name="product">The product's connections.</param>
    /// <param name="time">The machine's when null: what is tried again waits on it.</param>
    /// <param name="configure">After everything else: a test's own store or limits.</param>
    /// <param name="map">Endpoints of the test's own.</param>
    public static async Task<TestNode> Start(NpgsqlDataSource product, TimeProvider? time = null, Action<IServiceCollection>? configure = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        var failures = new FailureLog();
        builder.Logging.ClearProviders().AddProvider(failures);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(product);
        builder.Services.AddSingleton<ISendingPermission, Permission>();
        builder.UseOrleans(silo =>
        {
            silo.UseTestEngine();
            silo.AddGuichetGrains();
        });
        builder.AddProduct();
        builder.Services.AddSingleton(TestErasures.Own());
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapProduct();
        map?.Invoke(app);
        await app.StartAsync();
        app.Services.GetRequiredService<PublicAddress>().Root = new Uri(app.Urls.Single());
        return new TestNode(app, failures);
    }

    /// <summary>A program that presents this token, or nobody.</summary>
    public HttpClient Program(string? token, string language = "en")
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>A browser that is signed in by this cookie's secret, or nobody's.</summary>
    public HttpClient Browser(string? secret)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        if (secret is not null) http.DefaultRequestHeaders.Add("Cookie", $"guichet-session={secret}");
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        TestErasures.Forget(app.Services);
        await app.DisposeAsync();
    }

    private sealed class Permission : ISendingPermission
    {
        public bool MaySend => true;
    }
}
