using System.Text.Json;
using System.Text.Json.Serialization;
using Guichet.Organisations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Guichet.Api;

/// <summary>The API for programs. Part of <c>WebFrontHosting</c>: the host calls neither.</summary>
internal static class ApiHosting
{
    public const string Root = "/api/v1";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddScoped<ApiCall>();
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "Guichet";
                document.Info.Description = "Shows, series, sessions, tallies, links, partners, contacts and returned mails of one organisation: the one of the token.";
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token of the organisation: guichet_…" },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(Header("Accept-Language", "The language of refusals: fr or en."));
                if (context.Description.HttpMethod != "GET")
                    operation.Parameters.Add(Header("Idempotency-Key", "Once for each intention: sent again with the same content, it changes nothing and is answered as the first time."));
                if (context.Description.HttpMethod == "PUT" && operation.Summary?.Contains("If-Match", StringComparison.Ordinal) == true)
                    operation.Parameters.Add(Header("If-Match", "The ETag that was read."));
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Before routing, so that what no endpoint answers has a body too.</summary>
    public static void UseApi(this IApplicationBuilder app) =>
        app.Use((http, next) => http.Request.Path.StartsWithSegments("/api") ? ApiProblems.GiveBody(http, next) : next(http));

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).RequireRateLimiting(RateLimits.Api);
        api.MapShows();
        api.MapSeries();
        api.MapSessions();
        api.MapTallies();
        api.MapLinks();
        api.MapPartners();
        api.MapContacts();
        api.MapContactSettings();
        api.MapContactActivities();
        api.MapContactList();
        api.MapMails();
        api.MapNotificationList();
        routes.MapOpenApi("/api/{documentName}/openapi.json").AllowAnonymous();
    }

    /// <summary>Changes something: a token that only reads may not.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder endpoint) => endpoint.RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice));

    private static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
