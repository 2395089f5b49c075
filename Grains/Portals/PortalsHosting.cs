using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Portals;

public static class PortalsHosting
{
    /// <summary>What contacts' accounts and spaces need on every node.</summary>
    public static void AddPortals(this IServiceCollection services)
    {
        services.AddSingleton<SpaceLookups>();
        services.AddSingleton<AccountSignIns>();
        services.AddSingleton<AccountSessions>();
        services.AddSingleton<Productions>();
        services.AddSingleton<SupportViews>();
        services.AddEffect<MailAccountLink, MailAccountLinkHandler>();
        services.AddEffect<MailAccountReset, MailAccountResetHandler>();
        services.AddEffect<MailAccountPasswordSet, MailAccountPasswordSetHandler>();
        services.AddEffect<MailAccountIdentifier, MailAccountIdentifierHandler>();
    }
}
