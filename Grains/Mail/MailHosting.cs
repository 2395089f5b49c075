using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guichet.Mail;

public static class MailHosting
{
    /// <summary>The effects that send mail; the host adds the <see cref="IMailTransport"/> and says what the <see cref="PublicAddress"/> and the <see cref="BounceAddress"/> are.</summary>
    public static IServiceCollection AddMailEffects(this IServiceCollection services)
    {
        services.TryAddSingleton<PublicAddress>();
        services.TryAddSingleton(new BounceAddress(null));
        return services.AddEffect<SendMail, SendMailHandler>().AddEffect<MailOperators, MailOperatorsHandler>();
    }
}
