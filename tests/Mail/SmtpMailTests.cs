using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Guichet.Support;
using MailKit.Security;
using MimeKit;

namespace Guichet.Mail;

public sealed class SmtpMailTests
{
    private static readonly OutgoingMail mail = new(
        Guid.Parse("0198a2b1-0000-7000-8000-000000000001"), "zoe@promo.example", "Zoé Łódź", "Séance du mardi 24 novembre, 20 h 30 : « Le Songe » est en vente",
        "Bonjour,\n\nLa séance est en vente : 1 234,56 €.\n.\nhttps://guichet.example/links/7h3k?a=b&c=d\n",
        "<html><body><p>La séance est en vente : 1 234,56 €.</p></body></html>");

    private readonly ManualTime time = new();

    [Fact]
    public async Task What_arrives_is_what_was_sent()
    {
        await using var server = new ScriptedServer { Reply = line => line == "(mail)" ? "250 2.0.0 queued as 4bXyz" : null };

        var receipt = await Send(server.Settings(), mail);

        Assert.Equal("250 2.0.0 queued as 4bXyz", receipt.Reply);
        var arrived = server.Arrived;
        Assert.Equal("0198a2b1000070008000000000000001@theatre.example", arrived.MessageId);
        Assert.Equal("\"Théâtre de l’Étoile\" <billetterie@theatre.example>", arrived.From.ToString());
        Assert.Equal("\"Zoé Łódź\" <zoe@promo.example>", arrived.To.ToString());
        Assert.Equal(mail.Subject, arrived.Subject);
        Assert.Equal("auto-generated", arrived.Headers[HeaderId.AutoSubmitted]);
        Assert.True(arrived.Headers.Contains(HeaderId.Date));
        Assert.Equal(mail.Text, arrived.TextBody!.ReplaceLineEndings("\n"));
        Assert.Equal(mail.Html, arrived.HtmlBody!.TrimEnd());
        Assert.True(server.Accepted[0].All(char.IsAscii));
    }

    [Fact]
    public async Task A_mail_of_text_only_has_no_other_part()
    {
        await using var server = new ScriptedServer();

        await Send(server.Settings(), new OutgoingMail(mail.Id, mail.To, null, "Sujet", "Texte", html: null));

        Assert.Null(server.Arrived.HtmlBody);
        Assert.Equal("Texte", server.Arrived.TextBody!.TrimEnd());
    }

    [Fact]
    public async Task Files_go_with_it_and_pictures_stand_in_it()
    {
        var pdf = RandomNumberGenerator.GetBytes(200_000);
        var opened = 0;
        await using var server = new ScriptedServer();

        await Send(server.Settings(), mail with
        {
            Attachments =
            [
                new MailAttachment("Relevé « été » – n° 3 — Théâtre de l’Étoile, séance du 24 novembre à 20 h 30.pdf", "application/pdf", _ =>
                {
                    opened++;
                    return Task.FromResult(Piped(pdf));
                }),
                new MailAttachment("ventes.csv", "text/csv", Encoding.UTF8.GetBytes("séance;vendus\r\n1;2\n.\r\n")),
                new MailAttachment("logo.png", "image/png", new byte[] { 1, 2, 3 }) { ContentId = "logo" },
            ],
        });

        var arrived = server.Arrived;
        var files = arrived.Attachments.Cast<MimePart>().ToList();
        Assert.Equal(
            ["Relevé « été » – n° 3 — Théâtre de l’Étoile, séance du 24 novembre à 20 h 30.pdf", "ventes.csv"], files.Select(file => file.FileName));
        Assert.Equal(["application/pdf", "text/csv"], files.Select(file => file.ContentType.MimeType));
        Assert.Equal(pdf, Bytes(files[0]));
        Assert.Equal("séance;vendus\r\n1;2\n.\r\n", Encoding.UTF8.GetString(Bytes(files[1])));
        var picture = Assert.Single(arrived.BodyParts.OfType<MimePart>(), part => part.ContentId == "logo");
        Assert.Equal([1, 2, 3], Bytes(picture));
        Assert.IsType<MultipartRelated>(Assert.IsType<MultipartAlternative>(((Multipart)arrived.Body!)[0])[1]);
        Assert.Contains("filename*0*=", server.Accepted[0], StringComparison.Ordinal);
        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task The_envelope_says_where_it_goes_and_the_headers_whom_it_is_to()
    {
        await using var server = new ScriptedServer();

        await Send(server.Settings(), mail with
        {
            EnvelopeSender = "bounces+4x7@theatre.example",
            FromName = "Opéra",
            ReplyTo = new MailName("accueil@opera.example", "L’accueil"),
            ShownTo = [new MailName("ana@promo.example", "Ana"), new MailName("bob@promo.example")],
            ShownCc = [new MailName("zoe@promo.example", "Zoé")],
            Date = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(1)),
            ListHeaders = ImmutableSortedDictionary<string, string>.Empty.Add("List-Unsubscribe", "<https://guichet.example/u/1>"),
        });

        Assert.Contains(server.Lines, line => line.Line.StartsWith("MAIL FROM:<bounces+4x7@theatre.example>", StringComparison.Ordinal));
        Assert.Equal("RCPT TO:<zoe@promo.example>", Assert.Single(server.Lines, line => line.Line.StartsWith("RCPT", StringComparison.Ordinal)).Line);
        var arrived = server.Arrived;
        Assert.Equal("\"Opéra\" <billetterie@theatre.example>", arrived.From.ToString());
        Assert.Equal(["ana@promo.example", "bob@promo.example"], arrived.To.Mailboxes.Select(one => one.Address));
        Assert.Equal(["zoe@promo.example"], arrived.Cc.Mailboxes.Select(one => one.Address));
        Assert.Equal("accueil@opera.example", Assert.Single(arrived.ReplyTo.Mailboxes).Address);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(1)), arrived.Date);
        Assert.Equal("<https://guichet.example/u/1>", arrived.Headers[HeaderId.ListUnsubscribe]);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such person")]
    [InlineData("RCPT", "553 5.1.3 not an address")]
    [InlineData("MAIL", "552 5.3.4 too large")]
    [InlineData("(mail)", "552 5.3.4 too large")]
    [InlineData("(mail)", "554 5.7.1 looks like spam")]
    public async Task What_will_never_be_taken_is_refused_for_good_with_the_servers_reply(string at, string reply)
    {
        await using var server = new ScriptedServer { Reply = At(at, reply) };

        var refusal = await Assert.ThrowsAsync<MailRefusedException>(() => Send(server.Settings(), mail));

        Assert.Equal(reply, refusal.Message);
        Assert.Empty(server.Accepted);
    }

    [Theory]
    [InlineData("(connected)", "421 too busy")]
    [InlineData("(connected)", "554 go away")]
    [InlineData("(connected)", "hello")]
    [InlineData("(connected)", ScriptedServer.HangUp)]
    [InlineData("MAIL", "550 not from here")]
    [InlineData("MAIL", "530 5.7.0 who are you")]
    [InlineData("RCPT", "450 try later")]
    [InlineData("RCPT", "421 closing")]
    [InlineData("RCPT", "530 5.7.0 who are you")]
    [InlineData("RCPT", ScriptedServer.HangUp)]
    [InlineData("DATA", ScriptedServer.HangUp)]
    [InlineData("DATA", "451 not now")]
    [InlineData("(mail)", "451 out of space")]
    [InlineData("(mail)", "421 closing")]
    public async Task What_may_be_mended_is_put_off_for_another_try(string at, string reply)
    {
        await using var server = new ScriptedServer { Reply = At(at, reply) };

        var deferral = await Assert.ThrowsAsync<MailDeferredException>(() => Send(server.Settings(), mail));

        if (char.IsAsciiDigit(reply[0])) Assert.Contains(reply[4..], deferral.Message, StringComparison.Ordinal);
        Assert.Empty(server.Accepted);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_put_off()
    {
        MailSettings settings;
        await using (var server = new ScriptedServer()) settings = server.Settings();

        await Assert.ThrowsAsync<MailDeferredException>(() => Send(settings, mail));
    }

    [Fact]
    public async Task A_mail_whose_connection_drops_before_the_answer_is_in_doubt()
    {
        await using var server = new ScriptedServer { Reply = At("(mail)", ScriptedServer.HangUp) };

        await Assert.ThrowsAsync<MailInDoubtException>(() => Send(server.Settings(), mail));

        Assert.Single(server.Accepted);
    }

    [Fact]
    public async Task A_mail_that_gets_no_answer_is_in_doubt()
    {
        var reached = new Signal();
        await using var server = new ScriptedServer { Reply = reached.At("(mail)") };
        var sending = Send(server.Settings(), mail);
        await reached.Task;

        time.Advance(SmtpMail.Delivering);

        await Assert.ThrowsAsync<MailInDoubtException>(() => sending);
    }

    [Fact]
    public async Task A_caller_who_leaves_while_the_answer_is_awaited_waits_a_little_more_then_is_in_doubt()
    {
        var reached = new Signal();
        await using var server = new ScriptedServer { Reply = reached.At("(mail)") };
        using var caller = new CancellationTokenSource();
        var sending = Send(server.Settings(), mail, caller.Token);
        await reached.Task;

        await caller.CancelAsync();
        Assert.False(sending.IsCompleted);
        time.Advance(SmtpMail.LastAnswer);

        await Assert.ThrowsAsync<MailInDoubtException>(() => sending);
    }

    [Fact]
    public async Task Another_try_is_known_for_the_same_mail()
    {
        var first = true;
        await using var server = new ScriptedServer { Reply = line => line == "(mail)" && first ? ScriptedServer.HangUp : null };
        await using var transport = new SmtpMail(server.Settings(), time);
        await Assert.ThrowsAsync<MailInDoubtException>(() => transport.Send(mail, default));

        first = false;
        await transport.Send(mail, default);

        Assert.Equal(2, server.Accepted.Count);
        Assert.Single(server.Accepted.Select(one => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(one))).MessageId).Distinct());
    }

    [Theory]
    [InlineData("(connected)")]
    [InlineData("EHLO")]
    [InlineData("RCPT")]
    [InlineData("(mail)")]
    public async Task A_server_that_hangs_is_left_and_others_are_still_served(string at)
    {
        var reached = new Signal();
        await using var server = new ScriptedServer { Reply = reached.Once(at) };
        await using var transport = new SmtpMail(server.Settings(), time);
        var hung = transport.Send(mail, default);
        await reached.Task;

        await transport.Send(mail, default);
        time.Advance(SmtpMail.Delivering);

        await (at == "(mail)" ? Assert.ThrowsAsync<MailInDoubtException>(() => hung) : (Task)Assert.ThrowsAsync<MailDeferredException>(() => hung));
        Assert.Single(server.Accepted);
    }

    [Fact]
    public async Task Where_every_connection_hangs_the_next_mail_waits_a_while_and_is_put_off()
    {
        var reached = new Signal();
        await using var server = new ScriptedServer { Reply = reached.At("(connected)") };
        await using var transport = new SmtpMail(server.Settings() with { Connections = 1 }, time);
        var hung = transport.Send(mail, default);
        await reached.Task;

        var next = transport.Send(mail, default);
        time.Advance(SmtpMail.Waiting);

        Assert.Contains("taken", (await Assert.ThrowsAsync<MailDeferredException>(() => next)).Message, StringComparison.Ordinal);
        time.Advance(SmtpConnections.Connecting);
        Assert.Contains("no greeting", (await Assert.ThrowsAsync<MailDeferredException>(() => hung)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_up_between_two_mails_is_called_again_without_a_doubt()
    {
        await using var server = new ScriptedServer();
        await using var transport = new SmtpMail(server.Settings(), time);
        await transport.Send(mail, default);

        server.HangUpOnAll();
        await transport.Send(mail, default);

        Assert.Equal((2, 2), (server.Accepted.Count, server.Calls));
    }

    [Fact]
    public async Task A_server_that_wants_no_more_over_this_connection_is_called_again()
    {
        var mails = 0;
        await using var server = new ScriptedServer { Reply = line => line.StartsWith("MAIL", StringComparison.Ordinal) && ++mails == 2 ? "421 4.7.0 too many" : null };
        await using var transport = new SmtpMail(server.Settings(), time);

        await transport.Send(mail, default);
        await transport.Send(mail, default);

        Assert.Equal((2, 2), (server.Accepted.Count, server.Calls));
    }

    [Fact]
    public async Task A_refusal_spoils_no_connection_and_each_carries_its_share()
    {
        await using var server = new ScriptedServer { Reply = line => line == "RCPT TO:<nobody@promo.example>" ? "550 no such person" : null };
        await using var transport = new SmtpMail(server.Settings() with { MailsPerConnection = 3 }, time);

        for (var i = 0; i < 2; i++)
        {
            await transport.Send(mail, default);
            await Assert.ThrowsAsync<MailRefusedException>(() => transport.Send(new OutgoingMail(mail.Id, "nobody@promo.example", null, "S", "T", null), default));
            await transport.Send(mail, default);
        }

        Assert.Equal((4, 2), (server.Accepted.Count, server.Calls));
    }

    [Fact]
    public async Task An_idle_connection_is_left_after_a_while()
    {
        var left = new Signal();
        await using var server = new ScriptedServer { Reply = left.At("QUIT") };
        await using var transport = new SmtpMail(server.Settings(), time);
        await transport.Send(mail, default);

        time.Advance(2 * SmtpConnections.IdleFor);

        await left.Task;
    }

    [Fact]
    public async Task No_more_leave_in_a_minute_than_are_allowed()
    {
        await using var server = new ScriptedServer();
        await using var transport = new SmtpMail(server.Settings() with { PerMinute = 12 }, time);

        await transport.Send(mail, default);
        var second = transport.Send(mail, default);
        var third = transport.Send(mail, default);
        Assert.Contains("12", (await Assert.ThrowsAsync<MailDeferredException>(() => transport.Send(mail, default))).Message, StringComparison.Ordinal);
        Assert.Single(server.Accepted);

        time.Advance(TimeSpan.FromSeconds(5));
        await second;
        Assert.Equal(2, server.Accepted.Count);
        time.Advance(TimeSpan.FromSeconds(5));
        await third;
    }

    [Fact]
    public async Task A_reply_of_any_length_is_kept_on_one_short_line()
    {
        var longest = new string('x', 100_000);
        await using var server = new ScriptedServer { Reply = line => line == "(mail)" ? $"250-{longest}\r\n250-\u0007second\r\n250 last" : null };

        var receipt = await Send(server.Settings(), mail);

        Assert.StartsWith("250 xxx", receipt.Reply, StringComparison.Ordinal);
        Assert.True(receipt.Reply.Length <= 500);
        Assert.DoesNotContain(receipt.Reply, char.IsControl);
    }

    [Fact]
    public async Task A_server_without_encryption_is_told_nothing_where_encryption_is_asked_for()
    {
        await using var server = new ScriptedServer();

        await Assert.ThrowsAsync<MailDeferredException>(() => Send(server.Settings(SecureSocketOptions.StartTls, "user", "secret"), mail));

        Assert.All(server.Lines, line => Assert.True(line.Line.StartsWith("EHLO", StringComparison.Ordinal) || line.Line == "QUIT"));
    }

    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task A_server_with_a_certificate_of_its_own_making_is_told_nothing(SecureSocketOptions security)
    {
        using var certificate = SelfSigned();
        await using var server = new ScriptedServer { Certificate = certificate, ImplicitTls = security == SecureSocketOptions.SslOnConnect };

        var deferral = await Assert.ThrowsAsync<MailDeferredException>(() => Send(server.Settings(security, "user", "secret"), mail));

        Assert.Contains("certificate", deferral.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Lines, line => line.Line.StartsWith("AUTH", StringComparison.Ordinal) || line.Line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_is_wrong_is_put_off_and_never_repeated()
    {
        await using var server = new ScriptedServer { Reply = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 wrong" : null };

        var deferral = await Assert.ThrowsAsync<MailDeferredException>(() => Send(server.Settings(user: "house", password: "s3cret"), mail));

        Assert.DoesNotContain("s3cret", deferral.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_beyond_ascii_before_the_at_sign_go_where_they_are_carried_and_are_refused_elsewhere()
    {
        var international = new OutgoingMail(mail.Id, "zoé@promo.example", "Zoé", mail.Subject, mail.Text, mail.Html);
        await using var able = new ScriptedServer { Extensions = ["8BITMIME", "SMTPUTF8"] };
        await using var unable = new ScriptedServer { Extensions = ["8BITMIME"] };

        await Send(able.Settings(), international);
        var refusal = await Assert.ThrowsAsync<MailRefusedException>(() => Send(unable.Settings(), international));

        Assert.Contains(able.Lines, line => line.Line.StartsWith("MAIL", StringComparison.Ordinal) && line.Line.Contains("SMTPUTF8", StringComparison.Ordinal));
        Assert.Contains(able.Lines, line => line.Line == "RCPT TO:<zoé@promo.example>");
        Assert.Equal("zoé@promo.example", Assert.Single(able.Arrived.To.Mailboxes).Address);
        Assert.Contains("SMTPUTF8", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(unable.Lines, line => line.Line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_beyond_ascii_goes_everywhere()
    {
        await using var server = new ScriptedServer();

        await Send(server.Settings() with { From = "billetterie@théâtre.example" }, new OutgoingMail(mail.Id, "zoe@étoile.example", null, "S", "T", null));

        Assert.Contains(server.Lines, line => line.Line == "RCPT TO:<zoe@xn--toile-9ra.example>");
        Assert.Contains("zoe@xn--toile-9ra.example", server.Accepted[0], StringComparison.Ordinal);
        Assert.True(server.Accepted[0].All(char.IsAscii));
    }

    [Fact]
    public async Task Someone_whose_address_the_server_cannot_carry_is_still_shown_to_the_others()
    {
        await using var server = new ScriptedServer();

        await Send(server.Settings(), mail with { ShownTo = [new MailName("zoe@promo.example"), new MailName("rené@promo.example", "René")] });

        var to = server.Arrived.To;
        Assert.Equal("zoe@promo.example", Assert.Single(to.Mailboxes).Address);
        Assert.Equal("René rené@promo.example", Assert.IsType<GroupAddress>(to[1]).Name);
        Assert.True(server.Accepted[0].All(char.IsAscii));
    }

    [Theory]
    [InlineData("Bcc\r\nBcc: other@example.org")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    public void What_would_break_out_of_a_header_is_no_mail(string text)
    {
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), "a@b.example", null, text, "", null));
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), "a@b.example", text, "", "", null));
        Assert.Throws<ArgumentException>(() => new OutgoingMail(Guid.NewGuid(), $"a@b.example{text}", null, "", "", null));
        Assert.Throws<ArgumentException>(() => new MailName("a@b.example", text));
        Assert.Throws<ArgumentException>(() => new MailName($"a{text}@b.example"));
        Assert.Throws<ArgumentException>(() => new MailAttachment($"{text}.pdf", "application/pdf", default(ReadOnlyMemory<byte>)));
        Assert.Throws<ArgumentException>(() => new MailAttachment("a.pdf", $"application/{text}", default(ReadOnlyMemory<byte>)));
        Assert.Throws<ArgumentException>(() => new MailAttachment("a.png", "image/png", default(ReadOnlyMemory<byte>)) { ContentId = text });
        Assert.Throws<ArgumentException>(() => mail with { FromName = text });
        Assert.Throws<ArgumentException>(() => mail with { EnvelopeSender = $"a@b.example{text}" });
        Assert.Throws<ArgumentException>(() => mail with { ListHeaders = ImmutableSortedDictionary<string, string>.Empty.Add("List-Id", text) });
        Assert.Throws<ArgumentException>(() => mail with { ListHeaders = ImmutableSortedDictionary<string, string>.Empty.Add($"List-{text}", "x") });
        Assert.Throws<ArgumentException>(() => mail with { ListHeaders = ImmutableSortedDictionary<string, string>.Empty.Add("Bcc", "x@y.example") });
    }

    /// <summary>What is no control character and might still be read as the end of something.</summary>
    [Theory]
    [InlineData("\u2028Bcc: other@example.org\u2029")]
    [InlineData("=?utf-8?q?=0D=0ABcc:_other@example.org?=")]
    [InlineData("\" <other@example.org>, \"x")]
    [InlineData("a <other@example.org>")]
    [InlineData("one; two: (three\\")]
    [InlineData("lone \ud800 half")]
    [InlineData("𝒜 ﷽ \u202Eesrever")]
    [InlineData(" ")]
    public async Task Nothing_in_a_name_or_a_subject_becomes_a_header_or_an_address(string text)
    {
        await using var server = new ScriptedServer();
        var repeated = string.Concat(Enumerable.Repeat(text, 30));

        await Send(server.Settings(), new OutgoingMail(mail.Id, mail.To, text, repeated, text, null)
        {
            FromName = repeated,
            ReplyTo = new MailName("accueil@opera.example", text),
            Attachments = [new MailAttachment($"x{text.Replace('\\', 'x')}.pdf", "application/pdf", new byte[] { 1 })],
        });

        var arrived = server.Arrived;
        Assert.Equal(
            ["Auto-Submitted", "Date", "From", "MIME-Version", "Message-Id", "Reply-To", "Subject", "To"],
            arrived.Headers.Select(header => header.Field).Order(StringComparer.Ordinal));
        Assert.Equal("zoe@promo.example", Assert.IsType<MailboxAddress>(Assert.Single(arrived.To)).Address);
        Assert.Equal("billetterie@theatre.example", Assert.IsType<MailboxAddress>(Assert.Single(arrived.From)).Address);
        Assert.Equal("accueil@opera.example", Assert.IsType<MailboxAddress>(Assert.Single(arrived.ReplyTo)).Address);
        Assert.DoesNotContain("\n", arrived.Subject + arrived.To + arrived.From, StringComparison.Ordinal);
        Assert.Equal(["application/pdf"], arrived.Attachments.Select(file => file.ContentType.MimeType));
        Assert.All(server.Accepted[0].Split("\r\n"), line => Assert.True(line.Length <= 998 && line.All(char.IsAscii), line));
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

    private async Task<MailReceipt> Send(MailSettings settings, OutgoingMail outgoing, CancellationToken cancellation = default)
    {
        await using var transport = new SmtpMail(settings, time);
        return await transport.Send(outgoing, cancellation);
    }

    private static Func<string, string?> At(string at, string reply) => line => line.StartsWith(at, StringComparison.Ordinal) ? reply : null;

    /// <summary>A stream that can be read once, as a database's is.</summary>
    private static Stream Piped(byte[] bytes)
    {
        var pipe = new Pipe();
        _ = Task.Run(async () =>
        {
            await pipe.Writer.WriteAsync(bytes);
            await pipe.Writer.CompleteAsync();
        });
        return pipe.Reader.AsStream();
    }

    private static byte[] Bytes(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Falls silent at a line, and says when it did.</summary>
    private sealed class Signal
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => reached.Task;

        public bool Set() => reached.TrySetResult();

        public Func<string, string?> At(string at) => line =>
        {
            if (!line.StartsWith(at, StringComparison.Ordinal)) return null;
            Set();
            return ScriptedServer.Silence;
        };

        public Func<string, string?> Once(string at) => line => line.StartsWith(at, StringComparison.Ordinal) && Set() ? ScriptedServer.Silence : null;
    }
}
