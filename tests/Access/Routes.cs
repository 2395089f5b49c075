using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Guichet.Tests.Access;

/// <summary>One way to speak to the product.</summary>
internal sealed record Route(string Method, RoutePattern Pattern, bool IsPage, bool IsForInstallation)
{
    public string Text => "/" + Pattern.RawText!.Trim('/');

    public bool IsApi => Text.StartsWith("/api/", StringComparison.Ordinal);

    public bool Reads => Method == "GET";

    /// <summary>Open to those who aren't signed in. A route that becomes so without a line here fails the tests.</summary>
    public bool IsPublic => Public.Contains(Text);

    /// <summary>Pages of an import in progress: the tests' worlds have none, so that these have the refusal and not its control.</summary>

    /// <summary>Contacts' own: operators' cookies open nothing there, as theirs open nothing else (Portals/ProducerTests).</summary>
    public bool IsOfSpace => Text.StartsWith("/space/", StringComparison.Ordinal);

    public bool IsForSupervision => Text is "/healthz" or "/readyz";

    /// <summary>Its address names something of an organisation's.</summary>
    public bool NamesSomething => Pattern.Parameters.Any(parameter => Kinds.Contains(KindOf(parameter)));

    public override string ToString() => $"{Method} {Text}";

    /// <summary>The address for what is this organisation's.</summary>
    /// <exception cref="InvalidOperationException">The address has a part that the tests don't know how to fill: say here what it stands for.</exception>
    public string For(Belongings belongings) => "/" + string.Join('/', Pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => Value(KindOf(parameter), belongings),
        _ => throw new InvalidOperationException($"{this} has a part of a new kind."),
    }))));

    public static IReadOnlyList<Route> All(TestNode node) =>
    [
        .. from endpoint in node.Endpoints.OfType<RouteEndpoint>()
           where !endpoint.RoutePattern.RawText!.Contains("_framework/", StringComparison.Ordinal)
           let page = endpoint.Metadata.Any(metadata => metadata.GetType().Name == "ComponentTypeMetadata")
           let installation = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == ForInstallationAttribute.Name)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"]
           where method is not "HEAD"
           select new Route(method, endpoint.RoutePattern, page, installation),
    ];

    private static readonly HashSet<string> Public =
    [
        "/sign-in", "/sign-out", "/password/forgotten", "/password/new", "/email", "/invitation", "/setup", "/preferences", "/problem/{Code:int}",
        "/assets/{file}", "/live", "/healthz", "/readyz", "/api/{documentName}/openapi.json", "/components",
        // There in development only, for whoever runs the machine; a link's address is a secret by itself.
        "/mailbox", "/mailbox/{Id}", "/mailbox/{id}/html", "/mailbox/{id}/attachments/{place:int}", "/shared/{token}.csv",
        // The door of a house's space, its language, and the stream that says "ended" to who isn't signed in.
        "/space/{House}/sign-in", "/space/{House}/password/forgotten", "/space/{House}/password/new", "/space/{house}/sign-out", "/space/{house}/preferences", "/space/{house}/live",
        // So is a partner's page.
        "/r/{token}", "/r/{token}/colour.css", "/r/{token}/logo", "/r/{token}/live",
    ];

    private static readonly HashSet<string> Kinds = ["show", "series", "session", "link", "notification", "operator", "import", "partner", "run", "contact", "search", "bulk", "preview", "erasing"];

    private string KindOf(RoutePatternParameterPart parameter)
    {
        var name = parameter.Name.ToLowerInvariant();
        if (name is not "id") return name;
        var before = Text.Split('/').TakeWhile(segment => !segment.StartsWith('{')).LastOrDefault();
        return before switch
        {
            "shows" => "show",
            "series" => "series",
            "sessions" => "session",
            "links" => "link",
            "notifications" => "notification",
            "operators" => "operator",
            "imports" => "import",
            "partners" => "partner",
            "contacts" => "contact",
            "searches" or "contact-searches" => "search",
            "reports" => "run",
            "previews" => "preview",
            "runs" => "erasing",
            "bulk" => "bulk",
            "mailbox" or "effects" => "number",
            _ => throw new InvalidOperationException($"{this}: say what its id stands for."),
        };
    }

    private string Value(string kind, Belongings belongings) => kind switch
    {
        "show" or "showid" => belongings.Show,
        "series" or "seriesid" => belongings.Series,
        "session" or "sessionid" => belongings.Session,
        "link" or "linkid" => belongings.Link,
        "notification" => belongings.Notification,
        "operator" => belongings.Operator,
        "import" => belongings.Import,
        "partner" or "partnerid" => belongings.Partner,
        "run" => belongings.Run,
        "contact" => belongings.Contact,
        "search" => belongings.Search,
        "preview" => belongings.Preview,
        "erasing" => belongings.Erasing,
        "house" => belongings.Tenant.Id,
        "visit" => belongings.Contact,
        "section" => "details",
        "bulk" => belongings.Bulk,
        "history" => "purchases",
        "group" => "partners",
        "noteid" => belongings.Contact,
        "criterion" => "public",
        "name" => "season.csv",
        "version" => "1",
        "place" => "0",
        "format" => "csv",
        "code" => "404",
        "documentname" => "v1",
        "file" => Path.GetFileName(Bundle.Url("app.js")),
        "number" or "token" => Guid.Empty.ToString("N"),
        _ => throw new InvalidOperationException($"{this}: say what {{{kind}}} stands for."),
    };
}
