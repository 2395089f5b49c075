using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Notifications;

public static class NotificationsHosting
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton<NotificationQueries>()
        .AddSingleton<NotificationSweep>()
        .AddEffect<Notify, NotifyHandler>();
}
