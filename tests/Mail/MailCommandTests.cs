using Guichet.Support;

namespace Guichet.Mail;

/// <summary>The real program against a real server, with encryption and a certificate that the process trusts.</summary>
public sealed class MailCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("guichet-mail-").FullName;

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_test_mail_goes_through_encrypted_with_the_credentials(string security)
    {
        using var certificate = SmtpMailTests.SelfSigned();
        var trusted = Path.Combine(folder, "trusted.pem");
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());
        await using var server = new ScriptedServer { Certificate = certificate, ImplicitTls = security == "tls" };

        var (exitCode, output) = await SendAsync(server, "localhost", ("GUICHET_MAIL_SECURITY", security), ("SSL_CERT_FILE", trusted), ("GUICHET_MAIL_USER", "house"), ("GUICHET_MAIL_PASSWORD", "secret"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("billetterie@theatre.example", Assert.Single(server.Accepted), StringComparison.Ordinal);
        Assert.Contains(server.Lines, line => line.Line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.All(server.Lines.Where(line => !line.Line.StartsWith("EHLO", StringComparison.Ordinal) && line.Line != "STARTTLS"), line => Assert.True(line.Encrypted, line.Line));
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_never_the_password()
    {
        await using var server = new ScriptedServer { Reply = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such person" : null };

        var (exitCode, output) = await SendAsync(server, "127.0.0.1", ("GUICHET_MAIL_SECURITY", "none"), ("GUICHET_MAIL_PASSWORD", "s3cret"));

        Assert.Equal(1, exitCode);
        Assert.Contains("no such person", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GUICHET_MAIL_PORT", "0", "Guichet:Mail:Port")]
    [InlineData("GUICHET_MAIL_FROM", "nobody", "Guichet:Mail:From")]
    [InlineData("GUICHET_MAIL_SECURITY", "ssl", "Guichet:Mail:Security")]
    [InlineData("GUICHET_MAIL_CONNECTIONS", "0", "Guichet:Mail:Connections")]
    [InlineData("GUICHET_MAIL_MAILSPERCONNECTION", "many", "Guichet:Mail:MailsPerConnection")]
    [InlineData("GUICHET_MAIL_PERMINUTE", "-1", "Guichet:Mail:PerMinute")]
    [InlineData("GUICHET_LOGS", "xml", "Guichet:Logs")]
    [InlineData("GUICHET_ADDRESS", "guichet.example", "Guichet:Address")]
    public async Task A_setting_that_makes_no_sense_is_named(string name, string value, string named)
    {
        await using var server = new ScriptedServer();

        var (exitCode, output) = await SendAsync(server, "mail.example", (name, value));

        Assert.Equal(1, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<(int ExitCode, string Output)> SendAsync(ScriptedServer server, string host, params (string Name, string Value)[] more) => NodeProcess.RunAsync(
        folder, ["mail", "zoe@promo.example"],
        [("GUICHET_MAIL_HOST", host), ("GUICHET_MAIL_PORT", $"{server.Port}"), ("GUICHET_MAIL_FROM", "billetterie@theatre.example"), .. more]);
}
