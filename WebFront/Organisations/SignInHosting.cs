using Guichet.Contacts;
using Guichet.Portals;
using Guichet.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Organisations;

/// <summary>Who is there, and what they may do. Part of <see cref="WebFrontHosting"/>: the host calls neither.</summary>
internal static class SignInHosting
{
    private const string ByAddress = "by-address";

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<RememberedAccess>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<FirstRun>();
        services.AddHostedService<AccessListener>();
        services.AddHostedService<FirstRunNotice>();
        services.AddScoped<CurrentActor>();
        services.AddRateLimits();
        services.AddDataProtection().SetApplicationName("guichet");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource, TimeProvider>(
            (options, source, time) => options.XmlRepository = new KeysInDatabase(source, time));

        // Programs speak to the API with tokens and nothing else; people have the pages and nothing else. So a cookie opens nothing that
        // antiforgery doesn't watch. Contacts have their space, by a cookie of its own, which is read nowhere else; there, no other is read.
        services.AddAuthentication(ByAddress)
            .AddPolicyScheme(ByAddress, null, options => options.ForwardDefaultSelector = http =>
                http.Request.Path.StartsWithSegments("/api") ? TokenAuthentication.Name
                : SpaceRequest.Is(http.Request) ? SpaceAuthentication.Name
                : SessionAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, SpaceAuthentication>(SpaceAuthentication.Name, null)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Name, null)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Name, null);

        var authorization = services.AddAuthorizationBuilder();
        var ofTheHouse = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => Actors.From(context.User) is { Kind: not ActorKind.Contact }).Build();
        // Without an endpoint there is nothing to keep a contact from: it is told that there is none.
        var unsaid = new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
            .RequireAssertion(context => Actors.From(context.User) is { Kind: not ActorKind.Contact } || context.Resource is HttpContext http && http.GetEndpoint() is null).Build();
        authorization.SetDefaultPolicy(ofTheHouse).SetFallbackPolicy(unsaid);
        foreach (var role in Enum.GetValues<Role>())
            authorization.AddPolicy(AtLeastAttribute.PolicyFor(role), policy => policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context => Actors.From(context.User) is { Kind: not ActorKind.Contact } actor && actor.Role >= role));
        authorization.AddPolicy(ForInstallationAttribute.Name, policy => policy.RequireAuthenticatedUser().RequireClaim(Actors.InstallationClaim, "true"));
        authorization.AddPolicy(InSpaceAttribute.Name, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Actors.From(context.User) is { Kind: ActorKind.Contact }));
        authorization.AddPolicy(ForSupportAttribute.Name, policy => policy
            .RequireAuthenticatedUser()
            .RequireAssertion(context => Actors.From(context.User) is { Kind: ActorKind.Contact })
            .RequireClaim(Actors.ContactTypeClaim, nameof(ContactType.Support)));
    }

    /// <summary>Between routing and antiforgery.</summary>
    public static void UseSignIn(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        // Grain calls of this request are made in the name of who is signed in; asynchronous, so that the name ends with the request.
        app.Use(async (HttpContext http, RequestDelegate next) =>
        {
            if (Actors.From(http.User) is { } actor) Caller.Set(actor);
            await next(http);
        });
    }

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // The form is taken so that its token is checked.
        routes.MapPost("/sign-out", async (HttpContext http, BrowserSessions browsers, IFormCollection _) =>
        {
            if (SignedIn.From(http.User) is { } signedIn) await browsers.Tell(signedIn.Organisation, signedIn.Operator, signedIn.Session);
            await browsers.End(http);
            return Results.LocalRedirect("/sign-in");
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
