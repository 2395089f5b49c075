using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>Contacts as vCards (RFC 6350, version 4.0), one after the other: UTF-8, lines folded at 75 octets, every number, e-mail and address.</summary>
public static class VCard
{
    public const string Type = "text/vcard; charset=utf-8";

    private const int LongestLine = 75;

    /// <summary>Read once, while they are written: any number of them takes the memory of one.</summary>
    public static async Task Write(Stream to, IAsyncEnumerable<WholeContact> contacts, CancellationToken cancellation = default)
    {
        var lines = new StringBuilder();
        await foreach (var contact in contacts.WithCancellation(cancellation))
        {
            Write(lines.Clear(), contact);
            await to.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
        }
    }

    /// <summary>One card.</summary>
    public static string Of(WholeContact contact)
    {
        var lines = new StringBuilder();
        Write(lines, contact);
        return lines.ToString();
    }

    private static void Write(StringBuilder lines, WholeContact contact)
    {
        var details = contact.Details;
        Line(lines, "BEGIN:VCARD");
        Line(lines, "VERSION:4.0");
        Line(lines, $"UID;VALUE=text:{Text(contact.Id)}");
        Line(lines, details.Kind == ContactKind.Structure ? "KIND:org" : "KIND:individual");
        Line(lines, $"FN:{Text(details.FirstName is null ? details.Name : $"{details.FirstName} {details.Name}")}");
        if (details.Kind == ContactKind.Structure) Line(lines, $"ORG:{Text(details.Name)}");
        else Line(lines, $"N:{Text(details.Name)};{Text(details.FirstName)};;{Text(details.Title)};");
        if (details.BirthDate is { } born) Line(lines, $"BDAY:{born.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}");
        if (details.Function is { } function) Line(lines, $"TITLE:{Text(function)}");
        for (var i = 0; i < details.Emails.Length; i++) Line(lines, $"EMAIL{(i == 0 ? ";PREF=1" : "")}:{Text(details.Emails[i])}");
        Phone("cell", details.Mobile);
        Phone("voice", details.Phone);
        Phone("fax", details.Fax);
        foreach (var address in details.Addresses)
        {
            // The standard has no types for delivery and billing: those are ours.
            var type = address.Kind switch { AddressKind.Delivery => ";TYPE=x-delivery", AddressKind.Billing => ";TYPE=x-billing", _ => ";PREF=1" };
            var street = string.Join(',', new[] { address.Line1, address.Line2, address.Line3 }.Where(line => line is not null).Select(Text));
            Line(lines, $"ADR{type}:;;{street};{Text(address.City)};{Text(address.Region)};{Text(address.Postcode)};{Text(address.Country)}");
        }
        Line(lines, $"LANG:{(details.Language == Language.English ? "en" : "fr")}");
        if (!contact.Tags.IsDefaultOrEmpty) Line(lines, $"CATEGORIES:{string.Join(',', contact.Tags.Select(Text))}");
        Line(lines, $"X-GUICHET-NUMBER:{contact.Number.ToString(CultureInfo.InvariantCulture)}");
        Line(lines, $"REV:{contact.ChangedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
        Line(lines, "END:VCARD");

        void Phone(string type, string? number)
        {
            if (number is not null) Line(lines, $"TEL;VALUE=uri;TYPE={type}:tel:{number}");
        }
    }

    /// <summary>What would end a value, or a line, is escaped; what no text file holds is left out.</summary>
    private static string Text(string? value)
    {
        if (value is null) return "";
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is '\\' or ',' or ';') text.Append('\\').Append((char)rune.Value);
            else if (rune.Value == '\n') text.Append("\\n");
            else if (!Rune.IsControl(rune) || rune.Value == '\t') text.Append(rune.ToString());
        }
        return text.ToString();
    }

    /// <summary>Folded between characters, never inside one: what goes on begins with a space, which counts.</summary>
    private static void Line(StringBuilder lines, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                lines.Append("\r\n ");
                octets = 1;
            }
            lines.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        lines.Append("\r\n");
    }
}
