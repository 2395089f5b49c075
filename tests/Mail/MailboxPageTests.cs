using System.Net;
using Guichet.Support;

namespace Guichet.Mail;

public sealed class MailboxPageTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("guichet-mail-").FullName;
    private readonly OutgoingMail mail = new(
        Guid.NewGuid(), "zoe@promo.example", null, "Objet <b>gras</b>", "<script>alert(1)</script> https://guichet.example/x?a=1&b=2",
        "<html><head></head><body><script>alert(1)</script>Bonjour</body></html>")
    {
        Attachments = [new MailAttachment("Relevé <b>.html", "text/html", "<script>alert(1)</script>"u8.ToArray())],
    };

    [Fact]
    public async Task A_mail_is_shown_and_nothing_in_it_runs()
    {
        await new MailFolder(Directory.CreateDirectory(Path.Combine(folder, "mail")).FullName).Send(mail, default);
        await using var node = await StartAsync("Development");

        var list = await node.Http.GetStringAsync("/mailbox");
        var page = await node.Http.GetStringAsync($"/mailbox/{mail.Id:N}");
        var html = await node.Http.GetAsync($"/mailbox/{mail.Id:N}/html");

        Assert.Contains($"/mailbox/{mail.Id:N}", list, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>gras", list + page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("""<a href="https://guichet.example/x?a=1&amp;b=2">""", page, StringComparison.Ordinal);
        Assert.StartsWith("sandbox", Assert.Single(html.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("Bonjour", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var file = await node.Http.GetAsync($"/mailbox/{mail.Id:N}/attachments/0");
        Assert.Contains("Relevé <b>.html", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("Relevé <b>.html", page, StringComparison.Ordinal);
        Assert.Equal(("attachment", "Relevé <b>.html"), (file.Content.Headers.ContentDisposition!.DispositionType, file.Content.Headers.ContentDisposition.FileNameStar));
        Assert.StartsWith("sandbox", Assert.Single(file.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("<script>alert(1)</script>", await file.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"/mailbox/{mail.Id:N}/attachments/1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"/mailbox/{Guid.NewGuid():N}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"/mailbox/..%2f{mail.Id:N}/html")).StatusCode);
    }

    [Fact]
    public async Task Where_the_product_is_used_there_is_no_mailbox()
    {
        await new MailFolder(Directory.CreateDirectory(Path.Combine(folder, "mail")).FullName).Send(mail, default);
        await using var node = await StartAsync("Production");

        foreach (var path in new[] { "/mailbox", $"/mailbox/{mail.Id:N}", $"/mailbox/{mail.Id:N}/html", $"/mailbox/{mail.Id:N}/attachments/0" })
            Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync(path)).StatusCode);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<NodeProcess> StartAsync(string environment) =>
        NodeProcess.StartAsync(folder, ("Guichet:Database", database.ConnectionString), ("ASPNETCORE_ENVIRONMENT", environment));
}
