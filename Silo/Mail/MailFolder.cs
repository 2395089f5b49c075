using MimeKit;

namespace Guichet.Mail;

/// <summary>Where no server is configured, mail goes into a folder, a file each; <see cref="Mailbox"/> shows it.</summary>
internal sealed class MailFolder(string folder) : IMailTransport
{
    private const string From = "guichet@localhost.localdomain";

    public async Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
    {
        using var message = await MimeWriting.Message(mail, From, "Guichet", international: true, cancellation);
        // What a mailbox's server notes of the envelope: who really gets it, and where it would come back to (RFC 5321, 4.4).
        message.Headers.Insert(0, "Delivered-To", mail.To);
        message.Headers.Insert(0, HeaderId.ReturnPath, $"<{mail.EnvelopeSender ?? From}>");
        // Written aside and moved, so that no reader meets half a mail; under its id, so that a second attempt makes no second mail.
        var written = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{mail.Id:N}.eml");
        var writing = $"{written}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = File.Create(writing))
                await message.WriteToAsync(new FormatOptions { NewLineFormat = NewLineFormat.Dos, International = true }, file, cancellation);
            File.Move(writing, written, overwrite: true);
        }
        finally
        {
            File.Delete(writing);
        }
        return new MailReceipt($"written to {Path.GetFileName(written)}");
    }
}
