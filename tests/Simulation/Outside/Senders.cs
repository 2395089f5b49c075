using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Sessions;

namespace Guichet.Simulation;

/// <summary>A mail server that fails, refuses, hangs before or after it has the whole mail, and takes one without saying so.</summary>
public sealed class MailServer(World world, Awaits awaits, bool ofCopy) : IMailTransport
{
    public async Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
    {
        using var wait = awaits.For(Await.Outside);
        await world.FarAway();
        if (ofCopy) world.Model.Fail($"a restored copy sends a mail to {mail.To}");
        var fate = world.Misfortunes.Strikes<MailTrouble>()?.Fate;
        world.Model.MailTried(mail.To, mail.Subject);
        await world.Model.Reports.Tried(mail, world.Bugs.AttachedTo(mail));
        world.History.Add("mail server", $"a mail to {mail.To}: {fate?.ToString() ?? "taken"}");
        switch (fate)
        {
            case SenderFate.Fails:
                throw new MailDeferredException("421 try again later");
            case SenderFate.Refuses:
                world.Model.MailRefused(mail.Id);
                throw new MailRefusedException("550 no such mailbox");
            case SenderFate.Hangs when world.Chance.Next(2) == 0:
                await Task.Delay(TimeSpan.FromMinutes(5), world.Time, cancellation);
                throw new MailDeferredException("the connection was cut");
            case SenderFate.Hangs:
                // After the last byte: who waits no longer doesn't know.
                try
                {
                    await Task.Delay(TimeSpan.FromMinutes(5), world.Time, cancellation);
                }
                catch (OperationCanceledException)
                {
                    throw new MailInDoubtException("no answer after the last byte");
                }
                throw new MailInDoubtException("the connection was cut after the last byte");
            case SenderFate.Forgets:
                world.Model.MailTaken(mail.Id);
                throw new MailInDoubtException("the connection was cut after the last byte");
            default:
                world.Model.MailTaken(mail.Id);
                return new MailReceipt("250 taken");
        }
    }
}

/// <summary>A counterpart's webhook that does the same.</summary>
public sealed class WebhookServer(World world, Awaits awaits, bool ofCopy) : IWebhookTransport
{
    public async Task<Refusal?> Post(string url, string secret, string body, int version, CancellationToken cancellation)
    {
        using var wait = awaits.For(Await.Outside);
        await world.FarAway();
        if (ofCopy) world.Model.Fail("a restored copy posts to a webhook");
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
