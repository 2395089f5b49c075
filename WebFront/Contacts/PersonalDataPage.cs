using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Guichet.Journal;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>A person's data as a page to read and to print: one file, that asks for nothing elsewhere. Written part by part; texts are always encoded.</summary>
internal sealed class PersonalDataPage(Stream to, DisclosedContact data) : IAsyncDisposable
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const int Full = 32 * 1024;

    private const string Style = """
        :root{color-scheme:light;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--wash:#f5f7f9;--accent:#1d4f91}
        *{box-sizing:border-box}
        html{background:#fff;color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{margin:0 auto;max-width:62rem;padding:2.5rem 1.5rem 4rem}
        h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem}
        h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}
        h3{font-size:1rem;margin:1.5rem 0 .5rem}
        p{margin:.5rem 0;max-width:44rem}
        .soft{color:var(--soft)}
        a{color:var(--accent)}
        nav{background:var(--wash);border-radius:.5rem;padding:1rem 1.25rem;margin:1.5rem 0}
        nav ul{columns:3 14rem;margin:0;padding:0;list-style:none}
        dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.3rem 1.25rem;margin:.5rem 0}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:break-word;white-space:pre-line}
        th{color:var(--soft);font-weight:600;white-space:nowrap}
        td.num,th.num{text-align:right;white-space:nowrap}
        @media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}body{padding:1.25rem 1rem}}
        @media print{html{font-size:10pt}body{max-width:none;padding:0}nav{display:none}h2,h3{break-after:avoid}tr,dt,dd{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}a{color:inherit;text-decoration:none}@page{margin:16mm 14mm}}
        """;

    private readonly StreamWriter writer = new(to, new UTF8Encoding(false), 16 * 1024, leaveOpen: true);
    private readonly StringBuilder text = new(Full + 4096);

    private Formats Formats => data.Reader.Formats;

    /// <summary>What the file doesn't hold, and why.</summary>
    public static ImmutableArray<string> LeftOut(DisclosedContact data) =>
    [
        data.T(
            "Les noms des personnes de la structure qui ont tenu votre fiche, et ceux d’autres contacts que vous n’avez pas à connaître (RGPD, article 15, paragraphe 4).",
            "The names of the people of the organisation who kept your record, and those of other contacts that aren’t yours to know (GDPR, article 15, paragraph 4)."),
        data.T(
            "Les rapprochements avec des fiches qui ressemblent à la vôtre : elles sont d’autres personnes.",
            "Comparisons with records that look like yours: they are other people’s."),
        data.T("Le mot de passe de votre compte, que personne ne peut lire.", "The password of your account, which nobody can read."),
    ];

    public async Task Begin()
    {
        var (state, name) = (data.State, data.State.Details!.FullName());
        var title = data.T($"Données personnelles – {name}", $"Personal data – {name}");
        Raw("<!DOCTYPE html>\n<html lang=\"").Raw(data.Reader.Language == Words.Language.English ? "en" : "fr").Raw("\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>").Said(title).Raw("</title>\n<style>").Raw(Style).Raw("</style>\n</head>\n<body>\n");
        Raw("<h1>").Said(name).Raw("</h1>\n<p class=\"soft\">")
            .Said(data.T(
                $"Contact n° {state.Number} de {data.House.Name} · copie faite le {Formats.DateNumeric(data.At)} à {Formats.Time(data.At)}",
                $"Contact no. {state.Number} of {data.House.Name} · copy made on {Formats.DateNumeric(data.At)} at {Formats.Time(data.At)}")).Raw("</p>\n");
        Paragraph(data.T(
            "Voici toutes les données que cette structure conserve sur vous dans Guichet (RGPD, articles 15 et 20). Le fichier .json à côté dit la même chose pour les programmes.",
            "Here are all the data that this organisation keeps about you in Guichet (GDPR, articles 15 and 20). The .json file beside it says the same for programs."));
        Paragraph(data.T(
            "Vous pouvez demander qu’elles soient corrigées, effacées ou limitées, vous opposer à leur usage, et vous plaindre à la CNIL (www.cnil.fr).",
            "You may ask for them to be corrected, erased or restricted, object to their use, and complain to the supervisory authority (in France the CNIL, www.cnil.fr)."));
        Raw("<nav aria-label=\"").Said(data.T("Sommaire", "Contents")).Raw("\"><ul>");
        foreach (var (id, heading) in Sections) Raw("<li><a href=\"#").Raw(id).Raw("\">").Said(heading).Raw("</a></li>");
        Raw("</ul></nav>\n");
        Record();
        Reaches();
        Consents();
        Relations();
        Classification();
        Seats();
        Notes();
        Indicators();
        Merges();
        Imports();
        Section("left-out");
        Raw("<ul>");
        foreach (var sentence in LeftOut(data)) Raw("<li>").Said(sentence).Raw("</li>");
        Raw("</ul>\n");
        await Flush();
    }

    public Task Purchases(IAsyncEnumerable<PurchaseRow> rows) => Table(
        "purchases", [Date, data.T("Commande", "Order"), data.T("Contenu", "What"), data.T("Filière", "Channel"), Source],
        rows, row => [
            When(row.Told.OccurredAt), row.Purchase.Order + (row.Cancelled ? data.T(" (annulée)", " (cancelled)") : ""),
            string.Join('\n', row.Purchase.Lines.Select((line, i) => Line(row, line, i))), Joined(row.Purchase.Channel, row.Purchase.PointOfSale), Teller(row.Told),
            Formats.Money(row.NetMinor, row.Purchase.Currency)], amount: data.T("Montant restant", "Amount left"));

    public Task Cancellations(IAsyncEnumerable<ToldActivity> rows) => Table(
        "cancellations", [Date, data.T("De l’achat", "Of purchase"), data.T("Lignes", "Lines"), data.T("Raison", "Reason"), Source],
        rows, row => row.Content is not Cancellation cancellation ? [] : [
            When(row.Told.OccurredAt), cancellation.Of,
            cancellation.Lines.IsEmpty ? data.T("tout ce qui restait", "all that was left") : string.Join('\n', cancellation.Lines.Select(line => data.T(
                $"ligne {line.Line} : {line.Quantity}, {Formats.Money(line.AmountMinor, cancellation.Currency ?? "EUR")}", $"line {line.Line}: {line.Quantity}, {Formats.Money(line.AmountMinor, cancellation.Currency ?? "EUR")}"))),
            cancellation.Reason, Teller(row.Told)]);

    public Task Attendances(IAsyncEnumerable<ToldActivity> rows) => Table(
        "attendances", [data.T("Séance", "Session"), data.T("Spectacle", "Show"), data.T("État", "State"), data.T("Personnes", "Persons"), data.T("Places", "Seats"), Source],
        rows, row => row.Content is not Attendance attendance ? [] : [
            When(attendance.SessionAt), Joined(attendance.Title, attendance.Place, attendance.Category, attendance.Tariff),
            data.Reader.Word(attendance.State switch
            {
                AttendanceState.Attended => OutingState.Attended,
                AttendanceState.Absent => OutingState.Absent,
                AttendanceState.Cancelled => OutingState.Cancelled,
                _ => OutingState.Expected,
            }), Formats.Number(attendance.Quantity), string.Join(", ", attendance.Seats), Joined(Teller(row.Told), attendance.Of)]);

    public Task Payments(IAsyncEnumerable<PaymentRow> rows) => Table(
        "payments", [Date, data.T("Moyen", "Means"), data.T("Achats réglés", "Settles"), Source],
        rows, row => [
            When(row.Told.OccurredAt), row.Payment.Means + (row.Payment.Refund ? data.T(" (remboursement)", " (refund)") : ""), string.Join(", ", row.Payment.Settles), Teller(row.Told),
            Formats.Money(row.Payment.Refund ? -row.Payment.Amount.Minor : row.Payment.Amount.Minor, row.Payment.Amount.Currency)], amount: data.T("Montant", "Amount"));

    public Task Messages(IAsyncEnumerable<MessageRow> rows) => Table(
        "messages", [Date, data.T("Voie", "Way"), data.T("Objet", "Subject"), data.T("Campagne", "Campaign"), data.T("État", "State"), data.T("Adresse", "Address"), Source],
        rows, row => [
            When(row.At), data.Reader.Word(row.Message?.Channel ?? MessageChannel.Email), data.Reader.Subject(row), row.Message?.Campaign, data.Reader.StateOf(row),
            row.Message?.Address ?? row.Report?.Email ?? row.Letter?.Email, Joined(data.Reader.Source(row.Source), row.Told is null ? null : row.Id, row.Report?.Reply, row.Letter?.Refused)]);

    public async Task Journal(IAsyncEnumerable<TimelineLine> lines)
    {
        var sentences = new TimelineSentences(data.Reader, data.NameOf);
        await Table(
            "journal", [Date, data.T("Qui", "Who"), data.T("Quoi", "What"), data.T("Fiche", "Record")], lines,
            line => [
                When(line.At), data.Who(line.By), string.Join('\n', sentences.Of(line).Select(sentence => Joined(sentence.Alone, sentence.Detail))),
                data.Records.First(record => record.Id == line.Id).Number.ToString(CultureInfo.InvariantCulture)]);
    }

    public async Task End()
    {
        Raw("</body>\n</html>\n");
        await Flush();
        await writer.FlushAsync();
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private ImmutableArray<(string Id, string Heading)> Sections =>
    [
        ("record", data.T("Votre fiche", "Your record")), ("reaches", data.T("Où vous joindre", "How to reach you")), ("consents", data.T("Consentements", "Consents")),
        ("relations", data.T("Relations", "Relations")), ("classification", data.T("Étiquettes et critères", "Tags and criteria")), ("seats", data.T("Places préférées", "Preferred seats")),
        ("notes", data.T("Notes", "Notes")), ("indicators", data.T("Indicateurs", "Indicators")), ("merges", data.T("Fiches fusionnées", "Merged records")),
        ("imports", data.T("Fichiers d’où viennent ces données", "Files that these data came from")), ("left-out", data.T("Ce qui n’est pas dans ce fichier", "What isn’t in this file")),
        ("purchases", data.T("Achats", "Purchases")), ("cancellations", data.T("Annulations", "Cancellations")), ("attendances", data.T("Venues", "Attendances")),
        ("payments", data.T("Règlements", "Payments")), ("messages", data.T("Messages envoyés", "Messages sent")), ("journal", data.T("Qui a fait quoi, et quand", "Who did what, and when")),
    ];

    private string Date => data.T("Date", "Date");

    private string Source => data.T("Source", "Source");

    private void Record()
    {
        Section("record");
        FactsOf(data.State);
    }

    private void FactsOf(ContactState state)
    {
        var details = state.Details!;
        Facts(
            (data.T("Numéro", "Number"), state.Number.ToString(CultureInfo.InvariantCulture)),
            (data.T("Nature", "Kind"), data.Reader.Word(details.Kind)),
            (data.T("Types", "Types"), string.Join(", ", details.Types.Select(data.Reader.Word))),
            (data.T("Client", "Client"), YesOrNo(state.IsClient)),
            (data.T("Civilité", "Title"), details.Title),
            (data.T("Prénom", "First name"), details.FirstName),
            (data.T("Nom", "Name"), details.Name),
            (data.T("Date de naissance", "Birth date"), details.BirthDate is { } born ? Formats.DateNumeric(born) : null),
            (data.T("Fonction", "Function"), details.Function),
            (data.T("Langue", "Language"), details.Language == Organisations.Language.English ? data.T("anglais", "English") : data.T("français", "French")),
            (data.T("Numéro administratif", "Administrative number"), details.AdministrativeNumber),
            (data.T("Nature de la structure", "Nature of the organisation"), details.Nature),
            ("IBAN", details.Iban),
            (data.T("Code référence", "Reference code"), details.ReferenceCode),
            (data.T("Ambassadeur", "Ambassador"), YesOrNo(details.Ambassador)),
            (data.T("Fiche non valide", "Record not valid"), details.NotValid ? YesOrNo(true) : null),
            (data.T("Archivée", "Archived"), state.Archived ? YesOrNo(true) : null),
            (data.T("À conserver", "To be kept"), state.Hold is { } hold ? Joined(hold.Reason, When(hold.At)) : null),
            (data.T("Compte internet", "Internet account"), state.Account is { } account
                ? Joined(account.Identifier, When(account.OpenedAt), account.HasPassword ? data.T("mot de passe choisi", "password chosen") : null, account.Suspended ? data.T("suspendu", "suspended") : null)
                : null),
            (data.T("Dernière connexion à l’espace", "Last sign-in to the space"), data.LastSignIn is { } last ? When(last) : null),
            (data.T("Navigateurs connectés", "Browsers signed in"), string.Join('\n', data.Browsers.Select(one => Joined(one.Browser, When(one.SignedInAt), When(one.SeenAt))))),
            (data.T("Créée", "Created"), When(state.CreatedAt)),
            (data.T("Modifiée", "Changed"), When(state.ChangedAt)));
    }

    private void Reaches()
    {
        Section("reaches");
        ReachesOf(data.State.Details!);
        if (data.FormerEmails.IsEmpty) return;
        Raw("<h3>").Said(data.T("Anciennes adresses e-mail", "Former e-mail addresses")).Raw("</h3>\n");
        Rows([data.T("E-mail", "E-mail"), data.T("Depuis", "Since"), data.T("Jusqu’à", "Until")],
            data.FormerEmails.Select(one => new[] { one.Email, one.Since is { } since ? When(since) : null, When(one.Until) }));
    }

    private void ReachesOf(ContactDetails details)
    {
        Facts(
            (data.T("E-mail", "E-mail"), string.Join('\n', details.Emails)), (data.T("Mobile", "Mobile"), Phone(details.Mobile)), (data.T("Téléphone", "Telephone"), Phone(details.Phone)),
            (data.T("Télécopie", "Fax"), Phone(details.Fax)));
        foreach (var address in details.Addresses)
        {
            Raw("<h3>").Said(data.T($"Adresse : {data.Reader.Word(address.Kind).ToLower(Formats.Culture)}", $"Address: {data.Reader.Word(address.Kind).ToLower(Formats.Culture)}"))
                .Said(address.NotValid ? data.T(" (non valide)", " (not valid)") : "").Raw("</h3>\n");
            Facts((data.T("Adresse", "Address"), string.Join('\n', new[] { address.Line1, address.Line2, address.Line3, string.Join(' ', new[] { address.Postcode, address.City }.OfType<string>()) }.Where(line => !string.IsNullOrEmpty(line)))),
                (data.T("Département, région", "Department, region"), Joined(address.Department, address.Region)), (data.T("Pays", "Country"), data.Reader.Country(address.Country)));
        }

        static string? Phone(string? e164) => e164 is null ? null : RecordWords.Phone(e164);
    }

    private void Consents() => Rows("consents",
        [data.T("Pour quoi", "What for"), data.T("Par", "By"), data.T("Donné", "Given"), data.T("Où", "Where"), data.T("Texte lu", "Words read"), data.T("Retiré", "Withdrawn")],
        data.State.Consents.Select(consent => new[]
        {
            consent.Category, data.Reader.Word(consent.Channel), When(consent.Given.At), consent.Given.Where, consent.Given.Wording,
            consent.Withdrawn is { } gone ? Joined(When(gone.At), gone.Where, gone.Wording) : data.T("non", "no"),
        }));

    private void Relations() => Rows("relations", [data.T("Relation", "Relation"), data.T("Avec", "With"), data.T("Dates", "Dates")],
        data.Ties.Select(tie => new[] { data.Reader.Word(tie.Kind, tie.Upward), tie.Name ?? data.T("une autre personne", "another person"), data.Reader.During(tie.From, tie.Until) }));

    private void Classification()
    {
        Section("classification");
        if (data.State is { Tags.IsEmpty: true, Criteria.IsEmpty: true })
        {
            Nothing();
            return;
        }
        Facts([
            (data.T("Étiquettes", "Tags"), string.Join(", ", data.State.Tags)),
            .. data.State.Criteria.Select(criterion => ((string, string?))(data.NameOf(criterion.Criterion), string.Join(", ", criterion.Values.Select(value => data.NameOf($"{criterion.Criterion}:{value}")))))]);
    }

    private void Seats() => Rows("seats", [data.T("Lieu", "House"), data.T("Bloc", "Block"), data.T("Rang", "Row"), data.T("Place", "Seat"), data.T("Note", "Note")],
        data.State.Seats.Select(seat => new[] { seat.Place, seat.Block, seat.Row, seat.Seat, seat.Note }));

    private void Notes() => Rows("notes", [Date, data.T("Note", "Note")], data.State.Notes.Select(note => new[] { When(note.At), note.Text }));

    private void Indicators() => Rows("indicators", [data.T("Indicateur", "Indicator"), data.T("Valeur", "Value"), data.T("Règle", "Rule"), data.T("D’où elle vient", "How it was reached")],
        data.Indicators.Select(one => new[] { one.Label, one.Value, one.Rule, string.Join('\n', one.Detail) }));

    private void Merges()
    {
        Section("merges");
        if (data.States.Length == 1 && data.State.Merges.IsEmpty) Nothing();
        if (!data.State.Merges.IsEmpty)
            Rows([Date, data.T("Fiches fusionnées dans la vôtre", "Records merged into yours")],
                data.State.Merges.Select(merge => new[] { When(merge.At), string.Join('\n', merge.Others.Select(other => $"{other.Name} [{other.Number.ToString(CultureInfo.InvariantCulture)}]")) }));
        foreach (var state in data.States.Skip(1).Where(state => state.Details is not null))
        {
            Raw("<h3>").Said(data.T($"Fiche n° {state.Number}", $"Record no. {state.Number}")).Raw("</h3>\n");
            FactsOf(state);
            ReachesOf(state.Details!);
            if (!state.Notes.IsEmpty) Rows([Date, data.T("Note", "Note")], state.Notes.Select(note => new[] { When(note.At), note.Text }));
        }
    }

    private void Imports() => Rows("imports", [Date, data.T("Fichier", "File"), Source, data.T("Ligne", "Line"), data.T("Effet", "Effect")],
        data.Imports.Select(one => new[]
        {
            When(one.At), one.FileName, one.Source, one.Line.ToString(CultureInfo.InvariantCulture),
            one.Created ? data.T("a créé la fiche", "made the record") : data.T("a modifié la fiche", "changed the record"),
        }));

    private string Line(PurchaseRow row, PurchaseLine line, int i)
    {
        var quantity = row.Left[i] == line.Quantity ? Formats.Number(line.Quantity) : data.T($"{Formats.Number(line.Quantity)} (restent {Formats.Number(row.Left[i])})", $"{Formats.Number(line.Quantity)} ({Formats.Number(row.Left[i])} left)");
        return Joined(
            $"{quantity} × {line.Title}", data.Reader.Word(line.Product), line.SessionAt is { } session ? When(session) : null, line.Place, line.Category, line.Tariff,
            data.Reader.During(line.ValidFrom, line.ValidUntil), Formats.Money(line.AmountMinor, row.Purchase.Currency));
    }

    private string Teller(Told told) => Joined(told.Source, told.Id, told.Revision > 1 ? data.T($"révision {told.Revision}", $"revision {told.Revision}") : null);

    private string When(DateTimeOffset at) => Formats.DateNumeric(at) + Words.Formats.NoBreak + Formats.Time(at);

    private string YesOrNo(bool yes) => yes ? data.T("oui", "yes") : data.T("non", "no");

    private static string Joined(params ReadOnlySpan<string?> parts)
    {
        var joined = new StringBuilder();
        foreach (var part in parts)
        {
            if (string.IsNullOrEmpty(part)) continue;
            if (joined.Length > 0) joined.Append(" · ");
            joined.Append(part);
        }
        return joined.ToString();
    }

    private void Section(string id) => Raw("<h2 id=\"").Raw(id).Raw("\">").Said(Sections.First(section => section.Id == id).Heading).Raw("</h2>\n");

    private void Nothing() => Paragraph(data.T("Rien.", "Nothing."));

    private void Paragraph(string sentence) => Raw("<p>").Said(sentence).Raw("</p>\n");

    private void Facts(params ReadOnlySpan<(string Label, string? Value)> facts)
    {
        Raw("<dl>\n");
        foreach (var (label, value) in facts)
            if (!string.IsNullOrEmpty(value)) Raw("<dt>").Said(label).Raw("</dt><dd>").Said(value).Raw("</dd>\n");
        Raw("</dl>\n");
    }

    private void Rows(string section, string[] heads, IEnumerable<string?[]> rows)
    {
        Section(section);
        Rows(heads, rows);
    }

    private void Rows(string[] heads, IEnumerable<string?[]> rows)
    {
        var any = false;
        foreach (var row in rows)
        {
            if (!any) Heads(heads, null);
            any = true;
            Row(row, heads.Length);
        }
        if (any) Raw("</tbody></table></div>\n");
        else Nothing();
    }

    /// <param name="amount">The head of a last column of amounts; null for none.</param>
    private async Task Table<TRow>(string section, string[] heads, IAsyncEnumerable<TRow> rows, Func<TRow, string?[]> cells, string? amount = null)
    {
        Section(section);
        var any = false;
        await foreach (var row in rows)
        {
            if (!any) Heads(heads, amount);
            any = true;
            Row(cells(row), heads.Length);
            if (text.Length > Full) await Flush();
        }
        if (any) Raw("</tbody></table></div>\n");
        else Nothing();
        await Flush();
    }

    private void Heads(string[] heads, string? amount)
    {
        Raw("<div class=\"scroll\"><table><thead><tr>");
        foreach (var head in heads) Raw("<th scope=\"col\">").Said(head).Raw("</th>");
        if (amount is not null) Raw("<th scope=\"col\" class=\"num\">").Said(amount).Raw("</th>");
        Raw("</tr></thead><tbody>\n");
    }

    private void Row(string?[] cells, int plain)
    {
        Raw("<tr>");
        for (var i = 0; i < cells.Length; i++) Raw(i >= plain ? "<td class=\"num\">" : "<td>").Said(cells[i]).Raw("</td>");
        Raw("</tr>\n");
    }

    private PersonalDataPage Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    private PersonalDataPage Said(string? words)
    {
        if (!string.IsNullOrEmpty(words)) text.Append(Encoder.Encode(words));
        return this;
    }

    private async Task Flush()
    {
        await writer.WriteAsync(text);
        text.Clear();
    }
}
