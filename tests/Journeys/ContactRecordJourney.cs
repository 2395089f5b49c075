using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>A contact's record, from the quick form to its tabs.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class ContactRecordJourney(Demo demo)
{
    private const string Colleague = "hugo@theatre-du-port.example";

    [Fact]
    public async Task A_contact_is_made_with_its_postcode_its_structure_and_a_warning_that_blocks_nothing()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = Name("Kerdrel");

        // What was searched for arrives in the form; its postcode fills in the rest.
        await page.GotoAsync($"/contacts/new?name={name}%2C%20Marc");
        await visit.Ready();
        await Expect(page.Locator("input[name=firstName]")).ToHaveValueAsync("Marc");
        await page.Locator("input[name=title]").FillAsync("Monsieur");
        await page.Locator("input[name=email]").FillAsync($"marc@{name}.example");
        await page.Locator("input[name=newStructure]").FillAsync($"Collège {name}");
        await page.Locator("input[name=useStructureAddress]").CheckAsync();
        await page.Locator("input[name=postcode]").FillAsync("01410");
        await Expect(page.Locator("[data-city-choice]")).ToBeVisibleAsync();
        await page.Locator("[data-city-choice] select").SelectOptionAsync("Mijoux");
        await Expect(page.Locator("input[name=department]")).ToHaveValueAsync("Ain");
        await page.Locator("input[name=postcode]").FillAsync("29200");
        await Expect(page.Locator("input[name=city]")).ToHaveValueAsync("Brest");
        await Expect(page.Locator("input[name=region]")).ToHaveValueAsync("Bretagne");
        await visit.Sound("contact-new");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync($"Monsieur Marc {name.ToUpperInvariant()}");
        await Expect(page.Locator("#contact-roles")).ToHaveTextAsync("Relais");
        await Expect(page.Locator(".address-lines")).ToContainTextAsync("29200 Brest");
        await visit.Sound("contact-summary");
        await page.GotoAsync(page.Url + "/relations");
        await page.GetByRole(AriaRole.Link, new() { Name = $"COLLÈGE {name.ToUpperInvariant()}" }).ClickAsync();
        await Expect(page.Locator(".address-lines")).ToContainTextAsync("29200 Brest");

        // Nearly the same, by another hand: it says so and why, and saves all the same.
        await page.GotoAsync("/contacts/new");
        await visit.Ready();
        await page.Locator("input[name=name]").FillAsync($"{name}e");
        await page.Locator("input[name=firstName]").FillAsync("Marc");
        await Expect(page.Locator("#alike")).ToContainTextAsync("nom presque pareil");
        await page.Locator("input[name=email]").FillAsync($"marc@{name}.example");
        await Expect(page.Locator("#alike")).ToContainTextAsync("même adresse e-mail");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("Donnez un code postal");
        visit.TakeComplaints();
        await Expect(page.Locator("#alike")).ToContainTextAsync("même adresse e-mail");
        await page.Locator("input[name=title]").FillAsync("Madame");
        await page.Locator("input[name=postcode]").FillAsync("75012");
        await Expect(page.Locator("input[name=city]")).ToHaveValueAsync("Paris");
        await page.Locator("button[value=full]").ClickAsync();
        await page.WaitForURLAsync(new Regex("/general$"));
    }

    [Fact]
    public async Task Two_who_change_one_record_see_what_the_other_did_and_choose()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await using var colleague = await demo.SignIn(Colleague);
        var (page, other) = (visit.Page, colleague.Page);
        var record = await Made(page, Name("Double"));
        await page.GotoAsync(record + "/general");
        await other.GotoAsync(record + "/general");
        await visit.Ready();
        await colleague.Ready();

        await other.Locator("input[name=firstName]").FillAsync("Hugo");
        await other.Locator("input[name=function]").FillAsync("Régisseur");
        await other.Locator("button[value=save].btn-primary").ClickAsync();
        await other.WaitForURLAsync(new Regex($"{record}$"));

        await page.Locator("input[name=firstName]").FillAsync("Claire");
        await page.Locator("input[name=referenceCode]").FillAsync("REF-1");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        var meanwhile = page.Locator(".changed-meanwhile");
        await Expect(meanwhile).ToContainTextAsync("Régisseur");
        await Expect(meanwhile.Locator("tbody tr")).ToHaveTextAsync([new Regex(@"Prénom\s+Paul\s+Hugo\s+Claire")]);
        visit.TakeComplaints();
        await visit.Sound("contact-changed-meanwhile");
        await Expect(page.Locator("input[name=referenceCode]")).ToHaveValueAsync("REF-1");
        await page.Locator("input[name=chosen-firstName][value=theirs]").CheckAsync();
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await page.WaitForURLAsync(new Regex($"{record}$"));
        await Expect(page.Locator("h1")).ToContainTextAsync("Hugo");
        await Expect(page.Locator("#contact-summary")).ToContainTextAsync("Régisseur");
        await Expect(page.Locator("#contact-summary")).ToContainTextAsync("REF-1");
    }

    [Fact]
    public async Task Consents_relations_criteria_seats_and_notes_are_kept_and_the_timeline_tells_of_them()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = Name("Fiche");
        var (record, parent) = (await Made(page, name), await Made(page, name + "p"));

        // A template of the house's, picked, is the proof of what was read.
        await page.GotoAsync("/settings/contact-consents?edit=new");
        await page.Locator("input[name=name]").FillAsync($"Programme {name}");
        await page.Locator("input[name='wordings[0].label']").FillAsync("Formulaire 2026");
        await page.Locator("textarea[name='wordings[0].text']").FillAsync("J’accepte de recevoir le programme.");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator(".list-table")).ToContainTextAsync($"Programme {name}");
        await page.GotoAsync(record + "/marketing");
        await page.Locator("input[name=category]").FillAsync($"Programme {name}");
        await page.Locator("input[name=where]").FillAsync("Au guichet");
        await page.Locator("select[name=template]").SelectOptionAsync(new SelectOptionValue { Value = $"Programme {name}/Formulaire 2026" });
        await Expect(page.Locator("textarea[name=wording]")).ToHaveValueAsync("J’accepte de recevoir le programme.");
        await page.Locator("#consent button.btn-primary").ClickAsync();
        await Expect(page.Locator("#contact-consents")).ToContainTextAsync("Au guichet, noté par");
        await visit.Sound("contact-marketing");
        await page.Locator("[data-opens='withdraw-0']").ClickAsync();
        await page.Locator("#withdraw-0 input[name=where]").FillAsync("Par téléphone");
        await page.Locator("#withdraw-0 button[type=submit]").ClickAsync();
        await Expect(page.Locator("#contact-consents")).ToContainTextAsync("Par téléphone, noté par");
        await Expect(page.Locator("#contact-consents")).ToContainTextAsync("Aucun consentement");

        // A tie with its dates, read from the other side; a circle is refused there.
        await page.GotoAsync(record + "/relations");
        await visit.Ready();
        await page.Locator("input[name=as][value=Child]").CheckAsync();
        await PartnersJourney.Pick(page, "to", name + "p");
        await page.Locator("input[name=from]").FillAsync("2020-02-29");
        await page.Locator("#relation-form button.btn-primary").ClickAsync();
        await Expect(page.Locator("#contact-relations")).ToContainTextAsync("depuis le");
        await visit.Sound("contact-relations");
        await page.GotoAsync(parent + "/relations");
        await Expect(page.Locator("#contact-relations")).ToContainTextAsync("parent de");
        await visit.Ready();
        await page.Locator("input[name=as][value=Child]").CheckAsync();
        await PartnersJourney.Pick(page, "to", $"{name},");
        await page.Locator("#relation-form button.btn-primary").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("ferait un cercle");
        visit.TakeComplaints();

        await page.GotoAsync("/settings/contact-criteria?edit=new");
        await visit.Ready();
        await page.Locator("input[name=french]").FillAsync($"Goûts {name}");
        await page.Locator("input[name='values[0].french']").FillAsync("Théâtre");
        await page.Locator("input[name='values[1].french']").FillAsync($"Danse {name}");
        await page.Locator("input[name=multiple]").CheckAsync();
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator(".list-table").First).ToContainTextAsync($"Théâtre, Danse {name} (plusieurs)");
        await visit.Sound("contact-criteria-settings");
        await page.GotoAsync(record + "/criteria");
        await page.GetByRole(AriaRole.Group, new() { Name = $"Goûts {name}" }).GetByLabel("Danse").CheckAsync();
        await page.Locator("#criteria button.btn-primary").ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Critères enregistrés");
        await visit.Sound("contact-criteria");

        // Both of them at once: who has it already isn't counted.
        await page.GotoAsync($"/contacts/bulk?q={name}");
        await visit.Ready();
        await PartnersJourney.Pick(page, "criterion", $"Danse {name}");
        await page.Locator("button[value=preview]").ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("1 contact change de critère, sur 2 contacts");
        await page.Locator("button[value=apply]").ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("2 contacts modifiés");

        await page.GotoAsync(record + "/seats");
        await visit.Ready();
        await page.Locator("input[name='seats[0].place']").FillAsync("Grande salle");
        await page.Locator("input[name='seats[0].row']").FillAsync("F");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Places préférées enregistrées");
        await page.GotoAsync(record + "/notes");
        await page.Locator("textarea[name=text]").FillAsync("Préfère le soir.");
        await page.Locator("#note button.btn-primary").ClickAsync();
        await Expect(page.Locator("#contact-notes")).ToContainTextAsync("Préfère le soir.");
        await page.GotoAsync(record + "/addresses?edit=new");
        await visit.Ready();
        await page.Locator("input[name=kind][value=Billing]").CheckAsync();
        await page.Locator("input[name=postcode]").FillAsync("20000");
        await Expect(page.Locator("input[name=department]")).ToHaveValueAsync("Corse-du-Sud");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator("#contact-addresses")).ToContainTextAsync("Facturation");
        // Mail came back from it.
        await page.Locator("#address-1 summary").ClickAsync();
        await page.Locator("#address-1 button[value=invalid]").ClickAsync();
        await Expect(page.Locator("#address-1")).ToContainTextAsync("non valide");
        await visit.Sound("contact-addresses");

        await page.GotoAsync(record + "/administration");
        foreach (var said in new[] { "a créé le contact", "a enregistré un retrait de consentement", "a noté une relation", "Danse", "a noté les places préférées", "a ajouté une note", "a modifié le contact" })
            await Expect(page.Locator(".timeline-list").First).ToContainTextAsync(said);
        await visit.Sound("contact-administration");
    }

    /// <summary>The address of a contact's record, made by the quick form: Paul, in Paris.</summary>
    private static async Task<string> Made(IPage page, string name)
    {
        await page.GotoAsync($"/contacts/new?name={name}%2C%20Paul");
        await page.Locator("input[name=title]").FillAsync("Monsieur");
        await page.Locator("input[name=postcode]").FillAsync("75012");
        await page.Locator("input[name=city]").FillAsync("Paris");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await page.WaitForURLAsync(Record());
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>A name that no other test has.</summary>
    private static string Name(string word) => $"{word}{Guid.NewGuid().ToString("N")[..6]}";

    [GeneratedRegex("/contacts/[0-9a-z]{20}$")]
    private static partial Regex Record();
}
