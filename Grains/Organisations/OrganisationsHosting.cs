using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Organisations;

public static class OrganisationsHosting
{
    /// <summary>What the organisations' grain, queries and effects need.</summary>
    public static IServiceCollection AddOrganisations(this IServiceCollection services) => services
        .AddSingleton<Passwords>()
        .AddSingleton<SignIns>()
        .AddSingleton<MailedLinks>()
        .AddSingleton<WebSessions>()
        .AddSingleton<ApiTokens>()
        .AddSingleton<SetupCodes>()
        .AddSingleton<OrganisationQueries>()
        .AddEffect<MailInvitation, MailInvitationHandler>()
        .AddEffect<MailEmailChange, MailEmailChangeHandler>()
        .AddEffect<MailEmailChanged, MailEmailChangedHandler>()
        .AddEffect<MailPasswordSet, MailPasswordSetHandler>()
        .AddEffect<MailPasswordReset, MailPasswordResetHandler>();
}
