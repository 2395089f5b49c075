using System.Collections.Immutable;
using Guichet.Mail;
using Guichet.Papers;
using Guichet.Partners;

namespace Guichet.Reporting;

/// <summary>Puts a report, its files and its logo into a mail.</summary>
internal static class ReportPost
{
    /// <param name="logo">Null for none.</param>
    /// <param name="page">Where the link to the partner's page leads; null for none.</param>
    /// <param name="bounces">Where it comes back to; null for its sender.</param>
    /// <exception cref="ArgumentException">An address is none.</exception>
    public static OutgoingMail Mail(DeliveredReport delivered, ReportRecipient recipient, (PaperImage Image, Logo Logo, byte[] Bytes)? logo, Uri? page, string? bounces)
    {
        var report = delivered.Report;
        var letterhead = report.Letterhead.Details;
        ImmutableArray<MailName> Names(RecipientKind kind) => [.. delivered.Recipients.Where(each => each.Kind == kind).Select(each => new MailName(each.Email, each.Name))];
        var attachments = report.Template.Attachments.Select(kind => new MailAttachment(report.FileName(kind), kind.MediaType(), async cancellation =>
        {
            var file = new MemoryStream();
            await report.Write(kind, file, logo?.Image, cancellation);
            file.Position = 0;
            return file;
        }));
        var subject = delivered.Run.Kind == ReportRunKind.Test ? $"[Test] {report.Subject}" : report.Subject;
        return new OutgoingMail(
            recipient.MailId, recipient.Email, recipient.Name, subject, ReportLetter.Text(report, page),
            ReportLetter.Html(report, logo is null ? null : $"cid:{ReportLetter.LogoContentId}", page))
        {
            EnvelopeSender = bounces,
            ShownTo = Names(RecipientKind.To),
            ShownCc = Names(RecipientKind.Cc),
            FromName = letterhead.SenderName ?? report.Organisation,
            ReplyTo = letterhead.ReplyTo is { } replyTo ? new MailName(replyTo, letterhead.SenderName ?? report.Organisation) : null,
            Date = delivered.Run.At,
            Attachments = logo is { } picture
                ? [.. attachments, new MailAttachment(picture.Logo.MediaType == "image/png" ? "logo.png" : "logo.jpg", picture.Logo.MediaType, picture.Bytes) { ContentId = ReportLetter.LogoContentId }]
                : [.. attachments],
        };
    }
}
