namespace Guichet.Mail;

public sealed class MailboxTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("guichet-mail-").FullName;

    [Fact]
    public async Task What_is_sent_into_the_folder_is_read_from_the_mailbox_once_however_often_it_is_sent()
    {
        var transport = new MailFolder(folder);
        var mail = new OutgoingMail(Guid.NewGuid(), "zoe@promo.example", "Zoé", "Votre invitation à l’Étoile, « dès ce soir », et bien plus encore pour un objet fort long", "Bonjour Zoé,\nà ce soir.\n", "<p>à ce soir</p>");

        await transport.Send(mail, default);
        await transport.Send(mail, default);

        var summary = Assert.Single(new Mailbox(folder).List(10));
        Assert.Equal((mail.Id, mail.Subject), (summary.Id, summary.Subject));
        Assert.Contains("zoe@promo.example", summary.To, StringComparison.Ordinal);
        var read = new Mailbox(folder).Find(mail.Id)!;
        Assert.Equal(mail.Text, read.Text);
        Assert.Equal(mail.Html, read.Html!.TrimEnd());
        Assert.Equal([$"{mail.Id:N}.eml"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Its_files_its_pictures_and_its_envelope_are_shown()
    {
        var id = Guid.NewGuid();
        await new MailFolder(folder).Send(new OutgoingMail(id, "rené@promo.example", "René", "Ventes", "texte", "<p><img src=\"cid:logo\"></p>")
        {
            EnvelopeSender = "bounces+7@theatre.example",
            ShownTo = [new MailName("ana@promo.example"), new MailName("rené@promo.example")],
            Attachments =
            [
                new MailAttachment("Relevé d’été.pdf", "application/pdf", new byte[] { 1, 2 }),
                new MailAttachment("logo.png", "image/png", new byte[] { 3 }) { ContentId = "logo" },
            ],
        }, default);

        var read = new Mailbox(folder).Find(id)!;

        Assert.Equal(("rené@promo.example", "bounces+7@theatre.example"), (read.DeliveredTo, read.ReturnPath));
        Assert.Equal("<p><img src=\"data:image/png;base64,Aw==\"></p>", read.Html!.TrimEnd());
        var file = Assert.Single(read.Attachments);
        Assert.Equal(("Relevé d’été.pdf", "application/pdf"), (file.Name, file.MediaType));
        Assert.Equal([1, 2], file.Bytes.ToArray());
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        Assert.Null(new Mailbox(folder).Find(Guid.NewGuid()));
        Assert.Empty(new Mailbox(Path.Combine(folder, "missing")).List(10));
        Assert.Null(new Mailbox(Path.Combine(folder, "missing")).Find(Guid.NewGuid()));
    }

    /// <summary>Anybody may put a file there.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("no header at all")]
    [InlineData("\n\n\n")]
    [InlineData(" folded: without a first line\nSubject: =?x-nothing?q?a=ZZ_b?= =?utf-8?b?!!!?=\n\nbody")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"\"\n\nx")]
    [InlineData("Content-Type: text/plain; charset=none\nContent-Transfer-Encoding: base64\n\n%%%")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\n=\n=4\n=G0=41")]
    public void A_strange_file_breaks_nothing(string content)
    {
        var id = Guid.NewGuid();
        File.WriteAllText(Path.Combine(folder, $"{id:N}.eml"), content);
        File.WriteAllText(Path.Combine(folder, "stranger.eml"), content);

        Assert.NotNull(new Mailbox(folder).Find(id));
        Assert.Single(new Mailbox(folder).List(10));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
