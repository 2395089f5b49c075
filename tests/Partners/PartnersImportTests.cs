using System.Collections.Immutable;
using System.Text;
using Guichet.Imports;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Partners;

/// <summary>Files of partners: how they are read, what they would do, and what they do.</summary>
public sealed class PartnersImportTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Headers = "Nom;Groupe;E-mail;Copie;Contact;Langue;Note\n";

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private static KnownPartner Known(string id, string name, PartnerGroup group = PartnerGroup.Agents, params string[] emails) => new(
        id, 3, new PartnerDetails(name, group, [.. emails.Select(email => new PartnerAddress(email, RecipientKind.To, null))], Language.English, null));

    private static string Plan(string text, params KnownPartner[] known)
    {
        var table = Import.Read(text);
        var mapping = Mappings.Propose(table, ImportKind.Partners, KnownNames.None, Import.Defaults).Accepted.Mapping;
        var made = 0;
        var taken = PartnersImport.Plan(table, mapping, new PartnersContext([.. known], _ => $"new-{++made}"));
        return string.Join('\n', taken.IsRefused ? taken.Refusals.Select(Xlsx.Shown) : taken.Accepted.Partners.Select(Shown));
    }

    private static string Shown(PlannedPartner partner) => partner.Action switch
    {
        PlannedAction.Nothing => $"nothing {partner.Id}",
        PlannedAction.Change => $"change {partner.Id}: {string.Join(", ", partner.Changes.Select(change => $"{change.Field} {change.Name} {change.Before}>{change.After}".Replace("  ", " ", StringComparison.Ordinal)))}",
        _ => $"create {partner.Id} {partner.Details.Name} {partner.Details.Group} {partner.Details.Language}: "
            + string.Join(", ", partner.Details.Addresses.Select(address => $"{address.Kind} {address.Name ?? "-"} {address.Email}")) + (partner.Details.Note is { } note ? $" ({note})" : ""),
    };

    [Theory]
    [InlineData(Headers + "Astérie;Partenaire;Prod@Asterie.example;compta@asterie.example;Nadia Benali;français;Nuit de sel\nNorth Star;agent;a@ns.example, b@ns.example;;;anglais;\nLe Quartz;LIEUX;c@q.example;;;;\n",
        "create new-1 Astérie Partners French: To Nadia Benali prod@asterie.example, Cc - compta@asterie.example (Nuit de sel)|create new-2 North Star Agents English: To - a@ns.example, To - b@ns.example|create new-3 Le Quartz Venues French: To - c@q.example")]
    [InlineData("Company,E-mail address,Type,Language\nNorth Star,\"Emma <emma@ns.example>\",Venue,English\n", "create new-1 North Star Venues English: To Emma emma@ns.example")]
    [InlineData("Raison sociale;Courriel\nAstérie;a@b.example\nASTERIE;c@d.example\n", "create new-1 Astérie Partners French: To - a@b.example, To - c@d.example")]
    [InlineData("Nom;Mail\n<b>L’Œuf</b> 🎭;é@théâtre.example\n", "create new-1 <b>L’Œuf</b> 🎭 Partners French: To - é@théâtre.example")]
    public void Headers_are_guessed_in_both_languages_and_lines_of_one_name_are_one(string text, string expected) => Assert.Equal(expected.Replace('|', '\n'), Plan(text));

    [Theory]
    [InlineData("Nom;E-mail\nasterie;a@b.example\n", "nothing p1")]
    [InlineData("Nom;E-mail\nAstérie;new@b.example\n", "change p1: email >new@b.example")]
    [InlineData("Nom;Cc;E-mail\nAstérie;;\"Nadia <a@b.example>\"\n", "change p1: contact a@b.example >Nadia")]
    [InlineData("Nom;E-mail\nAstérie Productions;A@B.example\n", "change p1: partner Astérie>Astérie Productions")]
    [InlineData("Nom;E-mail;Groupe;Langue;Note\nAstérie;a@b.example;lieu;fr;Bonjour\n", "change p1: group Agents>Venues, language English>French, note >Bonjour")]
    public void What_exists_is_found_by_its_name_or_an_address_and_only_added_to(string text, string expected) => Assert.Equal(expected, Plan(text, Known("p1", "Astérie", PartnerGroup.Agents, "a@b.example")));

    [Fact]
    public void Several_of_one_name_are_told_apart_by_an_address_or_refused()
    {
        KnownPartner[] two = [Known("p1", "Le Quartz", PartnerGroup.Venues, "brest@q.example"), Known("p2", "Le Quartz", PartnerGroup.Venues, "nantes@q.example")];
        Assert.Equal("nothing p2", Plan("Nom;E-mail\nLe Quartz;nantes@q.example\n", two));
        Assert.Equal("partner-ambiguous(Le Quartz (brest@q.example),Le Quartz (nantes@q.example)) line 2 at 'partner': Le Quartz", Plan("Nom;E-mail\nLe Quartz;autre@q.example\n", two));
        Assert.Equal("partner-twice(Astérie,2) line 3 at 'partner': Astérie SA", Plan("Nom;E-mail\nAstérie;a@b.example\nAstérie SA;a@b.example\n", Known("p1", "Astérie", PartnerGroup.Agents, "a@b.example")));
    }

    [Theory]
    [InlineData(Headers + ";agent;a@b.example;;;;\n", "field-empty(partner) line 2 at 'partner': ")]
    [InlineData(Headers + "Astérie;agent;;;;;x\nB;;c@d.example;;;;\n", "field-empty(email) line 2 at 'email': Astérie")]
    [InlineData(Headers + "Astérie;agent;pas@une;;;;\nB;;c@d.example;;;;\n", "address-invalid() line 2 at 'email': pas@une")]
    [InlineData(Headers + "Astérie;agent;a@b.example;x;;;\nB;;c@d.example;e@f.example;;;\n", "address-invalid() line 2 at 'cc': x")]
    [InlineData(Headers + "Astérie;mécène;a@b.example;;;;\n", "group-unknown() line 2 at 'group': mécène")]
    [InlineData(Headers + "Astérie;agent;a@b.example;;;breton;\n", "language-unknown() line 2 at 'language': breton")]
    [InlineData(Headers + "Astérie;agent;a@b.example;;;;\nAstérie;agent;a@b.example;;;;\n", "line-duplicate(2) line 3 at '': Astérie")]
    [InlineData(Headers + "Astérie;agent;a@b.example;;;;\nAstérie;lieu;c@d.example;;;;\n", "lines-disagree(group,agent,2) line 3 at 'group': lieu")]
    [InlineData(Headers + "Astérie;agent;;a@b.example;;;\nB;;c@d.example;;;;\n", "address-to-missing() line 2 at '': Astérie")]
    [InlineData("Nom;Groupe\nAstérie;agent\n", "field-unmapped(email) line 0 at '': ")]
    [InlineData(Headers, "no-lines() line 0 at '': ")]
    public void A_line_that_cannot_be_taken_refuses_the_file_by_name(string text, string expected) => Assert.Equal(expected, Plan(text));

    [Fact]
    public async Task A_file_is_taken_whole_and_once_and_its_mapping_is_remembered()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var context = new ImportDeskContext(organisation, "Europe/Paris", "EUR", "Claire Morin", Import.Defaults);
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        var (import, accept) = await Accepted(Headers + "Astérie;partenaire;prod@asterie.example;;;;\nLe Quartz;lieu;c@q.example;;;anglais;\n");
        await silo.DrainOutbox();
        Assert.False((await import.Accept(accept)).IsRefused);
        await silo.DrainOutbox();
        var view = (await import.View())!;
        Assert.Equal((ImportKind.Partners, 2, 2, 0), (view.Kind, view.Parts, view.Done, view.Failed));
        Assert.Equal(new ImportSummary(0, 0, 2, 0, 0, 2, 2, 0), view.Summary);
        var queries = silo.Services.GetRequiredService<PartnerQueries>();
        Assert.Equal(["Astérie", "Le Quartz"], (await queries.List(organisation, new PartnerFilter())).Rows.Select(row => row.Details.Name));

        // The same source again, with a new address: one is changed, the other left as it is.
        var (_, again) = await Accepted(Headers + "Astérie;partenaire;prod@asterie.example, tournee@asterie.example;;;;\nLe Quartz;lieu;c@q.example;;;anglais;\n");
        Assert.Equal((0, 1, 1), (again.Partners!.Count(PlannedAction.Create), again.Partners.Count(PlannedAction.Change), again.Partners.Count(PlannedAction.Nothing)));
        await silo.DrainOutbox();
        Assert.Equal(2, (await queries.List(organisation, new PartnerFilter())).Rows[0].Details.Addresses.Length);

        // Changed by someone between the preview and the import: it stays as it is, and the import says so.
        var late = (await Planned(Headers + "Astérie;agent;prod@asterie.example;;;;\n")).Accept;
        var partner = silo.Grains.GetGrain<IPartnerGrain>(GrainKey.Of(organisation, late.Partners!.Partners[0].Id));
        (await partner.Archive(new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var third = silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, Ids.New(time)));
        (await third.Accept(late)).Expect();
        await silo.DrainOutbox();
        Assert.Equal("changed-meanwhile", Assert.Single((await third.View())!.Failures).Refusals[0].Code);

        async Task<(string Id, AcceptImport Accept)> Planned(string text)
        {
            var received = await desk.Receive(context, ImportKind.Partners, null, "partenaires.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)));
            var sheet = received.Read.Accepted;
            var plan = await desk.PlanPartners(context, sheet);
            return (received.Id, new AcceptImport(sheet.FileName, sheet.Source, sheet.Mapping, null, null, Partners: plan.Accepted) { Id = Guid.NewGuid(), By = Claire });
        }

        async Task<(IImportGrain Import, AcceptImport Accept)> Accepted(string text)
        {
            var (id, accept) = await Planned(text);
            var grain = silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, id));
            (await grain.Accept(accept)).Expect();
            return (grain, accept);
        }
    }
}
