using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Guichet.Contacts;
using Guichet.Imports;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Notifications;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Access;

/// <summary>What an organisation has, by the ids that stand in addresses.</summary>
/// <param name="Marker">A word that is in everything of it and in nothing of anybody else's.</param>
internal sealed record Belongings(Tenant Tenant, string Marker, string Show, string Series, string Session, string Link, string Notification, string Operator, string Import, string Partner, string Run, string Contact, string Search, string Bulk, string Preview, string Erasing)
{
    /// <summary>Ids as they could be, of nothing.</summary>
    public Belongings Invented() => this with { Show = New(), Series = New(), Session = New(), Link = New(), Notification = New(), Operator = New(), Import = New(), Partner = New(), Run = New(), Contact = New(), Search = New(), Bulk = New(), Preview = New(), Erasing = New() };

    private static string New() => Ids.New(TimeProvider.System);
}

internal sealed record Answer(HttpStatusCode Status, string? Location, string Text);

/// <summary>A node with two organisations, each with something of everything: <see cref="Asker"/> asks for what is <see cref="Owner"/>'s.</summary>
public sealed partial class AccessWorld : IAsyncLifetime
{
    private readonly TestDatabase database = new();

    public TestNode Node { get; private set; } = null!;

    internal Belongings Asker { get; private set; } = null!;

    /// <summary>Also runs the installation, which the other doesn't.</summary>
    internal Belongings Owner { get; private set; } = null!;

    internal TestDatabase Database => database;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Node = await TestNode.Start(database.Product);
        Asker = await Furnish(await Tenant.Found(Node, "asker", "Quelconque"), "Quelconque");
        Owner = await Furnish(await Tenant.Found(Node, "owner", "Zorglub", administersInstallation: true), "Zorglub");
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Every row of that organisation, or of all (null), but for when someone was last seen.</summary>
    public async Task<string> Fingerprint(string? organisation = null)
    {
        var rows = new StringBuilder();
        foreach (var table in await Tables())
        {
            if (table is "web_sessions" or "contact_sessions" or "api_token_hashes") continue;
            await using var command = database.Owner.CreateCommand($"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '-') FROM {table} AS t WHERE $1::text IS NULL OR to_jsonb(t) ->> 'organisation' = $1");
            command.Parameters.Add(new() { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            rows.Append(table).Append(' ').AppendLine((string)(await command.ExecuteScalarAsync())!);
        }
        return rows.ToString();
    }

    /// <summary>Those whose rows belong to an organisation.</summary>
    public async Task<IReadOnlyList<string>> Tables()
    {
        var tables = new List<string>();
        await using var command = database.Owner.CreateCommand("""
            SELECT DISTINCT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name ~ '(^|_)organisation(_id)?$' ORDER BY 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }

    /// <summary>Asks, and reads what comes; of a stream of events, what comes within a moment.</summary>
    internal static async Task<Answer> Ask(HttpClient http, string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (path.StartsWith("/api/", StringComparison.Ordinal) && method != "GET") request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var location = answer.Headers.Location?.OriginalString ?? answer.Headers.NonValidated.FirstOrDefault(header => header.Key == "HX-Redirect").Value.ToString();
        return new Answer(answer.StatusCode, location, await Read(answer));
    }

    /// <summary>What a form of that browser carries against forgery, beside its cookies.</summary>
    internal async Task<(HttpClient Browser, FormUrlEncodedContent Form)> WithFormToken(string secret)
    {
        using var browser = Node.Browser(secret);
        using var page = await browser.GetAsync("/account");
        Assert.True(page.IsSuccessStatusCode, $"{page.StatusCode} {Node.Failures}");
        var token = FormToken().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        var cookie = page.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("guichet-form=", StringComparison.Ordinal)).Split(';')[0];
        Assert.NotEmpty(token);
        var poster = Node.Browser(null);
        poster.DefaultRequestHeaders.Add("Cookie", $"guichet-session={secret}; {cookie}");
        return (poster, new FormUrlEncodedContent([new("form-token", token), new("command", Guid.NewGuid().ToString())]));
    }

    private static async Task<string> Read(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType == Exports.Spreadsheet.XlsxType) return Unzipped(await answer.Content.ReadAsStreamAsync());
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream") return await answer.Content.ReadAsStringAsync();
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read, moment.Token);
        }
        catch (OperationCanceledException)
        {
            // An open page listens for ever.
        }
        return Encoding.UTF8.GetString(read.ToArray());
    }

    /// <summary>What a workbook says, its parts after one another.</summary>
    private static string Unzipped(Stream workbook)
    {
        using var archive = new System.IO.Compression.ZipArchive(workbook);
        return string.Concat(archive.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        }));
    }

    private async Task<Belongings> Furnish(Tenant tenant, string marker)
    {
        var by = tenant.Administrator;
        var (series, link, notification) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        var (partner, run) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        var (contact, search, bulk) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        var (show, session) = await tenant.Play(Node, $"{marker} le Grand");
        using (Caller.As(by))
        {
            (await tenant.Grain<ISeriesGrain>(Node, series).Create(new CreateSeries(show, $"Série {marker}") { Id = Guid.NewGuid(), By = by })).Expect();
            var grain = tenant.Grain<ISessionGrain>(Node, session);
            (await grain.Validate(new ValidateTally([Sample.Line(40, gross: 180_000)], TallySource.Typed, null, $"Note {marker}", null) { Id = Guid.NewGuid(), By = by })).Expect();
            (await grain.SaveDraft(new SaveDraft([Sample.Line(41, gross: 184_500)], TallySource.Typed, null, $"Brouillon {marker}", 1) { Id = Guid.NewGuid(), By = by })).Expect();
            (await grain.MakeShareable(new MakeSessionShareable(true) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<ILinkGrain>(Node, link).Request(new RequestLink(
                LinkSide.Sender, null, new OutsideCounterpart($"Salle {marker}", $"salle@{tenant.Id}.example", Language.French, OutsideDelivery.Address, null),
                session, null, null, LinkTerms.Totals, null, null, LinkSecret.New())
            { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IPartnerGrain>(Node, partner).Create(new CreatePartner(new PartnerDetails(
                $"Production {marker}", PartnerGroup.Partners, [new PartnerAddress($"production@{tenant.Id}.example", RecipientKind.To, marker)], Language.French, $"Note {marker}"))
            { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IPartnerGrain>(Node, partner).Associate(new AssociatePartner([session], [series]) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IReportCalendarGrain>(Node, ReportCalendarId.OfPartner(partner)).Set(new SetReportCalendar(new ReportCalendarDetails(
                new ReportRule(ReportRhythm.Monthly, [], 1, [], LastOfMonth: true), new TimeOnly(23, 59), "Europe/Paris", new DateOnly(2026, 1, 1), [], HolidayRegion.None, [], HolidayRule.Skip,
                OnlyIfChanged: false, Enabled: true), BasedOn: 0)
            { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<ILetterheadGrain>(Node, LetterheadKey.Id).PutLogo(new PutLogo(Reporting.LetterheadCoreTests.Png) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IContactGrain>(Node, contact).Create(new CreateContact(Contacts.ContactSamples.Person with { Name = marker, Emails = [$"contact@{tenant.Id}.example"] }) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IContactGrain>(Node, contact).Tag(new TagContact([$"Ami {marker}"], []) { Id = Guid.NewGuid(), By = by })).Expect();
            var now = TimeProvider.System.GetUtcNow();
            (await tenant.Grain<IContactGrain>(Node, contact).RecordActivities(new RecordActivities(
            [
                new ContactActivity("till", "p1", 1, now, new Purchase($"C-{marker}", "EUR", [new PurchaseLine(ProductKind.Ticket, $"{marker} le Grand", now, null, 1, null, null, 4_500, null, null)], marker, null)),
                new ContactActivity("till", "m1", 1, now, new Payment(new Money(4_500, "EUR"), false, $"Carte {marker}", ["p1"])),
                new ContactActivity("till", "s1", 1, now, new SentMessage(MessageChannel.Email, $"Bienvenue {marker}", null, MessageState.Sent, null)),
            ])
            { Id = Guid.NewGuid(), By = by })).Expect();
            await KeepRecord(tenant, contact, marker);
            (await tenant.Grain<IJobGrain>(Node, bulk).Start(
                new StartJob(JobKind.ContactBulk, Json.Write(new ContactBulkArgument([new("tag", $"Rien {marker}")], new BulkChange([$"Ami {marker}"], [], null, []), Guid.NewGuid(), by)), 0) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<ISavedSearchGrain>(Node, search).Save(new SaveSearch(new SavedSearch($"Amis {marker}", Shared: true, [new("tag", $"Ami {marker}")])) { Id = Guid.NewGuid(), By = by })).Expect();
            (await tenant.Grain<IReportRunGrain>(Node, run).Send(new SendReports(ReportScope.Of(partner), TimeProvider.System.GetUtcNow(), null, null, null) { Id = Guid.NewGuid(), By = by })).Expect();
        }
        var (preview, erasing) = await KeepRules(tenant, marker);
        await using (var scope = Node.Services.CreateAsyncScope())
        {
            var context = new EffectContext(Guid.NewGuid(), tenant.Id, 1, TimeProvider.System.GetUtcNow());
            await scope.ServiceProvider.GetRequiredService<IEffectHandler<ExpandRun>>().Do(new ExpandRun(run), context, CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<IEffectHandler<PrepareReports>>().Do(new PrepareReports(run, partner, partner), context, CancellationToken.None);
        }
        await using var told = database.Owner.CreateCommand("""
            WITH missed AS (
              INSERT INTO report_runs (organisation, id, calendar_id, local_at, zone, at, recorded_at, state) VALUES ($1, $2, 'partner-' || $4, now(), 'Europe/Paris', now(), now(), 'missed'))
            INSERT INTO notifications (organisation, id, at, code, arguments, path) VALUES ($1, $2, now(), 'link-accepted', jsonb_build_array($3, $3, $3), '/links')
            """);
        told.Parameters.Add(new() { Value = tenant.Id });
        told.Parameters.Add(new() { Value = notification });
        told.Parameters.Add(new() { Value = marker });
        told.Parameters.Add(new() { Value = partner });
        await told.ExecuteNonQueryAsync();
        var file = await Node.Services.GetRequiredService<ImportDesk>().Receive(
            new ImportDeskContext(tenant.Id, "Europe/Paris", "EUR", by.Name, new ImportDefaults("Libre", "Normal", "Guichet", "Partenaires")), ImportKind.Season, null, $"{marker}.csv",
            new MemoryStream(Encoding.UTF8.GetBytes($"Spectacle;Lieu;Date\n{marker};Salle {marker};04/12/2026\n")));
        return new Belongings(tenant, marker, show, series, session, link, notification, by.Id, file.Id, partner, run, contact, search, bulk, preview, erasing);
    }

    /// <summary>A rule, whom it would erase, and an erasure that was asked for and isn't begun.</summary>
    private async Task<(string Preview, string Erasing)> KeepRules(Tenant tenant, string marker)
    {
        var (by, forgotten) = (tenant.Administrator, Ids.New(TimeProvider.System));
        var retention = tenant.Grain<IContactRetentionGrain>(Node, ContactRetentionKey.Id);
        string preview;
        using (Caller.As(by))
        {
            (await tenant.Grain<IContactGrain>(Node, forgotten).Create(new CreateContact(Contacts.ContactSamples.Named($"Oublié {marker}")) { Id = Guid.NewGuid(), By = by })).Expect();
            await using (var aged = database.Owner.CreateCommand($"UPDATE contacts SET touched_at = '2000-01-01' WHERE id = '{forgotten}'")) await aged.ExecuteNonQueryAsync();
            (await retention.SetRules(new SetRetentionRules([new("prospects", $"Prospects {marker}", null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36)], 0) { Id = Guid.NewGuid(), By = by })).Expect();
            preview = (await retention.Preview(new PreviewRetention { Id = Guid.NewGuid(), By = by })).Expect().Id;
        }
        using (Caller.As(Actor.System("tests", tenant.Id)))
        {
            var argument = new RetentionArgument(preview, 1, (await retention.View()).Rules, TimeProvider.System.GetUtcNow(), by);
            var context = new EffectContext(Guid.NewGuid(), tenant.Id, 1, TimeProvider.System.GetUtcNow());
            await using var scope = Node.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IEffectHandler<StartRetentionJob>>().Do(new StartRetentionJob(preview, JobKind.ContactRetentionPreview, argument, 0), context, CancellationToken.None);
            await scope.ServiceProvider.GetRequiredService<IEffectHandler<RunJobStep>>().Do(new RunJobStep(preview, 1), context, CancellationToken.None);
        }
        using var caller = Caller.As(by);
        return (preview, (await retention.Run(new RunRetention(preview, 1) { Id = Guid.NewGuid(), By = by })).Expect().Id);
    }

    /// <summary>What a contact's tabs show: something of everything.</summary>
    private async Task KeepRecord(Tenant tenant, string id, string marker)
    {
        var (by, structure, proof) = (tenant.Administrator, Ids.New(TimeProvider.System), new ConsentProof(TimeProvider.System.GetUtcNow().AddMinutes(-1), $"Guichet {marker}", $"J’accepte, {marker}."));
        var contact = tenant.Grain<IContactGrain>(Node, id);
        (await tenant.Grain<IContactGrain>(Node, structure).Create(new CreateContact(Contacts.ContactSamples.House with { Name = $"Collège {marker}" }) { Id = Guid.NewGuid(), By = by })).Expect();
        (await contact.Relate(new RelateContact(new ContactRelation(RelationKind.Relay, structure, null, null)) { Id = Guid.NewGuid(), By = by })).Expect();
        (await contact.AddNote(new AddContactNote($"Note {marker}") { Id = Guid.NewGuid(), By = by })).Expect();
        (await contact.GiveConsent(new GiveConsent(ConsentChannel.Email, $"Lettre {marker}", proof) { Id = Guid.NewGuid(), By = by })).Expect();
        (await contact.PreferSeats(new PreferSeats([new PreferredSeat($"Salle {marker}", null, null, null, null)], 1) { Id = Guid.NewGuid(), By = by })).Expect();
        await Contacts.ContactSamples.Define(Node.Grains, tenant.Id, by, Contacts.ContactSamples.Public with { French = $"Public {marker}", English = $"Public {marker}" });
        (await contact.Classify(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = by })).Expect();
    }

    [GeneratedRegex("name=\"form-token\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
