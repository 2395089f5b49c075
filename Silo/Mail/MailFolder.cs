using System.Net.Mail;

namespace Guichet.Mail;

/// <summary>Where no server is configured, mail goes into a folder, a file each; <see cref="Mailbox"/> shows it.</summary>
internal sealed class MailFolder(string folder) : IMailTransport
{
    public async Task Send(OutgoingMail mail, CancellationToken cancellation)
    {
        // Written aside and moved, so that no reader meets half a mail; under its id, so that a second attempt makes no second mail.
        var writing = Directory.CreateDirectory(Path.Combine(folder, $".{mail.Id:N}.{Guid.NewGuid():N}")).FullName;
        try
        {
            using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = writing })
            using (var message = MimeMessage.Of(mail, "guichet@localhost.localdomain", "Guichet"))
                await client.SendMailAsync(message, cancellation);
            File.Move(Directory.EnumerateFiles(writing).Single(), Path.Combine(folder, $"{mail.Id:N}.eml"), overwrite: true);
        }
        finally
        {
            Directory.Delete(writing, recursive: true);
        }
    }
}
