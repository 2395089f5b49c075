using System.Text;
using Guichet.Contacts;
using Guichet.Imports;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Files of contacts, through the real desk, grains, jobs, journal and outbox.</summary>
public sealed class ContactImportTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Header = "Numéro;Nom;Prénom;Date de naissance;E-mail;Portable;Adresse;Code postal;Ville;Structure;Relation;Étiquettes;Public;Note;Référence;IBAN\n";

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private ImportDeskContext Context => new(organisation, "Europe/Paris", "EUR", "Claire Morin", Guichet.Imports.Import.Defaults);

    public static TheoryData<string, string> Refused => new()
    {
        { ";Dupont;Zoé;;pas@une@adresse;;;;;;;;;;;", "2 E-mail contact-email-invalid" },
        { ";Dupont;Zoé;30/02/1990;;;;;;;;;;;;", "2 Date de naissance date-not-in-calendar" },
        { ";Dupont;Zoé;29/02/1990;;;;;;;;;;;;", "2 Date de naissance date-not-in-calendar" },
        { ";Dupont;Zoé;29/02/1992;;;;;;;;;;;;", "" },
        { ";Dupont;Zoé;01/01/3500;;;;;;;;;;;;", "2 Date de naissance date-not-in-calendar" },
        { ";Dupont;Zoé;17/05/70;;;;;;;;;;;;", "" },
        { ";Dupont;Zoé;;;12;;;;;;;;;;", "2 Portable phone-unreadable" },
        { ";Dupont;Zoé;;;06 12 34 56 78;;;;;;;;;;", "" },
        { ";Dupont;Zoé;;;;;;;;;;;;;FR7630006000011234567890188", "2 IBAN iban-wrong" },
        { ";Dupont;Zoé;;;;;7501;Paris;;;;;;;", "" },
        { ";Dupont;Zoé;;;;;ABC;Paris;;;;;;;", "2 Code postal postcode-not-french" },
        { ";;Zoé;;;;;;;;;;;;;", "2 Nom field-empty" },
        { "99;Dupont;Zoé;;;;;;;;;;;;;", "2 Numéro contact-number-unknown" },
        { "x;Dupont;Zoé;;;;;;;;;;;;;", "2 Numéro contact-number-unread" },
        { ";Dupont;Zoé;;;;;;;99;;;;;;", "2 Structure structure-unknown" },
        { ";Dupont;Zoé;;;;;;;Collège;cousin;;;;;", "2 Relation relation-unknown" },
        { ";Dupont;Zoé;;;;;;;;;;Retraité;;;", "2 Public criterion-unread" },
        { ";Dupont;Zoé;;;;;;;;;;senior, Étudiant;;;", "" },
        { ";Dupont;Zoé;;z@x.example;;;;;;;;;;;\n;DUPONT;zoe;;Z@x.example;;;;;;;;;;;", "3 Nom contact-twice" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_with_a_line_is_said_with_its_column(string lines, string expected)
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        await Define(silo.Grains, organisation, Claire, Public);
        using var caller = Caller.As(Claire);
        var run = (await DryRun(silo, await Received(silo, Header + lines + "\n"))).Accepted;
        Assert.Equal(expected, string.Join(", ", run.Refusals.Select(refusal => $"{refusal.Line} {refusal.Column} {refusal.Code}")));
    }

    [Fact]
    public async Task A_name_of_300_characters_is_refused_and_the_others_are_taken()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var run = (await DryRun(silo, await Received(silo, $"Nom;Prénom\n{new string('é', 300)};Zoé\nDupont;Chantal\n"))).Accepted;
        Assert.Equal((1, 1, "text-too-long"), (run.Created, run.Refused, run.Refusals[0].Code));
    }

    [Fact]
    public async Task A_file_is_imported_again_without_changes_and_undone_whole()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        await Define(silo.Grains, organisation, Claire, Public);
        using var caller = Caller.As(Claire);
        var chantal = await Made(silo, Named("Dupont", "Chantal") with { Emails = ["chantal@dupont.example"], Addresses = [At("75012", "Paris")] });
        const string file = Header
            + ";DUPONT;Chantal;17/05/1970;chantal@dupont.example;06 12 34 56 78;;;;;;Mécène;senior;Aime l’opéra;;\n"
            + ";Martin;Luc;;luc@martin.example;;3, rue Haute;44000;Nantes;Lycée Guist’hau;relais;;;;;\n"
            + ";Martin;Anne;;anne@martin.example;;;;;Lycée Guist’hau;membre;;;;;\n"
            + ";Bernard;Léa;;;06 00 00 00 01;;;;;;;;;R-12;\n"
            + ";Wrong;Eve;;no@where@;;;;;;;;;;;\n";
        var sheet = await Received(silo, file);
        var run = (await DryRun(silo, sheet)).Accepted;
        Assert.Equal((3, 1, 0, 1, 1), (run.Created, run.Changed, run.Unchanged, run.Refused, run.Structures));
        await Accept(silo, sheet, run);
        await silo.DrainOutbox();

        var job = (await Job(silo, sheet.Id).View())!;
        Assert.Equal((JobStatus.Finished, 5L), (job.Status, job.Done));
        Assert.Equal("changed 1, created 4, failed 0, refused 1, unchanged 0", string.Join(", ", job.Counts.Select(count => $"{count.Key} {count.Value}")));
        var changed = await View(silo, chantal);
        Assert.Equal(("Dupont", "+33612345678", new DateOnly(1970, 5, 17), "Paris"), (changed.Details.Name, changed.Details.Mobile, changed.Details.BirthDate, changed.Details.Addresses[0].City));
        Assert.Equal(("Mécène", "senior", "Aime l’opéra"), (changed.Tags[0], changed.Criteria[0].Values[0], changed.Notes[0].Text));
        Assert.Equal(3L, await Count("contacts WHERE kind = 'individual' AND NOT archived AND id <> @id", chantal));
        Assert.Equal(1L, await Count("contact_relations WHERE kind = 'relay'"));
        Assert.NotNull((await silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, sheet.Id)).View())!.FinishedAt);

        // What began without its grain is what its grain would have made of it, and is numbered as the file goes.
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults.Where(fault => fault.Contains(organisation)));
        var luc = await View(silo, (await Id("name = 'Martin' AND first_name = 'Luc'"))!);
        Assert.Equal((RelationKind.Relay, (await Id("kind = 'structure'"))!, "Claire Morin"), (luc.Relations[0].Kind, luc.Relations[0].To, luc.CreatedBy));
        Assert.Equal("Lycée Guist’hau, Luc, Anne, Léa", await new Database(database.Product).QueryFirst<string>(
            organisation, "SELECT string_agg(coalesce(first_name, name), ', ' ORDER BY number) FROM contacts WHERE organisation = @organisation AND id <> @chantal", new { organisation, chantal }));

        // The same file again says what is there.
        var again = (await DryRun(silo, await Received(silo, file))).Accepted;
        Assert.Equal((0, 0, 4, 1), (again.Created, again.Changed, again.Unchanged, again.Refused));

        // The step of a crash, done again from its beginning: nothing is made twice, and it counts as it did.
        var work = silo.Services.GetServices<IJobWork>().Single(one => one.Kind == JobKind.ContactImport);
        using (Caller.As(Actor.System("jobs", organisation)))
        {
            var repeated = await work.Do(job with { Cursor = null, Done = 0, Counts = job.Counts.Clear() }, default);
            Assert.Equal((4L, 1L, 1L), (repeated.Counts["created"], repeated.Counts["changed"], repeated.Counts["refused"]));
        }
        Assert.Equal(5L, await Count("contacts WHERE NOT archived"));

        // A step that a crash cut short: its lines are written down, its contacts were not made.
        await new Database(database.Product).Execute(
            organisation,
            "INSERT INTO contact_import_lines (organisation, import_id, line, part, contact_id, created, plan, commands) SELECT @organisation, @import, n, 0, 'nobody' || n, true, '{}', 1 FROM generate_series(1000, 1000 + @slice) AS n",
            new { organisation, import = sheet.Id, slice = ContactImports.Slice });
        Assert.Equal(5L, await silo.Services.GetRequiredService<ContactImportRows>().Count(organisation, sheet.Id));

        // Léa was changed since: she stays, and so does what was changed of Chantal.
        var lea = (await Id("reference_key = 'r 12'"))!;
        (await Contact(silo, lea).Tag(new TagContact(["Vue"], []) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, chantal).Change(new ChangeContact(changed.Details with { Mobile = "+33699999999" }, changed.Revision) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var undo = Job(silo, ContactImports.UndoOf(organisation, sheet.Id));
        (await undo.Start(new StartJob(JobKind.ContactImportUndo, Json.Write(new ContactImportArgument(sheet.Id, Claire)), 5) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        var undone = (await undo.View())!;
        Assert.Equal((JobStatus.Finished, 3L, 2L), (undone.Status, undone.Count(ContactImportUndo.Undone), undone.Count(ContactImportUndo.Kept)));
        var back = await View(silo, chantal);
        Assert.Equal(("+33699999999", (DateOnly?)null, 0, 0, 0), (back.Details.Mobile, back.Details.BirthDate, back.Tags.Length, back.Criteria.Length, back.Notes.Length));
        Assert.Equal(2L, await Count("contacts WHERE NOT archived"));
        Assert.Equal("changed changed", string.Join(' ', (await silo.Services.GetRequiredService<ContactImportRows>().Leftovers(organisation, sheet.Id, 10)).Select(line => line.Became)));
    }

    /// <summary>Of two who are only known by the same name, nothing tells that they are two; of one of whom more is known, nothing tells that it is he.</summary>
    [Fact]
    public async Task A_name_alone_is_the_contact_of_whom_no_more_is_known()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        await Made(silo, Named("Dupont", "Chantal"));
        await Made(silo, Named("Martin", "Luc") with { Emails = ["luc@martin.example"] });
        var run = (await DryRun(silo, await Received(silo, "Nom;Prénom\nDUPONT;chantal\nMartin;Luc\nBernard;Léa\nbernard;léa\n"))).Accepted;
        Assert.Equal((2, 1, 1, ImportCodes.ContactTwice), (run.Created, run.Unchanged, run.Refused, run.Refusals[0].Code));
    }

    [Fact]
    public async Task An_import_that_is_stopped_keeps_what_it_did_and_goes_on()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var file = new StringBuilder("Nom;Prénom;E-mail\n");
        for (var i = 0; i < ContactImports.Slice + 20; i++) file.Append("Nom").Append(i).Append(";Zoé;z").Append(i).Append("@x.example\n");
        var sheet = await Received(silo, file.ToString());
        var run = (await DryRun(silo, sheet)).Accepted;
        Assert.Equal(ContactImports.Slice + 20, run.Created);
        var job = Job(silo, sheet.Id);
        (await job.Start(new StartJob(JobKind.ContactImport, Json.Write(new ContactImportArgument(sheet.Id, Claire)), run.Lines) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await job.Stop(new StopJob { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        Assert.Equal((JobStatus.Stopped, 0L), ((await job.View())!.Status, await Count("contacts")));
        var work = silo.Services.GetServices<IJobWork>().Single(one => one.Kind == JobKind.ContactImport);
        using (Caller.As(Actor.System("jobs", organisation)))
            Assert.Equal((false, (long)ContactImports.Slice), (await work.Do((await job.View())!, default)) is var step ? (step.Finished, step.Done) : default);
        // The node fell before the step was recorded.
        (await job.Resume(new ResumeJob { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        Assert.Equal((JobStatus.Finished, (long)ContactImports.Slice + 20), ((await job.View())!.Status, (await job.View())!.Count(ContactImportWork.Created)));
        Assert.Equal(ContactImports.Slice + 20L, await Count("contacts"));
    }

    /// <summary>The edit takes away what it finds them by: nobody is passed over for it, and a step done again edits nobody twice.</summary>
    [Fact]
    public async Task All_that_an_import_brought_are_edited_by_a_job()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        await Define(silo.Grains, organisation, Claire, Public);
        using var caller = Caller.As(Claire);
        const int people = 620;
        var file = new StringBuilder("Nom;Prénom;E-mail;Étiquettes\n");
        for (var i = 0; i < people; i++) file.Append("Nom").Append(i).Append(";Zoé;z").Append(i).Append("@x.example;nouveau\n");
        var sheet = await Received(silo, file.ToString());
        await Accept(silo, sheet, (await DryRun(silo, sheet)).Accepted);
        await silo.DrainOutbox();
        var school = await Made(silo, Named("Lycée") with { Kind = ContactKind.Structure });
        (await Contact(silo, school).Tag(new TagContact(["nouveau"], []) { Id = Guid.NewGuid(), By = Claire })).Expect();

        var change = new BulkChange(["Vu"], ["nouveau"], "public", ["senior"]);
        var (found, wrong) = ContactSearchFields.Read([new SearchCondition("tag", "nouveau")]);
        Assert.Empty(wrong);
        Assert.Equal((new BulkPreview(people + 1, people + 1, people + 1), false), await silo.Services.GetRequiredService<ContactBulk>().Preview(organisation, found, new DateOnly(2026, 11, 26), change));
        var job = Job(silo, Ids.New(time));
        (await job.Start(new StartJob(JobKind.ContactBulk, Json.Write(new ContactBulkArgument([new SearchCondition("tag", "nouveau")], change, Guid.NewGuid(), Claire)), people + 1) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();

        // The criterion is one of individuals: the structure has its tag, and refuses that.
        var view = (await job.View())!;
        Assert.Equal((JobStatus.Finished, 2, people + 1L, people, 1L), (view.Status, view.Step, view.Done, view.Count(ContactBulkWork.Edited), view.Count(ContactBulkWork.Refused)));
        Assert.Equal((0L, people + 1L, (long)people), (await Count("contacts WHERE 'nouveau' = ANY (tag_keys)"), await Count("contacts WHERE 'vu' = ANY (tag_keys)"), await Count("contacts WHERE 'public:senior' = ANY (criteria)")));
        var work = silo.Services.GetServices<IJobWork>().Single(one => one.Kind == JobKind.ContactBulk);
        using (Caller.As(Actor.System("jobs", organisation)))
            Assert.Equal((true, 0L), (await work.Do(view with { Cursor = null, Done = 0, Counts = view.Counts.Clear() }, default)) is var again ? (again.Finished, again.Done) : default);
    }

    public static TheoryData<string, string> Cards => new()
    {
        { "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Dupont;Chantal;;Madame;\r\nEMAIL;type=pref:c@x.example\r\nitem1.TEL;type=CELL:06 12 34\r\n  56 78\r\nADR;TYPE=home:;;12\\, rue Haute;Paris;;75012;France\r\nBDAY:1970-05-17\r\nEND:VCARD\r\n", "Dupont Chantal Madame 1970-05-17 c@x.example 06 12 34 56 78 12, rue Haute 75012 Paris France" },
        { "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;Zo=\n=C3=AB;;;\nTEL;HOME;VOICE:0140000000\nEND:VCARD\n", "Lefèvre Zoë 0140000000" },
        { "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Lef=E8vre;L=E9a\nEND:VCARD\n", "Lefèvre Léa" },
        { "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Collège Jean-Moulin\nTEL;VALUE=uri;TYPE=voice:tel:+33140000000\nEND:VCARD\n", "structure Collège Jean-Moulin +33140000000" },
        { "BEGIN:VCARD\nVERSION:3.0\nFN:Zoé\nPHOTO;ENCODING=b:AAAA\n BBBB\nEND:VCARD\n", "Zoé" },
    };

    [Theory]
    [MemberData(nameof(Cards))]
    public void Address_books_of_every_version_are_read(string card, string expected)
    {
        var table = TabularFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(card)), "x.vcf", ImportLimits.Default).Accepted;
        Assert.Equal(FileFormat.VCard, table.Format);
        Assert.Equal(expected, string.Join(' ', table.Rows[1].Cells.Select(cell => cell.Text).Where(text => text.Length > 0)));
    }

    private async Task<ImportSheet> Received(TestSilo silo, string text)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return (await silo.Services.GetRequiredService<ImportDesk>().Receive(Context, ImportKind.Contacts, null, "contacts.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)))).Read.Accepted;
    }

    private Task<Taken<ContactsDryRun>> DryRun(TestSilo silo, ImportSheet sheet) => silo.Services.GetRequiredService<ContactImports>().DryRun(organisation, sheet);

    private async Task Accept(TestSilo silo, ImportSheet sheet, ContactsDryRun run) =>
        (await silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, sheet.Id)).Accept(
            new AcceptImport(sheet.FileName, sheet.Source, sheet.Mapping, null, null, Contacts: run.Plan) { Id = Guid.NewGuid(), By = Claire })).Expect();

    private IJobGrain Job(TestSilo silo, string id) => silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, id));

    private IContactGrain Contact(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<ContactView> View(TestSilo silo, string id) => (await Contact(silo, id).View())!;

    private async Task<string> Made(TestSilo silo, ContactDetails details)
    {
        var id = Ids.New(time);
        (await Contact(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })).Expect();
        return id;
    }

    private async Task<long> Count(string from, string id = "") => await new Database(database.Product).QueryFirst<long>(
        organisation, $"SELECT count(*) FROM {from}{(from.Contains("WHERE", StringComparison.Ordinal) ? " AND" : " WHERE")} organisation = @organisation", new { organisation, id });

    private Task<string?> Id(string where) => new Database(database.Product).QueryFirst<string>(organisation, $"SELECT id FROM contacts WHERE organisation = @organisation AND {where}", new { organisation });
}
