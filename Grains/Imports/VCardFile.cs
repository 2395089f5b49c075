using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Guichet.Contacts;
using NodaTime;

namespace Guichet.Imports;

/// <summary>
/// Reads an address book (vCard 2.1, 3.0 and 4.0: RFC 2425, 2426, 6350) into a table whose headers are the names of <see cref="ContactFields"/>:
/// folded lines, quoted-printable in the charset that is said, groups, and the addresses, telephones and e-mails that a contact has room for.
/// What it has no room for goes into the note. Pictures, sounds and keys are passed over.
/// </summary>
internal static class VCardFile
{
    private static readonly ImmutableArray<string> Headers =
    [
        ContactFields.Kind, ContactFields.Name, ContactFields.FirstName, ContactFields.Title, ContactFields.BirthDate, ContactFields.Structure, ContactFields.Function,
        ImportFields.Email, ContactFields.Mobile, ContactFields.Phone, ContactFields.Fax,
        "line1", "line2", "line3", "postcode", "city", "region", "country",
        "deliveryLine1", "deliveryLine2", "deliveryLine3", "deliveryPostcode", "deliveryCity", "deliveryRegion", "deliveryCountry",
        "billingLine1", "billingLine2", "billingLine3", "billingPostcode", "billingCity", "billingRegion", "billingCountry",
        ImportFields.Language, ContactFields.Tags, ContactFields.Number, ImportFields.Note,
    ];

    /// <summary>Whether a file begins as one.</summary>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        if (head is [0xEF, 0xBB, 0xBF, ..]) head = head[3..];
        return Encoding.Latin1.GetString(head).Replace("\0", "", StringComparison.Ordinal).TrimStart('\u00FF', '\u00FE', ' ', '\r', '\n', '\t').StartsWith("BEGIN:VCARD", StringComparison.OrdinalIgnoreCase);
    }

    public static Taken<Table> Read(Stream bytes, string name, ImportLimits limits)
    {
        var refusals = new RefusalList();
        var rows = new TableRows(limits, refusals);
        rows.Add(1, [.. Headers.Select(Cell.Of)]);
        Card? card = null;
        var depth = 0;
        foreach (var (line, text) in Unfolded(new TextDecoder(bytes, limits.LineLength), limits))
        {
            if (rows.IsFull) break;
            if (Property.Parse(text) is not { } property) continue;
            switch (property.Name)
            {
                // A card may hold another (2.1's AGENT): that is nobody of the file.
                case "BEGIN" when property.Raw.Trim().Equals("VCARD", StringComparison.OrdinalIgnoreCase):
                    if (depth++ == 0) card = new Card(line);
                    break;
                case "END" when depth > 0 && property.Raw.Trim().Equals("VCARD", StringComparison.OrdinalIgnoreCase):
                    if (--depth > 0) break;
                    rows.Add(card!.Line, card.Cells(limits, refusals));
                    card = null;
                    break;
                default:
                    if (depth == 1) card!.Take(property);
                    break;
            }
        }
        if (card is not null) refusals.Add(ImportRefusal.At(ImportCodes.CardUnclosed, card.Line, "", ""));
        return rows.Count == 1 && refusals.Count == 0
            ? ImportRefusal.Of(ImportCodes.FileEmpty)
            : refusals.Or(() => new Table(name, FileFormat.VCard, "", [], '\0', rows.Done(), rows.Width));
    }

    /// <summary>Logical lines with the number of the first physical one: what goes on begins with a blank, or follows a quoted-printable's last =.</summary>
    private static IEnumerable<(int Line, string Text)> Unfolded(TextReader reader, ImportLimits limits)
    {
        var (whole, start, number) = (new StringBuilder(), 0, 0);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (IsQuotedPrintable(whole) && whole is [.., '='])
            {
                whole.Length--;
                whole.Append(line.TrimStart('\t', ' '));
            }
            else if (line.Length > 0 && line[0] is ' ' or '\t' && whole.Length > 0)
            {
                // Pictures are megabytes on folded lines: their beginning is enough to know that they are passed over.
                if (whole.Length < limits.CellLength * 2) whole.Append(line, 1, line.Length - 1);
            }
            else
            {
                if (whole.Length > 0) yield return (start, whole.ToString());
                whole.Clear().Append(line);
                start = number;
            }
        }
        if (whole.Length > 0) yield return (start, whole.ToString());
    }

    private static bool IsQuotedPrintable(StringBuilder line)
    {
        if (line.Length == 0) return false;
        var head = line.ToString(0, Math.Min(line.Length, 120));
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && head.AsSpan(0, colon).Contains("QUOTED-PRINTABLE", StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="Types">In lower case: <c>cell</c>, <c>home</c>, <c>pref</c>…</param>
    /// <param name="Raw">Decoded, escapes still in it.</param>
    private sealed record Property(string Name, ImmutableArray<string> Types, string Raw)
    {
        /// <summary>Null for what isn't one.</summary>
        public static Property? Parse(string line)
        {
            var colon = ColonOf(line);
            if (colon <= 0) return null;
            var parts = line[..colon].Split(';');
            // item1.TEL: the group says nothing to us.
            var name = parts[0][(parts[0].LastIndexOf('.') + 1)..].Trim().ToUpperInvariant();
            var (types, charset, printable) = (new List<string>(), "", false);
            foreach (var parameter in parts.Skip(1))
            {
                var equals = parameter.IndexOf('=', StringComparison.Ordinal);
                var key = equals < 0 ? "TYPE" : parameter[..equals].Trim().ToUpperInvariant();
                var value = (equals < 0 ? parameter : parameter[(equals + 1)..]).Trim().Trim('"').ToLowerInvariant();
                if (value == "quoted-printable") printable = true;
                else if (key == "CHARSET") charset = value;
                else if (key == "TYPE") types.AddRange(value.Split(',').Select(type => type.Trim('"', ' ')));
                else if (key == "PREF") types.Add("pref");
            }
            var raw = line[(colon + 1)..];
            return new Property(name, [.. types], printable ? Decoded(raw, charset) : raw);
        }

        /// <summary>The first colon outside of quotes.</summary>
        private static int ColonOf(string line)
        {
            var quoted = false;
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] == '"') quoted = !quoted;
                else if (line[i] == ':' && !quoted) return i;
            }
            return -1;
        }

        /// <summary>Quoted-printable (RFC 2045) in its charset; UTF-8 where none is said and it is that, else Windows-1252.</summary>
        private static string Decoded(string text, string charset)
        {
            var bytes = new List<byte>(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    bytes.Add(code);
                    i += 2;
                }
                else if (text[i] < 0x80) bytes.Add((byte)text[i]);
                else bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
            }
            byte[] all = [.. bytes];
            var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
            if (charset is "iso-8859-1" or "windows-1252" or "latin1") return windows.GetString(all);
            if (charset.StartsWith("iso-8859-15", StringComparison.Ordinal)) return CodePagesEncodingProvider.Instance.GetEncoding(28605)!.GetString(all);
            try
            {
                return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(all);
            }
            catch (DecoderFallbackException)
            {
                return windows.GetString(all);
            }
        }

        public bool Is(params ReadOnlySpan<string> types)
        {
            foreach (var type in types)
                if (Types.Contains(type)) return true;
            return false;
        }

        public string Text => Unescaped(Raw);

        /// <summary>The parts between semicolons, or commas.</summary>
        public ImmutableArray<string> Parts(char separator) => [.. Between(Raw, separator).Select(Unescaped)];

        /// <summary>The values, between commas, of one of the parts between semicolons.</summary>
        public ImmutableArray<string> Structured(int part) =>
            Between(Raw, ';').ElementAtOrDefault(part) is { } raw ? [.. Between(raw, ',').Select(Unescaped).Where(value => value.Length > 0)] : [];

        private static IEnumerable<string> Between(string raw, char separator)
        {
            var start = 0;
            for (var i = 0; i < raw.Length; i++)
            {
                if (raw[i] == '\\') i++;
                else if (raw[i] == separator)
                {
                    yield return raw[start..i];
                    start = i + 1;
                }
            }
            yield return raw[start..];
        }

        private static string Unescaped(string text)
        {
            var plain = new StringBuilder(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] != '\\' || i + 1 == text.Length) plain.Append(text[i]);
                else plain.Append(text[++i] is 'n' or 'N' ? '\n' : text[i]);
            }
            return plain.ToString().Trim();
        }
    }

    /// <summary>One card while it is read.</summary>
    private sealed class Card(int line)
    {
        private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
        private readonly List<string> emails = [];
        private readonly List<string> notes = [];
        private readonly List<(bool Preferred, string Kind, string Number)> phones = [];
        private readonly List<Property> addresses = [];
        private string full = "", organisation = "", role = "";
        private bool company;

        public int Line { get; } = line;

        public void Take(Property property)
        {
            switch (property.Name)
            {
                case "N":
                    var parts = property.Parts(';');
                    Set(ContactFields.Name, parts[0]);
                    if (parts.Length > 1) Set(ContactFields.FirstName, parts[1]);
                    if (parts.Length > 3) Set(ContactFields.Title, parts[3]);
                    break;
                case "FN": full = OneLine(property.Text); break;
                case "ORG": organisation = OneLine(property.Parts(';')[0]); break;
                case "KIND": company = property.Text.Equals("org", StringComparison.OrdinalIgnoreCase); break;
                case "X-ABSHOWAS": company |= property.Text.Equals("COMPANY", StringComparison.OrdinalIgnoreCase); break;
                case "TITLE": Set(ContactFields.Function, property.Text); break;
                case "ROLE": role = OneLine(property.Text); break;
                case "BDAY": Set(ContactFields.BirthDate, property.Text); break;
                case "EMAIL" when property.Text.Length > 0: emails.Insert(property.Is("pref") ? 0 : emails.Count, WithoutScheme(property.Text, "mailto:")); break;
                case "TEL" when property.Text.Length > 0: phones.Add((property.Is("pref"), property.Is("fax") ? ContactFields.Fax : property.Is("cell", "mobile", "iphone") ? ContactFields.Mobile : ContactFields.Phone, WithoutScheme(property.Text, "tel:"))); break;
                case "ADR": addresses.Add(property); break;
                case "NOTE" when property.Text.Length > 0: notes.Add(property.Text); break;
                case "CATEGORIES": Set(ContactFields.Tags, string.Join(", ", property.Parts(','))); break;
                case "LANG": Set(ImportFields.Language, property.Text); break;
                case "X-GUICHET-NUMBER": Set(ContactFields.Number, property.Text); break;
            }
        }

        public Cell[] Cells(ImportLimits limits, RefusalList refusals)
        {
            if (company || (!Has(ContactFields.Name) && !Has(ContactFields.FirstName) && full.Length == 0 && organisation.Length > 0))
            {
                values[ContactFields.Kind] = "structure";
                values[ContactFields.Name] = organisation.Length > 0 ? organisation : full;
                values.Remove(ContactFields.FirstName);
            }
            else
            {
                if (!Has(ContactFields.Name)) values[ContactFields.Name] = Has(ContactFields.FirstName) ? values[ContactFields.FirstName] : full;
                if (values[ContactFields.Name] == values.GetValueOrDefault(ContactFields.FirstName)) values.Remove(ContactFields.FirstName);
                Set(ContactFields.Structure, organisation);
                if (!Has(ContactFields.Function)) Set(ContactFields.Function, role);
            }
            foreach (var (_, kind, number) in phones.OrderByDescending(phone => phone.Preferred))
                if (!values.TryAdd(kind, number)) notes.Add($"Tel. {number}");
            PlaceAddresses();
            values[ImportFields.Email] = string.Join(", ", emails);
            values[ImportFields.Note] = string.Join("\n", notes);
            var cells = new Cell[Headers.Length];
            for (var i = 0; i < cells.Length; i++)
            {
                var text = values.GetValueOrDefault(Headers[i], "");
                if (text.Length > limits.CellLength) refusals.Add(TableRows.CellTooLong(Line, Headers[i], text, limits));
                cells[i] = Headers[i] == ContactFields.BirthDate ? Birth(text) : Cell.Of(text);
            }
            return cells;
        }

        private void PlaceAddresses()
        {
            foreach (var address in addresses.OrderByDescending(address => address.Is("pref")))
            {
                var kind = address.Is("x-delivery") ? AddressKind.Delivery : address.Is("x-billing") ? AddressKind.Billing : AddressKind.Main;
                var parts = address.Parts(';');
                var street = Street(address.Structured(2)).Concat([Part(1), Part(0)]).SelectMany(part => part.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
                if (street.Length == 0 && Part(3).Length == 0 && Part(5).Length == 0) continue;
                if (Has(ContactFields.PartOf(kind, "city")) || Has(ContactFields.PartOf(kind, "line1")))
                {
                    notes.Add(OneLine(string.Join(", ", street.Concat([$"{Part(5)} {Part(3)}".Trim(), Part(6)]).Where(part => part.Length > 0))));
                    continue;
                }
                for (var i = 0; i < Math.Min(3, street.Length); i++) Set(ContactFields.PartOf(kind, $"line{i + 1}"), i == 2 ? string.Join(", ", street.Skip(2)) : street[i]);
                Set(ContactFields.PartOf(kind, "city"), Part(3));
                Set(ContactFields.PartOf(kind, "region"), Part(4));
                Set(ContactFields.PartOf(kind, "postcode"), Part(5));
                Set(ContactFields.PartOf(kind, "country"), Part(6));

                string Part(int index) => index < parts.Length ? parts[index] : "";
            }
        }

        /// <summary>Lines are separated by commas; what many write as 12, rue Haute is one of them.</summary>
        private static IEnumerable<string> Street(ImmutableArray<string> lines) =>
            lines.Length > 1 && lines[0].Length <= 8 && lines[0].AsSpan().ContainsAnyInRange('0', '9') && !lines[0].Contains(' ', StringComparison.Ordinal)
                ? lines.Skip(2).Prepend($"{lines[0]}, {lines[1]}")
                : lines;

        /// <summary>Without a year (--0517) it is no date of birth.</summary>
        private static Cell Birth(string text)
        {
            if (text.StartsWith("--", StringComparison.Ordinal)) return default;
            var day = text.Split('T')[0];
            return Dates.Read(day, DateOrder.DayFirst) is { IsRead: true } read ? Cell.Of(read.Date.At(LocalTime.Midnight)) : Cell.Of(text);
        }

        private bool Has(string field) => values.GetValueOrDefault(field, "").Length > 0;

        private void Set(string field, string text)
        {
            if (OneLine(text) is { Length: > 0 } line) values[field] = line;
        }

        private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        private static string WithoutScheme(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].Split(';')[0] : text;
    }
}
