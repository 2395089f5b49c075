using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Sessions;

namespace Guichet.Simulation;

/// <summary>A mail server that fails, refuses, hangs, and forgets to say that it took a mail.</summary>
public sealed class MailServer(World world) : IMailTransport
{
    public async Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
    {
        await Task.Yield();
        var fate = world.Misfortunes.Strikes<MailTrouble>()?.Fate;
        world.Model.MailTried(mail.To, mail.Subject);
        world.History.Add("mail server", $"a mail to {mail.To}: {fate?.ToString() ?? "taken"}");
        switch (fate)
        {
            case SenderFate.Fails:
                throw new InvalidOperationException("421 try again later");
            case SenderFate.Refuses:
                world.Model.MailRefused(mail.Id);
                throw new MailRefusedException("550 no such mailbox");
            case SenderFate.Hangs:
                await Task.Delay(TimeSpan.FromMinutes(5), world.Time, cancellation);
                throw new InvalidOperationException("the connection was cut");
            case SenderFate.Forgets:
                world.Model.MailTaken(mail.Id);
                throw new InvalidOperationException("the connection was cut");
            default:
                world.Model.MailTaken(mail.Id);
                return new MailReceipt("250 taken");
        }
    }
}

/// <summary>A counterpart's webhook that does the same.</summary>
public sealed class WebhookServer(World world) : IWebhookTransport
{
    public async Task<Refusal?> Post(string url, string secret, string body, int version, CancellationToken cancellation)
    {
        await Task.Yield();
        var fate = world.Misfortunes.Strikes<WebhookTrouble>()?.Fate;
        var shared = Json.Read<SharedTally>(body);
        world.Model.Posted(url, shared, version, taken: fate is null or SenderFate.Forgets);
        world.History.Add("webhook", $"{world.Names.Of(shared.LinkId)} posts version {version}: {fate?.ToString() ?? "taken"}");
        switch (fate)
        {
            case SenderFate.Fails or SenderFate.Refuses:
                return Refusal.Of("webhook-status", "webhook", "503");
            case SenderFate.Hangs or SenderFate.Forgets:
                await Task.Delay(TimeSpan.FromSeconds(10), world.Time, cancellation);
                return Refusal.Of("webhook-timeout", "webhook", "10");
            default:
                return null;
        }
    }
}

/// <summary>Notifications are rows that only pages read: here it is enough to know that they were made.</summary>
public sealed class NotifyInTheWorld(World world) : IEffectHandler<Notify>
{
    public async Task Do(Notify effect, EffectContext context, CancellationToken cancellation)
    {
        await Task.Yield();
        world.Model.Notified(effect.ForOrganisation, effect.Code, effect.Path);
    }
}
