using System.Net;
using System.Text.RegularExpressions;
using Guichet.Contacts;
using Guichet.Support;
using Guichet.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Contacts;

/// <summary>The pages of the record without scripts: what they take, refuse and keep.</summary>
public sealed partial class ContactPagesTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Without_scripts_the_postcode_fills_in_the_rest_when_the_form_is_sent()
    {
        var page = await New();
        var contact = await View((await page.Send(("postcode", "29200"))).Record);
        Assert.Equal(("29200", "Brest", "Finistère", "Bretagne"), contact.Details.Addresses[0] is var brest ? (brest.Postcode, brest.City, brest.Department, brest.Region) : default);

        var refused = await (await New()).Send(("postcode", "01410"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Champfromier, Chézery-Forens, Mijoux", refused.Text, StringComparison.Ordinal);
        contact = await View((await refused.Form("contact").Send(("city-choice", "Lajoux"))).Record);
        Assert.Equal(("Lajoux", "Jura"), (contact.Details.Addresses[0].City, contact.Details.Addresses[0].Department));

        contact = await View((await (await New()).Send(("postcode", "75370"), ("city", "Paris CEDEX 08"))).Record);
        Assert.Equal(("Paris CEDEX 08", "Paris"), (contact.Details.Addresses[0].City, contact.Details.Addresses[0].Department));
        contact = await View((await (await New()).Send(("postcode", "98000"))).Record);
        Assert.Equal(("MC", "Monaco"), (contact.Details.Addresses[0].Country, contact.Details.Addresses[0].City));
    }

    [Theory]
    [InlineData("name", "   ", "Donnez un nom")]
    [InlineData("name", "300", "Ce texte est trop long")]
    [InlineData("title", "", "Choisissez une civilité")]
    [InlineData("firstName", " ", "Donnez un prénom")]
    [InlineData("email", "pas une adresse", "n’est pas une adresse e-mail")]
    [InlineData("mobile", "demain", "n’est pas un numéro de téléphone")]
    [InlineData("postcode", "", "Donnez un code postal")]
    [InlineData("postcode", "7501", "n’est pas un code postal français")]
    [InlineData("structure", "nulle part", "Cette structure n’existe pas")]
    [InlineData("useStructureAddress", "true", "Choisissez d’abord la structure")]
    public async Task What_the_quick_form_cannot_take_is_said_at_its_field_and_what_was_typed_stays(string field, string value, string said)
    {
        var answer = await (await New()).Send(("postcode", "75012"), (field, value == "300" ? new string('x', 300) : value), ("line1", "12, rue de la Gaîté"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(said, Regex.Match(answer.Text, $"id=\"f-{field}-error\">.*?</p>").Value, StringComparison.Ordinal);
        Assert.Equal("12, rue de la Gaîté", answer.Form("contact").Fields["line1"]);
    }

    [Theory]
    [InlineData("🎭")]
    [InlineData("小林")]
    [InlineData("O'Neill")]
    [InlineData("<b>%_*")]
    public async Task Names_of_every_script_are_taken_as_they_are(string name)
    {
        var answer = await (await New()).Send(("name", name), ("postcode", "75012"));
        Assert.Equal(name, (await View(answer.Record)).Details.Name);
        Assert.DoesNotContain("<b>%", (await Get(answer.Location!)).Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_structure_is_made_with_its_contact_once_however_often_the_form_is_sent()
    {
        var page = await New();
        var first = await page.Send(("newStructure", "Collège Jean-Moulin"), ("useStructureAddress", "true"), ("postcode", "93500"));
        var again = await page.Send(("newStructure", "Collège Jean-Moulin"), ("useStructureAddress", "true"), ("postcode", "93500"));
        Assert.Equal(first.Record, again.Record);
        var relation = Assert.Single((await View(first.Record)).Relations);
        var structure = await View(relation.To);
        Assert.Equal((RelationKind.Relay, "Collège Jean-Moulin", "Pantin"), (relation.Kind, structure.Details.Name, structure.Details.Addresses[0].City));

        // Another relay of it, at its address, back to where it was asked for.
        var relay = await New($"?relayOf={relation.To}&back=%2Fcontacts%2F{relation.To}%2Frelations");
        var made = await relay.Send(("useStructureAddress", "true"));
        Assert.Contains($"/contacts/{relation.To}/relations?contact=", made.Location, StringComparison.Ordinal);
        Assert.Equal("Pantin", (await View(made.Location![^20..])).Details.Addresses[0].City);
        Assert.Equal("/contacts", (await New("?back=%2F%2Fevil.example")).Fields["back"]);
        Assert.Contains("dont ce contact est le relais", (await (await New("?as=relay")).Send(("postcode", "75012"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_likely_the_same_contact_is_shown_with_why_and_hides_nothing_of_another_house()
    {
        var name = $"Z{Guid.NewGuid():N}"[..12];
        await (await New()).Send(("name", name), ("email", $"a@{name}.example"), ("mobile", "06 98 76 54 32"), ("postcode", "75012"));
        var shown = await Get($"/contacts/alike?kind=Individual&name={name}x&firstName=Paul&email=A%40{name}.example&mobile=%2B33698765432");
        Assert.Contains("même adresse e-mail, même téléphone et nom presque pareil", shown.Text, StringComparison.Ordinal);
        Assert.Contains("target=\"_blank\"", shown.Text, StringComparison.Ordinal);
        using var other = fixture.Node.Browser(fixture.Promoter.Cookie);
        Assert.DoesNotContain(name.ToUpperInvariant(), await other.GetStringAsync($"/contacts/alike?name={name}x&email=a%40{name}.example"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", (await Get("/contacts/alike?name=&mobile=&email=%00")).Text.Trim());
    }

    [Theory]
    [InlineData("birthDate", "2025-02-29", "n’est pas une date")]
    [InlineData("birthDate", "0000-01-01", "n’est pas une date")]
    [InlineData("birthDate", "0001-01-01", "Personne ne peut être né")]
    [InlineData("iban", "FR76 3000 6000 0112 3456 7890 188", "Cet IBAN est faux")]
    [InlineData("fax", "12", "n’est pas un numéro de téléphone")]
    public async Task What_a_record_cannot_take_is_said_at_its_field(string field, string value, string said)
    {
        var record = (await (await New()).Send(("postcode", "75012"))).Record;
        var answer = await (await Get($"/contacts/{record}/general")).Form("contact").Send(("do", "save"), (field, value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(said, Regex.Match(answer.Text, $"id=\"f-{field}-error\">.*?</p>").Value, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2000, 2, 29), (await View((await (await Get($"/contacts/{record}/general")).Form("contact").Send(("do", "save"), ("birthDate", "29/02/2000"))).Record)).Details.BirthDate);
    }

    [Theory]
    [InlineData("seats", "seats", "seats[0].place", "chosen-seats")]
    [InlineData("addresses?edit=0", "address", "line1", "chosen-line1")]
    [InlineData("general", "contact", "firstName", "chosen-firstName")]
    public async Task Who_saves_second_is_shown_what_the_first_did_and_overwrites_only_by_choice(string tab, string form, string field, string chosen)
    {
        var record = (await (await New()).Send(("postcode", "75012"))).Record;
        var (first, second) = ((await Get($"/contacts/{record}/{tab}")).Form(form), (await Get($"/contacts/{record}/{tab}")).Form(form));
        Assert.Equal(HttpStatusCode.Redirect, (await first.Send(("do", "save"), (field, "La première"))).Status);
        var answer = await second.Send(("do", "save"), (field, "Le second"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("changed-meanwhile", answer.Text, StringComparison.Ordinal);
        Assert.Contains("La première", answer.Text, StringComparison.Ordinal);
        Assert.Equal("Le second", answer.Form(form).Fields[field]);
        await answer.Form(form).Send(("do", "save"), (chosen, "theirs"));
        Assert.Contains("La première", (await Get($"/contacts/{record}/{tab}")).Text, StringComparison.Ordinal);
        await answer.Form(form).Send(("do", "save"), ("command", Guid.NewGuid().ToString()));
        Assert.Contains("Le second", (await Get($"/contacts/{record}/{tab}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("addresses?edit=0", "address", "line1")]
    [InlineData("general", "contact", "firstName")]
    public async Task A_form_that_has_lost_what_it_was_filled_from_overwrites_nothing_either(string tab, string form, string field)
    {
        var record = (await (await New()).Send(("postcode", "75012"))).Record;
        var (first, second) = ((await Get($"/contacts/{record}/{tab}")).Form(form), (await Get($"/contacts/{record}/{tab}")).Form(form));
        await first.Send(("do", "save"), (field, "La première"));
        var answer = await second.Send(("do", "save"), (field, "Le second"), ("seen", "{\"Kind\":"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("changed-meanwhile", answer.Text, StringComparison.Ordinal);
        Assert.Contains("La première", (await Get($"/contacts/{record}/{tab}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_beside_what_is_edited_is_not_in_its_way()
    {
        var record = (await (await New()).Send(("postcode", "75012"))).Record;
        var (general, seats, address) = ((await Get($"/contacts/{record}/general")).Form("contact"), (await Get($"/contacts/{record}/seats")).Form("seats"), (await Get($"/contacts/{record}/addresses?edit=new")).Form("address"));
        Assert.Equal(HttpStatusCode.Redirect, (await seats.Send(("do", "save"), ("seats[0].place", "Salle"))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await address.Send(("do", "save"), ("kind", "Billing"), ("postcode", "20000"))).Status);
        var answer = await general.Send(("do", "save"), ("function", "Régisseuse"));
        // The address came meanwhile: taken over, said, and saved with the next click.
        Assert.Contains("Ajaccio", answer.Text, StringComparison.Ordinal);
        await answer.Form("contact").Send(("do", "save"));
        var contact = await View(record);
        Assert.Equal(("Régisseuse", 2, 1), (contact.Details.Function, contact.Details.Addresses.Length, contact.Seats.Length));
    }

    [Fact]
    public async Task A_file_of_contacts_is_checked_accepted_and_what_it_leaves_out_is_a_file()
    {
        var context = new Guichet.Imports.ImportDeskContext(fixture.House.Id, "Europe/Paris", "EUR", "Ada", new("", "", "", ""));
        var content = new MemoryStream("Nom;Prénom;E-mail\nImportée;Zoé;zoe@importee.example\n=1+1;Luc;no@where@\n"u8.ToArray());
        string id;
        using (Caller.As(fixture.House.Administrator))
            id = (await fixture.Node.Services.GetRequiredService<Guichet.Imports.ImportDesk>().Receive(context, Guichet.Imports.ImportKind.Contacts, null, "fichier.csv", content)).Id;
        Assert.Contains("Consent aux e-mails", (await Get($"/imports/{id}/columns")).Text, StringComparison.Ordinal);
        var preview = await Get($"/imports/{id}/preview");
        Assert.Contains("IMPORTÉE, Zoé", preview.Text, StringComparison.Ordinal);
        Assert.Contains("Importer 1 contact, sans 1 ligne refusée", preview.Text.Replace('\u00A0', ' '), StringComparison.Ordinal);
        var refused = (await Get($"/imports/{id}/refused.csv")).Raw;
        Assert.Contains("n’est pas une adresse e-mail", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("\n=1+1", refused, StringComparison.Ordinal);
        var accepted = await preview.Form("accept").Send();
        Assert.Equal(HttpStatusCode.Redirect, accepted.Status);
        Assert.EndsWith($"/imports/{id}", accepted.Location, StringComparison.Ordinal);
        Assert.Contains("fichier.csv", (await Get($"/imports/{id}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public async Task The_template_of_contacts_is_read_back_without_a_question(string format)
    {
        var context = new Guichet.Imports.ImportDeskContext(fixture.House.Id, "Europe/Paris", "EUR", "Ada", new("", "", "", ""));
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/imports/template/contacts.{format}");
        asked.Headers.Add("Cookie", $"guichet-session={fixture.House.Cookie}");
        asked.Headers.AcceptLanguage.ParseAdd("fr");
        using var browser = fixture.Node.Browser(null);
        using var template = await browser.SendAsync(asked);
        Assert.Equal($"contacts.{format}", template.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        using (Caller.As(fixture.House.Administrator))
        {
            var sheet = (await fixture.Node.Services.GetRequiredService<Guichet.Imports.ImportDesk>().Receive(
                context, Guichet.Imports.ImportKind.Contacts, null, $"contacts.{format}", await template.Content.ReadAsStreamAsync())).Read.Accepted;
            Assert.True(sheet.Proposal.IsReady);
            var run = (await fixture.Node.Services.GetRequiredService<Guichet.Imports.ContactImports>().DryRun(fixture.House.Id, sheet)).Accepted;
            Assert.Empty(run.Refusals);
        }
    }

    private Task<Shown> Get(string path) => Ask(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>The quick form with a person's name in it; no postcode.</summary>
    private async Task<Filled> New(string query = "")
    {
        var form = (await Get($"/contacts/new{query}")).Form("contact");
        foreach (var (field, value) in new[] { ("name", "Kerdrel"), ("firstName", "Paul"), ("title", "Monsieur"), ("do", "create") }) form.Fields[field] = value;
        return form;
    }

    private async Task<ContactView> View(string id)
    {
        using var caller = Caller.As(fixture.House.Administrator);
        return (await fixture.House.Grain<IContactGrain>(fixture.Node, id).View())!;
    }

    private async Task<Shown> Ask(HttpRequestMessage request, string cookie = "")
    {
        using var browser = fixture.Node.Browser(null);
        request.Headers.Add("Cookie", $"guichet-session={fixture.House.Cookie}{cookie}");
        request.Headers.AcceptLanguage.ParseAdd("fr");
        using var answer = await browser.SendAsync(request);
        var token = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.FirstOrDefault(one => one.StartsWith("guichet-form=", StringComparison.Ordinal))?.Split(';')[0] : null;
        return new Shown(this, request.RequestUri!.OriginalString, answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync(), token is null ? cookie : $"; {token}");
    }

    private sealed record Shown(ContactPagesTests Pages, string Path, HttpStatusCode Status, string? Location, string Raw, string Cookie)
    {
        public string Text => WebUtility.HtmlDecode(Raw);

        /// <summary>The contact that it leads to.</summary>
        public string Record => Status == HttpStatusCode.Redirect ? RecordPath().Match(Location!).Groups[1].Value : throw new InvalidOperationException($"{Status} {FieldErrors().Match(Text).Value}");

        public Filled Form(string id)
        {
            var form = Regex.Match(Raw, $"<form[^>]*id=\"{id}\".*?</form>", RegexOptions.Singleline).Value;
            var fields = new Dictionary<string, string>();
            foreach (Match input in Inputs().Matches(form))
                if (Name().Match(input.Value) is { Success: true } name && (!input.Value.Contains("type=\"radio\"", StringComparison.Ordinal) && !input.Value.Contains("type=\"checkbox\"", StringComparison.Ordinal) || input.Value.Contains(" checked", StringComparison.Ordinal)))
                    fields[name.Groups[1].Value] = WebUtility.HtmlDecode(Value().Match(input.Value).Groups[1].Value);
            foreach (Match select in Selects().Matches(form)) fields[select.Groups[1].Value] = WebUtility.HtmlDecode(Chosen().Match(select.Value).Groups[1].Value);
            return new Filled(Pages, Path, Cookie, fields);
        }
    }

    private sealed record Filled(ContactPagesTests Pages, string Path, string Cookie, Dictionary<string, string> Fields)
    {
        public Task<Shown> Send(params (string Field, string Value)[] typed)
        {
            foreach (var (field, value) in typed) Fields[field] = value;
            return Pages.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent(Fields) }, Cookie);
        }
    }

    [GeneratedRegex("/contacts/([0-9a-z]{20})")]
    private static partial Regex RecordPath();

    [GeneratedRegex("data-error-summary.*?</ul>", RegexOptions.Singleline)]
    private static partial Regex FieldErrors();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Inputs();

    [GeneratedRegex("<select[^>]*name=\"([^\"]*)\".*?</select>", RegexOptions.Singleline)]
    private static partial Regex Selects();

    [GeneratedRegex("<option value=\"([^\"]*)\"[^>]* selected")]
    private static partial Regex Chosen();

    [GeneratedRegex("name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex(" value=\"([^\"]*)\"")]
    private static partial Regex Value();
}
