using System.Text;
using Guichet.Organisations;

namespace Guichet.Mail;

public sealed class DeliveryReportTests
{
    private const string Token = "0123456789abcdefghjkmnpqrs";
    private const string Address = $"bounces+{Token}@theatre.example";

    private const string Failed = "Final-Recipient: rfc822; prod@asterie.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.asterie.example\nDiagnostic-Code: smtp; 550 5.1.1 <prod@asterie.example>:\n    no such user";

    /// <summary>As Postfix, Exim, Exchange and others write them: a text for people, what programs read, what came back.</summary>
    private static string Notice(string status, string to = Address, string headers = "", string returned = "", string perMessage = "Reporting-MTA: dns; mx.theatre.example") =>
        $"""
        From: MAILER-DAEMON@mx.theatre.example
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        {headers}Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Votre message n'a pas pu être remis.
        --b
        Content-Type: message/delivery-status

        {perMessage}

        {status}

        --b
        {(returned.Length > 0 ? returned : "Content-Type: text/rfc822-headers\n\nSubject: Ventes\n")}
        --b--
        """;

    public static TheoryData<string, string, string?, DeliveryAction?, string?> Notices => new()
    {
        { "for good", Notice(Failed), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "not yet", Notice(Failed.Replace("failed", "delayed", StringComparison.Ordinal).Replace("5.1.1", "4.4.1", StringComparison.Ordinal)), Token, DeliveryAction.Delayed, "550 4.4.1 <prod@asterie.example>: no such user" },
        { "given up after days of not yet", Notice("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 4.4.7"), Token, DeliveryAction.Failed, "4.4.7" },
        { "arrived", Notice("Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0"), Token, DeliveryAction.Arrived, "2.0.0" },
        { "passed on to where nobody reports from", Notice("Final-Recipient: rfc822; a@b.example\nAction: relayed\nStatus: 2.1.9"), Token, DeliveryAction.Arrived, "2.1.9" },
        { "passed on to two, one of whom is gone", Notice($"Final-Recipient: rfc822; x@y.example\nAction: delivered\nStatus: 2.0.0\n\n{Failed}"), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "loud", Notice(Failed.Replace("Action: failed", "ACTION:  Failed ", StringComparison.Ordinal), Address.ToUpperInvariant()), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "a diagnosis without its kind", Notice("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: the mailbox is full; try another"), Token, DeliveryAction.Failed, "the mailbox is full; try another" },
        { "without a word", Notice("Final-Recipient: rfc822; a@b.example\nAction: failed"), Token, DeliveryAction.Failed, null },
        { "to a name", Notice(Failed, $"\"Rebonds, du théâtre\" <{Address}>"), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "brought by an alias", Notice(Failed, "postmaster@theatre.example", $"Delivered-To: pipe@localhost\nX-Original-To: {Address}\n"), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "named by what came back alone", Notice(Failed, "postmaster@theatre.example", returned: $"Content-Type: text/rfc822-headers\n\nReturn-Path: <{Address}>\nSubject: Ventes\n"), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "named by the whole mail that came back", Notice(Failed, "postmaster@theatre.example", returned: $"Content-Type: message/rfc822\n\nReturn-Path: <{Address}>\nFrom: a@b.example\nSubject: Ventes\n\nbody"), Token, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "of nobody's", Notice(Failed, "bounces@theatre.example"), null, DeliveryAction.Failed, "550 5.1.1 <prod@asterie.example>: no such user" },
        { "reports nothing", Notice("Final-Recipient: rfc822; a@b.example"), Token, null, null },
        { "a holiday notice", $"From: prod@asterie.example\nTo: {Address}\nSubject: Absence\nAuto-Submitted: auto-replied\nPrecedence: bulk\n\nJe suis absente. Action: failed\nStatus: 5.1.1\n", Token, null, null },
        { "somebody's answer", $"From: prod@asterie.example\nTo: {Address}\nSubject: Re: Ventes\n\nMerci !\n", Token, null, null },
        { "a receipt for reading", $"From: prod@asterie.example\nTo: {Address}\nContent-Type: multipart/report; report-type=disposition-notification; boundary=\"b\"\n\n--b\nContent-Type: message/disposition-notification\n\nAction: failed\n\n--b--\n", Token, null, null },
        { "a report of another kind that holds one of ours", $"From: abuse@asterie.example\nTo: {Address}\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n\n--b--\n", Token, null, null },
    };

    [Theory, MemberData(nameof(Notices))]
    public void What_comes_back_is_told_apart(string what, string raw, string? token, DeliveryAction? action, string? reason)
    {
        foreach (var lines in new[] { "\n", "\r\n" })
        {
            var report = Read(raw.ReplaceLineEndings(lines));
            Assert.True(report is not null, what);
            Assert.Equal((what, token, action, reason), (what, report.Token, report.Action, report.Reason));
        }
    }

    [Fact]
    public void Who_brings_it_may_say_where_it_came_to()
    {
        Assert.Equal(Token, Read(Notice(Failed, "postmaster@theatre.example"), $"<{Address}>")!.Token);
        Assert.Equal(Token, Read(Notice(Failed), "postmaster@theatre.example")!.Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\u0001\u0002")]
    [InlineData("{\"recipient\":\"x\"}")]
    [InlineData("hello")]
    [InlineData("\n\nAction: failed\nStatus: 5.1.1\n")]
    public void What_is_no_mail_is_none(string raw) => Assert.Null(Read(raw));

    /// <summary>Whatever is cut off or put into one another: an answer, and no more.</summary>
    [Fact]
    public void Half_a_notice_and_one_of_a_thousand_parts_end()
    {
        var whole = Notice(Failed);
        for (var length = 0; length < whole.Length; length += 7) _ = Read(whole[..length]);
        var nested = new StringBuilder($"From: a@b.example\nTo: {Address}\n");
        for (var depth = 0; depth < 1_000; depth++) nested.Append("Content-Type: multipart/mixed; boundary=\"b").Append(depth).Append("\"\n\n--b").Append(depth).Append('\n');
        Assert.Null(Read(nested.ToString())!.Action);
        Assert.Equal(500, Read(Notice($"Action: failed\nDiagnostic-Code: smtp; {new string('é', 600)}"))!.Reason!.Length);
    }

    [Fact]
    public void An_address_for_returned_mails_has_room_for_its_token()
    {
        Assert.Equal(Address, new BounceAddress("bounces@theatre.example").For(Token));
        Assert.Null(new BounceAddress(null).For(Token));
        Assert.True(EmailAddress.IsValid(new BounceAddress($"{new string('b', BounceAddress.LongestOwn)}@theatre.example").For(Secrets.NewShort())));
    }

    private static DeliveryReport? Read(string raw, string? recipient = null) => DeliveryReport.Read(new MemoryStream(Encoding.UTF8.GetBytes(raw)), recipient);
}
