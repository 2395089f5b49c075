using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Notifications;

public static class NotificationsWeb
{
    /// <summary>Says how notifications of this code read; the sentence gets the arguments in the order of who notifies.</summary>
    public static IServiceCollection AddNotificationText(
        this IServiceCollection services, string code, string iconName, Tone tone, Func<Reader, ImmutableArray<string>, string> sentence) =>
        services.AddSingleton(new NotificationText(code, sentence, iconName, tone));

    internal static void AddNotificationScreens(this IServiceCollection services) => services.AddSingleton<NotificationTexts>();

    /// <summary>Counts for the bell what a page's reader has not read; only where a page is shown, a refused form's too.</summary>
    internal static void UseBell(this IApplicationBuilder app) => app.Use(async (HttpContext http, RequestDelegate next) =>
    {
        if (!http.Request.Headers.ContainsKey("HX-Request")
            && http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null
            && http.RequestServices.GetRequiredService<CurrentActor>().IfAny is { Kind: not ActorKind.Contact } actor)
            http.Items[Layout.UnreadNotifications] = (long)await http.RequestServices.GetRequiredService<NotificationQueries>()
                .Unread(actor.Organisation, http.RequestAborted);
        await next(http);
    });

    internal static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        // Opening one marks it as read, so it is a form, not a link: reading a page by GET changes nothing.
        routes.MapPost("/notifications/{id}/open", async (string id, HttpContext http, CurrentActor current, NotificationQueries notifications, IFormCollection _) =>
        {
            var path = await notifications.Open(current.Organisation, id, http.RequestAborted);
            return path is null ? Results.NotFound() : Results.LocalRedirect(LocalPath.OrHome(path));
        }).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).ExcludeFromDescription();

        routes.MapPost("/notifications/read", async (HttpContext http, CurrentActor current, NotificationQueries notifications, IFormCollection _) =>
        {
            await notifications.MarkRead(current.Organisation, null, http.RequestAborted);
            return Results.LocalRedirect("/notifications");
        }).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).ExcludeFromDescription();
    }
}
