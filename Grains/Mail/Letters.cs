using Guichet.Journal;

namespace Guichet.Mail;

internal static class Letters
{
    /// <summary>Sends it as the mail of an effect: done again, it is the same mail.</summary>
    public static async Task Send(
        this Letter letter, IMailTransport transport, PublicAddress address, EffectContext context, string email, string name, CancellationToken cancellation)
    {
        try
        {
            await transport.Send(new OutgoingMail(context.Id, email, name, letter.Subject, letter.ToText(address.Root), letter.ToHtml(address.Root)), cancellation);
        }
        catch (MailRefusedException refused)
        {
            throw new EffectImpossibleException(refused.Message, refused);
        }
    }
}
