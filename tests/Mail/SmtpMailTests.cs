using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Guichet.Mail;

public sealed class SmtpMailTests
{
    private static readonly OutgoingMail mail = new(
        Guid.Parse("0198a2b1-0000-7000-8000-000000000001"), "zoe@promo.example", "Zoé Łódź", "Séance du mardi 24 novembre, 20 h 30 : « Le Songe » est en vente",
        "Bonjour,\n\nLa séance est en vente : 1 234,56 €.\n.\nhttps://guichet.example/links/7h3k?a=b&c=d\n",
        "<html><body><p>La séance est en vente : 1 234,56 €.</p></body></html>");

    [Fact]
    public async Task What_arrives_is_what_was_sent()
    {
        await using var server = new SmtpServer();

        await new SmtpMail(server.Settings()).Send(mail, default);

        var arrived = MimePart.Parse(Assert.Single(server.Accepted));
        Assert.Equal("<0198a2b1000070008000000000000001@theatre.example>", arrived.Header("Message-ID"));
        Assert.Equal("\"Théâtre de l’Étoile\" <billetterie@theatre.example>", Unquoted(arrived.Header("From")));
        Assert.Equal("\"Zoé Łódź\" <zoe@promo.example>", Unquoted(arrived.Header("To")));
        Assert.Equal(mail.Subject, arrived.Header("Subject"));
        Assert.Equal("auto-generated", arrived.Header("Auto-Submitted"));
        Assert.NotEmpty(arrived.Header("Date"));
        Assert.Equal(mail.Text, arrived.Find("text/plain")!.Text);
        Assert.Equal(mail.Html, arrived.Find("text/html")!.Text);

        // Some servers write a name as it is, some within quotes.
        static string Unquoted(string header) => header.StartsWith('"') ? header : $"\"{header.Replace(" <", "\" <", StringComparison.Ordinal)}";
    }

    [Fact]
    public async Task A_mail_of_text_only_has_no_other_part()
    {
        await using var server = new SmtpServer();

        await new SmtpMail(server.Settings()).Send(new OutgoingMail(mail.Id, mail.To, null, "Sujet", "Texte", html: null), default);

        var arrived = MimePart.Parse(Assert.Single(server.Accepted));
        Assert.Null(arrived.Find("text/html"));
        Assert.Equal("Texte", arrived.Find("text/plain")!.Text.TrimEnd());
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such person")]
    [InlineData("RCPT", "553 5.1.3 not an address")]
    [InlineData("(mail)", "552 5.3.4 too large")]
    public async Task What_will_never_be_taken_is_refused_for_good_with_the_servers_reply(string at, string reply)
    {
        await using var server = new SmtpServer { Reply = line => line.StartsWith(at, StringComparison.Ordinal) ? reply : null };

        var refusal = await Assert.ThrowsAsync<MailRefusedException>(() => new SmtpMail(server.Settings()).Send(mail, default));

        Assert.Contains(reply[4..], refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Accepted);
    }

    [Theory]
    [InlineData("(connected)", "421 too busy")]
    [InlineData("(connected)", "554 go away")]
    [InlineData("(connected)", SmtpServer.HangUp)]
    [InlineData("MAIL", "550 not from here")]
    [InlineData("RCPT", "450 try later")]
    [InlineData("(mail)", "451 out of space")]
    [InlineData("(mail)", "554 looks like spam")]
    [InlineData("(mail)", SmtpServer.HangUp)]
    public async Task What_may_be_mended_is_worth_another_try(string at, string reply)
    {
        await using var server = new SmtpServer { Reply = line => line.StartsWith(at, StringComparison.Ordinal) ? reply : null };

        await Assert.ThrowsAnyAsync<SmtpException>(() => new SmtpMail(server.Settings()).Send(mail, default));
    }

    [Fact]
    public async Task Another_try_is_known_for_the_same_mail()
    {
        var first = true;
        await using var server = new SmtpServer { Reply = line => line == "(mail)" && first ? SmtpServer.HangUp : null };
        var transport = new SmtpMail(server.Settings());
        await Assert.ThrowsAnyAsync<SmtpException>(() => transport.Send(mail, default));

        first = false;
        await transport.Send(mail, default);

        Assert.Equal(2, server.Accepted.Count);
        Assert.Single(server.Accepted.Select(one => MimePart.Parse(one).Header("Message-ID")).Distinct());
    }

    [Theory]
    [InlineData("(connected)")]
    [InlineData("EHLO")]
    [InlineData("(mail)")]
    public async Task A_server_that_hangs_is_left_and_others_are_still_served(string at)
    {
        var hanging = true;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new SmtpServer
        {
            Reply = line =>
            {
                if (!hanging || !line.StartsWith(at, StringComparison.Ordinal))
                    return null;
                reached.TrySetResult();
                return SmtpServer.Silence;
            },
        };
        var transport = new SmtpMail(server.Settings());
        using var patience = new CancellationTokenSource();
        var hung = transport.Send(mail, patience.Token);
        await reached.Task;

        hanging = false;
        await transport.Send(mail, default);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hung);
        Assert.Single(server.Accepted);
    }

    [Fact]
    public async Task A_server_without_encryption_is_told_nothing_where_encryption_is_asked_for()
    {
        await using var server = new SmtpServer();

        await Assert.ThrowsAnyAsync<SmtpException>(() => new SmtpMail(server.Settings(startTls: true, "user", "secret")).Send(mail, default));

        Assert.All(server.Lines, line => Assert.True(line.Line.StartsWith("EHLO", StringComparison.Ordinal) || line.Line == "QUIT"));
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_its_own_making_is_told_nothing()
    {
        using var certificate = SelfSigned();
        await using var server = new SmtpServer { Certificate = certificate };

        await Assert.ThrowsAnyAsync<Exception>(() => new SmtpMail(server.Settings(startTls: true, "user", "secret")).Send(mail, default));

        Assert.DoesNotContain(server.Lines, line => line.Line.StartsWith("AUTH", StringComparison.Ordinal) || line.Line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bcc\r\nBcc: other@example.org")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void What_would_break_out_of_a_header_is_no_mail(string text)
    {
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), "a@b.example", null, text, "", null));
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), "a@b.example", text, "", "", null));
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), $"a@b.example{text}", null, "", "", null));
    }

    internal static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
