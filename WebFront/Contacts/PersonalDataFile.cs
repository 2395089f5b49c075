using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>What is read at once for a person's file: little, whatever their histories. These and the journal are read by pages while it is written.</summary>
/// <param name="Records">As stored: the contact's own first, then those merged into it.</param>
/// <param name="Names">What codes and ids are called, as far as the person may know.</param>
internal sealed record DisclosedContact(
    string Organisation, OrganisationDetails House, DateTimeOffset At, Reader Reader, ImmutableArray<StoredRecord> Records, ImmutableArray<ContactState> States,
    ImmutableArray<TieOfPerson> Ties, ContactSettingsView Settings, ImmutableArray<ShownIndicator> Indicators, ImmutableArray<FormerEmail> FormerEmails,
    DateTimeOffset? LastSignIn, ImmutableArray<SpaceBrowser> Browsers, ImmutableArray<ImportedFrom> Imports, FrozenDictionary<string, string> Names)
{
    public string Id => Records[0].Id;

    public ContactState State => States[0];

    /// <summary>Its language, as the person is written to.</summary>
    public string T(string french, string english) => Reader.T(french, english);

    /// <summary>The name of a code or an id; of other people's ids, that it is somebody else.</summary>
    public string NameOf(string code) => Names.TryGetValue(code, out var name) ? name : Ids.IsValid(code) ? T("une autre personne", "another person") : code;

    /// <summary>Who did something, to somebody outside: that it was the house, a program or Guichet itself, but not which of its people.</summary>
    public string Who(Actor by) => by.Kind switch
    {
        ActorKind.System => "Guichet",
        ActorKind.Token => T($"Le programme « {by.Name} »", $"The program “{by.Name}”"),
        _ => by.Organisation == Organisation ? House.Name : T("Une autre structure", "Another organisation"),
    };
}

/// <summary>What a person is to another contact.</summary>
/// <param name="Name">Null where it isn't the person's to know.</param>
internal sealed record TieOfPerson(RelationKind Kind, bool Upward, DateOnly? From, DateOnly? Until, ContactKind Other, string? Name);

/// <summary>
/// All that is kept of a person in one file (GDPR, articles 15 and 20): a page to read and the same for programs, in a zip that is written as it is
/// read, however long the histories are.
/// </summary>
/// <remarks>
/// Others' rights (article 15, 4): of whom the person is tied to it says the name of structures, which are no persons, and of parents and children;
/// of a structure's relays and members, that there are such. Who of the house did something isn't said (CJEU, C-579/21): only that it was the house.
/// What the house wrote of the person in notes is whole: whoever hands it over reads them first.
/// </remarks>
internal sealed class PersonalDataFile(
    PersonalDataQueries queries, ContactQueries contacts, ContactHistoryQueries histories, ContactIndicatorQueries indicators, TimelineQueries timelines, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Rows of a history read at a time.</summary>
    private const int Page = 500;

    /// <summary>Lines of the journal read at a time: one may hold five hundred activities.</summary>
    private const int LinesAtATime = 10;

    /// <summary>The version of the JSON's shape: it grows when a member goes or means something else.</summary>
    public const string Format = "guichet-personal-data/1";

    /// <summary>Members that name the house's own people, other contacts by their ids, or open something.</summary>
    private static readonly FrozenSet<string> Withheld = FrozenSet.ToFrozenSet(
        ["by", "givenBy", "withdrawnBy", "createdBy", "changedBy", "recordedBy", "to", "other", "into", "mergedInto", "alike", "makesName", "supportId"], StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Options = new(Json.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The name of the file: no person's, so that a folder of downloads tells nothing.</summary>
    public static string NameOf(long number, Reader reader) =>
        FormattableString.Invariant($"{reader.T("donnees-contact", "data-contact")}-{number}-{reader.Formats.Today:yyyy-MM-dd}.zip");

    /// <summary>In the contact's language and the organisation's zone.</summary>
    public Reader ReaderOf(ContactDetails details, string zone) => new(new Formats(
        details.Language == Organisations.Language.English ? Words.Language.English : Words.Language.French, Reader.Zone(zone), time));

    public async Task<DisclosedContact?> Read(string organisation, string contact, CancellationToken cancellation)
    {
        var records = await queries.Records(organisation, contact, cancellation);
        if (records.IsEmpty) return null;
        ImmutableArray<ContactState> states = [.. records.Select(record => Json.Read<ContactState>(record.State))];
        if (states[0].Details is not { } details) return null;
        var house = (await grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(organisation)).View())!;
        var settings = await grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(organisation, ContactSettingsKey.Id)).View();
        var reader = ReaderOf(details, house.Details.Zone);
        var today = reader.Formats.Today;
        var related = await contacts.Related(organisation, contact, today, cancellation);
        var (worked, seasons) = await indicators.Of(organisation, contact, today, cancellation);
        ImmutableArray<TieOfPerson> ties = [.. related.Select(tie => new TieOfPerson(tie.Kind, tie.Upward, tie.From, tie.Until, tie.Other.Kind, MayKnow(tie) ? tie.Other.FullName() : null))];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tie in related.Where(MayKnow)) names[tie.Other.Id] = tie.Other.FullName();
        foreach (var criterion in settings.Criteria)
        {
            names[criterion.Code] = reader.Label(criterion, criterion.Code);
            foreach (var value in criterion.Values) names[$"{criterion.Code}:{value.Code}"] = reader.T(value.French, value.English);
        }
        var (lastSignIn, browsers) = await queries.SignIns(organisation, contact, cancellation);
        return new DisclosedContact(
            organisation, house.Details, time.GetUtcNow(), reader, records, states, ties, settings, reader.Shown(worked, seasons, details.Language),
            await queries.FormerEmails(organisation, contact, cancellation), lastSignIn, browsers, await queries.Imports(organisation, contact, cancellation), names.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public async Task Write(Stream to, DisclosedContact data, CancellationToken cancellation)
    {
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        var name = data.T("donnees", "data");
        await using (var page = await zip.CreateEntry($"{name}.html", CompressionLevel.Fastest).OpenAsync(cancellation))
        await using (var document = new PersonalDataPage(page, data))
        {
            await document.Begin();
            await document.Purchases(Pages((after, limit) => histories.Purchases(data.Organisation, data.Id, Own(data), after, limit, cancellation)));
            await document.Cancellations(Pages((after, limit) => queries.Told(data.Organisation, data.Id, "cancellation", after, limit, cancellation)));
            await document.Attendances(Pages((after, limit) => queries.Told(data.Organisation, data.Id, "attendance", after, limit, cancellation)));
            await document.Payments(Pages((after, limit) => histories.Payments(data.Organisation, data.Id, Own(data), after, limit, cancellation)));
            await document.Messages(Pages((after, limit) => histories.Sent(data.Organisation, data.Id, Own(data), after, limit, cancellation)));
            await document.Journal(Lines(data, cancellation));
            await document.End();
        }
        await using var json = await zip.CreateEntry($"{name}.json", CompressionLevel.Fastest).OpenAsync(cancellation);
        await WriteJson(json, data, cancellation);
    }

    /// <summary>Documented in docs/personal-data.md.</summary>
    private async Task WriteJson(Stream to, DisclosedContact data, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        // Records are as they are stored, so that nothing that is added to them is forgotten here.
        Member("format", Format);
        Member("madeAt", data.At);
        Member("organisation", new { data.House.Name, data.House.City });
        Member("zone", data.House.Zone);
        Member("language", data.Reader.Language == Words.Language.English ? "en" : "fr");
        Member("leftOut", PersonalDataPage.LeftOut(data));
        Member("records", new JsonArray([.. data.Records.Select(record => Cleaned(JsonNode.Parse(record.State)))]));
        Member("relations", data.Ties.Select(tie => new { tie.Kind, tie.Upward, tie.From, tie.Until, tie.Other, tie.Name }));
        Member("criteria", data.States[0].Criteria.Select(criterion => new
        {
            criterion.Criterion,
            Label = data.NameOf(criterion.Criterion),
            Values = criterion.Values.Select(value => new { Code = value, Label = data.NameOf($"{criterion.Criterion}:{value}") }),
        }));
        Member("formerEmails", data.FormerEmails);
        Member("signIns", new { Last = data.LastSignIn, data.Browsers });
        Member("indicators", data.Indicators.Select(one => new { one.Key, one.Label, one.Value, one.Rule, one.Detail }));
        Member("imports", data.Imports.Select(one => new { one.FileName, one.Source, one.At, one.Line, one.Created, Said = Cleaned(JsonNode.Parse(one.Said)) }));
        json.WriteStartObject("histories");
        await Each("purchases", Pages((after, limit) => histories.Purchases(data.Organisation, data.Id, Own(data), after, limit, cancellation)), row => new
        {
            row.Told.Source,
            row.Told.Id,
            row.Told.Revision,
            row.Told.OccurredAt,
            row.Told.RecordedAt,
            Content = (ActivityContent)row.Purchase,
            row.NetMinor,
            row.Cancelled,
            row.Left,
        });
        await Each("cancellations", Pages((after, limit) => queries.Told(data.Organisation, data.Id, "cancellation", after, limit, cancellation)), Told);
        await Each("attendances", Pages((after, limit) => queries.Told(data.Organisation, data.Id, "attendance", after, limit, cancellation)), Told);
        await Each("payments", Pages((after, limit) => histories.Payments(data.Organisation, data.Id, Own(data), after, limit, cancellation)), row => Told(new ToldActivity(row.Told, row.Payment)));
        await Each("messages", Pages((after, limit) => histories.Sent(data.Organisation, data.Id, Own(data), after, limit, cancellation)), row => new
        {
            row.Source,
            row.Id,
            row.At,
            row.Told?.Revision,
            row.Told?.RecordedAt,
            Content = (ActivityContent?)row.Message,
            Report = row.Report is { } report ? new { report.Partner, report.At, report.State, report.Email, report.Reply } : null,
            Letter = row.Letter is { } letter ? new { letter.Subject, letter.Email, letter.Refused } : null,
        });
        json.WriteEndObject();
        var sentences = new TimelineSentences(data.Reader, data.NameOf);
        await Each("journal", Lines(data, cancellation), line => new
        {
            line.At,
            By = data.Who(line.By),
            Record = data.Records.First(record => record.Id == line.Id).Number,
            line.Command,
            Sentences = sentences.Of(line).Select(sentence => new { Text = sentence.Alone, sentence.Detail }),
            Events = Cleaned(JsonNode.Parse(line.Events)),
        });
        json.WriteEndObject();
        await json.FlushAsync(cancellation);

        void Member<T>(string member, T value)
        {
            json.WritePropertyName(member);
            JsonSerializer.Serialize(json, value, Options);
        }

        async Task Each<TRow>(string member, IAsyncEnumerable<TRow> rows, Func<TRow, object> shown)
        {
            json.WriteStartArray(member);
            await foreach (var row in rows)
            {
                JsonSerializer.Serialize(json, shown(row), Options);
                if (json.BytesPending > 64 * 1024) await json.FlushAsync(cancellation);
            }
            json.WriteEndArray();
        }

        static object Told(ToldActivity row) => new { row.Told.Source, row.Told.Id, row.Told.Revision, row.Told.OccurredAt, row.Told.RecordedAt, row.Content };
    }

    /// <summary>Without members that are another's: see <see cref="Withheld"/>. What holds a password or a key is nobody's to read.</summary>
    private static JsonNode? Cleaned(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(member => member.Key).Where(IsWithheld).ToList()) members.Remove(name);
                foreach (var member in members) Cleaned(member.Value);
                break;
            case JsonArray items:
                foreach (var item in items) Cleaned(item);
                break;
        }
        return node;
    }

    private static bool IsWithheld(string member) => Withheld.Contains(member)
        || (member.Contains("password", StringComparison.OrdinalIgnoreCase) && member != "hasPassword") || member.Contains("secret", StringComparison.OrdinalIgnoreCase) || member.Contains("hash", StringComparison.OrdinalIgnoreCase);

    /// <summary>A structure's name is no personal data; a parent and a child know one another. A structure's people are others.</summary>
    private static bool MayKnow(RelatedContact tie) => tie.Other.Kind == ContactKind.Structure || tie.Kind == RelationKind.Child;

    /// <summary>Its own activities, not those that a structure shows of its people.</summary>
    private static HistoryFilter Own(DisclosedContact data) => new(Person: data.Id);

    private static async IAsyncEnumerable<TRow> Pages<TRow>(Func<HistoryPlace?, int, Task<HistoryPage<TRow>>> read)
    {
        HistoryPlace? after = null;
        do
        {
            var page = await read(after, Page);
            foreach (var row in page.Rows) yield return row;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Of its own journal, then of those of the records that were merged into it; each from the newest.</summary>
    private async IAsyncEnumerable<TimelineLine> Lines(DisclosedContact data, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var record in data.Records)
        {
            string? after = null;
            do
            {
                var part = await timelines.Read(
                    data.Organisation, new TimelineFilter(null, TimelineTopic.Contacts, "contacts", record.Id, null, null, Minor: true), after, LinesAtATime, cancellation);
                foreach (var line in part.Lines) yield return line;
                after = part.Next;
            }
            while (after is not null);
        }
    }
}
