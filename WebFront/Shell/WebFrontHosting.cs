using System.Text.Encodings.Web;
using System.Text.Unicode;
using Guichet.Api;
using Guichet.Contacts;
using Guichet.Imports;
using Guichet.Links;
using Guichet.Live;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Operations;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Portals;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Takings;
using Guichet.Words;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guichet.Shell;

/// <summary>What the host calls to serve the screens.</summary>
public static class WebFrontHosting
{
    public static WebApplicationBuilder AddWebFront(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddScoped(provider => Reader.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext,
            provider.GetRequiredService<TimeProvider>()));
        // Accents are sent as they are: a page in French is a tenth shorter, and readable in its source.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddRazorComponents();
        services.AddSingleton(provider =>
        {
            var cluster = provider.GetRequiredService<IClusterClient>();
            return new LiveHub(
                (organisation, happened) => FeedSubscription.To(cluster, organisation, happened),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<LiveHub>>());
        });
        services.AddHostedService(provider => provider.GetRequiredService<LiveHub>());
        services.AddSingleton<FollowedPages>();
        services.AddHostedService<LiveSweep>();
        // A list whose ten thousand rows are all picked is one form.
        services.Configure<FormOptions>(options => options.ValueCountLimit = 12_000);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "guichet-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.FormFieldName = "form-token";
            options.HeaderName = "X-Form-Token";
        });
        services.AddSingleton<Incidents>();
        services.AddSignIn();
        services.AddNotificationScreens();
        services.AddSessionsScreens();
        services.AddPartnersScreens();
        services.AddContactRecordScreens();
        services.AddContactHistories();
        services.AddContactsScreens();
        services.AddContactRetention();
        services.AddReportScreens();
        services.AddApi();
        services.AddLinkScreens();
        services.AddTakingsScreens();
        services.AddSpaceScreens();
        return builder;
    }

    /// <summary>
    /// Everything between the server and the pages, in an order that matters: refusals get their page, limits and rights come before any
    /// endpoint, and antiforgery tokens are bound to who is signed in.
    /// </summary>
    public static WebApplication MapWebFront(this WebApplication app)
    {
        app.UseMiddleware<PageHeaders>();
        app.UseStatusCodePagesWithReExecute("/problem/{0}", createScopeForStatusCodePages: true);
        app.Use((http, next) =>
        {
            if (!ShowsPages(http) && http.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            // The page of a refusal is read, whatever was refused: a form whose token was wrong is over.
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            {
                http.Request.Method = HttpMethods.Get;
                http.Features.Set<IAntiforgeryValidationFeature>(null);
            }
            return next(http);
        });
        app.UseApi();
        app.UseExceptionHandler(failed => failed.Run(Failures.Answer));
        app.UseRouting();
        app.UseSignIn();
        app.UseAntiforgery();
        app.Use((http, next) =>
        {
            // A form that another site made, or an old page's, is a bad request before its endpoint reads anything of it.
            if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }) return next(http);
            if (UnsentForm.IsOurs(http.Request))
            {
                UnsentForm.LeadBack(http);
                return Task.CompletedTask;
            }
            // The problem's page is shown, not posted to: nothing may read the form any more.
            http.Features.Set<IAntiforgeryValidationFeature>(null);
            http.Request.Method = HttpMethods.Get;
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
        app.UseMiddleware<LivePosition>();
        app.UseBell();
        app.MapBundle();
        app.MapLive();
        app.MapPreferences();
        app.MapSignIn();
        app.MapImports();
        app.MapNotifications();
        app.MapLinkScreens();
        app.MapMailbox();
        app.MapOperations();
        app.MapSessionsScreens();
        app.MapPartnersScreens();
        app.MapContactRecordScreens();
        app.MapContactHistories();
        app.MapContactsScreens();
        app.MapContactRetention();
        app.MapTakingsScreens();
        app.MapReportScreens();
        app.MapSpaceScreens();
        app.MapApi();
        app.MapRazorComponents<Document>().Add(endpoint =>
        {
            // The gallery of components exists where the product is built, not where it is used.
            if (!app.Environment.IsDevelopment() && endpoint is Microsoft.AspNetCore.Routing.RouteEndpointBuilder { RoutePattern.RawText: "/components" })
                endpoint.RequestDelegate = http =>
                {
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                };
        });
        return app;
    }

    private static bool ShowsPages(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api")
        && !http.Request.Path.StartsWithSegments("/assets")
        && !http.Request.Headers.ContainsKey("HX-Request")
        && http.Request.TakesPages();
}
