using System.Collections.Immutable;
using Guichet.Imports;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>An erased contact's traces, after its record: done once, whatever happens to the node in between.</summary>
public sealed class EraseContactTracesHandler(ContactErasures erasures) : IEffectHandler<EraseContactTraces>
{
    public Task Do(EraseContactTraces effect, EffectContext context, CancellationToken cancellation) =>
        erasures.TakeTraces(context.Organisation, effect.ContactId, sends: true, cancellation);
}

/// <summary>
/// Takes what names an erased contact out of everything but its record, which its grain has emptied already, and carries out again what a
/// restored backup brought back. Which tables that concerns, and which not, docs/erasure.md lists.
/// </summary>
/// <remarks>
/// What the contact was called is read from its journal, so that is redacted last: a step that is done again after a crash knows as much as
/// the first time, and finds less to do.
/// </remarks>
public sealed class ContactErasures(Database database, IGrainFactory grains, ErasureRegister register, ImportDesk imports, TimeProvider time)
{
    private const int AtOnce = 500;

    /// <summary>How many the database and the register had when neither had anything to learn.</summary>
    private (long InDatabase, int OnRegister)? foundAlike;

    /// <summary>As the journal names who erases again.</summary>
    private static Actor ByItself(string organisation) => Actor.System("erasures", organisation) with { Name = "Guichet" };

    /// <param name="sends">Mails are sent from here: those that are under way to the contact are waited for. Else they never leave, and go too.</param>
    /// <exception cref="TryAgainException">A mail to the contact is under way, or the database doesn't answer.</exception>
    public async Task TakeTraces(string organisation, string contact, bool sends, CancellationToken cancellation)
    {
        if (await database.QueryFirst<Erasure>(organisation, Sql.Erasure, new { organisation, contact }, cancellation) is not { Done: false } erasure) return;
        foreach (var merged in await database.Query<string>(organisation, Sql.Merged, new { organisation, contact }, cancellation))
            await CarryOut(new RegisteredErasure(organisation, merged, 0, Instant(erasure.Erased_At), ContactQueries.Read<ErasureGround>(erasure.Ground)), again: false);

        var words = await WordsOf(organisation, contact, cancellation);
        await StrikeActivities(organisation, contact, words, cancellation);
        await StrikeImports(organisation, contact, erasure.Number, words, cancellation);
        await database.Execute(organisation, Sql.Borrowed, new { organisation, contact, emails = words.Emails.ToArray() }, cancellation);
        await database.Execute(organisation, Sql.Mails, new { organisation, contact, emails = words.Emails.ToArray(), struck = ContactErasing.Struck }, cancellation);
        await database.Execute(organisation, Sql.Supported, new { organisation, contact, name = ContactErasing.NameOf(erasure.Number) }, cancellation);
        await database.Execute(organisation, Sql.Names, new { organisation, names = words.Names.ToArray(), firstNames = words.FirstNames.ToArray() }, cancellation);
        string[] said = [.. words.Emails, .. words.Phones];
        await database.Execute(organisation, Sql.Effects, new { organisation, contact, said, sends }, cancellation);
        if (sends && await database.QueryFirst<bool>(organisation, Sql.UnderWay, new { organisation, said, emails = words.Emails.ToArray() }, cancellation))
            throw new TryAgainException($"A mail to contacts/{organisation}/{contact} is under way.");
        await database.Execute(organisation, Sql.Redact, new { organisation, contact, now = time.GetUtcNow() }, cancellation);
    }

    /// <summary>Erases again what the register has and the database lost, gives the register what it lacks, and ends what was under way.</summary>
    /// <param name="sends">As for <see cref="TakeTraces"/>.</param>
    /// <param name="starting">Before anything is served. Later, what came onto the register just now may still be on its way into the database, or be taken back.</param>
    /// <exception cref="ErasureRegisterException">The register can't be read. That it can't be written, <see cref="ErasureRegister.Trouble"/> says.</exception>
    public async Task<ErasuresCompared> Compare(bool sends, bool starting, CancellationToken cancellation)
    {
        var registered = await register.Read();
        var inDatabase = await database.QueryFirst<long>(Database.Everyone, Sql.Count, null, cancellation);
        // Neither ever loses a line while a node runs: as many as when they were found alike are the same.
        var alike = !starting && foundAlike == (inDatabase, registered.Count);
        var settled = starting ? DateTimeOffset.MaxValue : time.GetUtcNow() - ErasureRegister.Settling;
        var (again, added, left) = (0, 0, ImmutableArray.CreateBuilder<RegisteredErasure>());
        foreach (var organisation in alike ? [] : (await LostOf(registered, cancellation)).Where(erasure => erasure.At <= settled).GroupBy(erasure => erasure.Organisation))
        {
            var there = (await database.Query<string>(
                organisation.Key, Sql.There, new { organisation = organisation.Key, ids = organisation.Select(erasure => erasure.ContactId).ToArray() }, cancellation)).ToHashSet(StringComparer.Ordinal);
            foreach (var erasure in organisation.Where(erasure => there.Contains(erasure.ContactId)).OrderBy(erasure => erasure.At))
            {
                if (await CarryOut(erasure, again: true)) again++;
                else left.Add(erasure);
            }
        }
        foreach (var (organisation, contact) in await database.Query<(string Organisation, string Contact)>(Database.Everyone, Sql.UnderWayAtAll, null, cancellation))
        {
            try
            {
                await TakeTraces(organisation, contact, sends, cancellation);
            }
            catch (TryAgainException)
            {
                // A mail is under way; its effect tries again.
            }
        }
        try
        {
            await register.Prepare();
            if (!alike) added = await CatchUp(cancellation);
            // Where one of the two had something to learn, they are looked at once more.
            foundAlike = again == 0 && added == 0 && left.Count == 0 && registered.Values.All(erasure => erasure.At <= settled) ? (inDatabase, registered.Count) : null;
        }
        catch (ErasureRegisterException)
        {
            // Said by whoever asks why no contact can be erased.
            foundAlike = null;
        }
        return new ErasuresCompared(again, added, left.ToImmutable());
    }

    /// <summary>Those on the register that the database has nothing of.</summary>
    private async Task<ImmutableArray<RegisteredErasure>> LostOf(ImmutableDictionary<(string Organisation, string ContactId), RegisteredErasure> registered, CancellationToken cancellation)
    {
        var known = (await database.Query<Known>(Database.Everyone, Sql.Known, null, cancellation)).Select(one => (one.Organisation, one.Contact_Id)).ToHashSet();
        return [.. registered.Where(one => !known.Contains(one.Key)).Select(one => one.Value)];
    }

    /// <summary>Gives the register what it lacks: what other nodes have erased.</summary>
    private async Task<int> CatchUp(CancellationToken cancellation)
    {
        var registered = await register.Read();
        RegisteredErasure[] missing =
        [
            .. (await database.Query<Known>(Database.Everyone, Sql.Known, null, cancellation)).Where(one => !registered.ContainsKey((one.Organisation, one.Contact_Id)))
                .Select(one => new RegisteredErasure(one.Organisation, one.Contact_Id, one.Number, Instant(one.Erased_At), ContactQueries.Read<ErasureGround>(one.Ground))),
        ];
        await register.Add(missing);
        return missing.Length;
    }

    private async Task<bool> CarryOut(RegisteredErasure erasure, bool again)
    {
        using var caller = Caller.As(ByItself(erasure.Organisation));
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(erasure.Organisation, erasure.ContactId));
        var outcome = await time.Send(() => contact.CarryOut(new CarryOutErasure(erasure.Ground, erasure.At, again)
        {
            Id = CommandIds.From(again ? "erase-again" : "erase-merged", erasure.Organisation, erasure.ContactId),
            By = ByItself(erasure.Organisation),
        }));
        return !outcome.IsRefused;
    }

    private async Task<NamingWords> WordsOf(string organisation, string contact, CancellationToken cancellation)
    {
        var written = new List<ContactDetails>();
        foreach (var events in await database.Query<string>(organisation, Sql.Written, new { organisation, contact }, cancellation))
            foreach (var happened in Json.Read<ImmutableArray<ContactEvent>>(events))
                written.AddRange(happened switch
                {
                    ContactCreated created => [created.Details],
                    ContactChanged changed => [changed.Details],
                    ContactsMerged merged => [merged.Before.Details, merged.After.Details],
                    ContactMergeUndone undone => [undone.Before.Details, undone.After.Details],
                    ContactReleased released => [released.Details],
                    AccountOpened opened => [Identified(opened.Identifier)],
                    AccountIdentifierChanged changed => [Identified(changed.Identifier)],
                    _ => Array.Empty<ContactDetails>(),
                });
        return new NamingWords(written);

        // What it signs in with may be an e-mail that is none of its own.
        static ContactDetails Identified(string identifier) => ContactErasing.Nameless(ContactKind.Individual, 0) with { Name = "", Emails = [identifier] };
    }

    /// <summary>Amounts, dates and counts stay; the hash by which a till's telling is known again, too.</summary>
    private async Task StrikeActivities(string organisation, string contact, NamingWords words, CancellationToken cancellation)
    {
        var (source, externalId) = ("", "");
        while (true)
        {
            var rows = await database.Query<ToldRow>(organisation, Sql.Told, new { organisation, contact, source, externalId, most = AtOnce }, cancellation);
            if (rows.Count == 0) return;
            (source, externalId) = (rows[^1].Source, rows[^1].External_Id);
            var struck = rows.Select(row => (Row: row, Was: Json.Read<ActivityContent>(row.Content)))
                .Select(one => (one.Row, one.Was, Now: ContactErasing.WithoutWords(one.Was, words)))
                .Where(one => Json.Write(one.Now) != Json.Write(one.Was)).ToArray();
            if (struck.Length == 0) continue;
            await database.Execute(organisation, Sql.Strike, new
            {
                organisation,
                struck = Json.WriteColumns(struck.Select(one => new
                {
                    one.Row.Source,
                    ExternalId = one.Row.External_Id,
                    one.Row.Revision,
                    Content = Json.Write(one.Now),
                    Channel = (one.Now as Purchase)?.Channel,
                    Outings = ContactActivityRows.OutingsOf(one.Now).ToArray(),
                }).ToArray()),
            }, cancellation);
        }
    }

    /// <summary>
    /// The plans of its lines keep what was done and to whom; files that it stands in go whole. So do files that nobody has accepted yet where one
    /// of their lines says an e-mail or phone of the contact, or its name and first name: they would bring it back.
    /// </summary>
    private async Task StrikeImports(string organisation, string contact, long number, NamingWords words, CancellationToken cancellation)
    {
        var lines = await database.Query<LineRow>(organisation, Sql.Lines, new { organisation, contact }, cancellation);
        foreach (var line in lines)
        {
            var plan = Json.Read<PlannedContact>(line.Plan);
            await database.Execute(organisation, Sql.Line, new
            {
                organisation,
                import = line.Import_Id,
                line = line.Line,
                part = line.Part,
                plan = Json.Write(plan with
                {
                    Shown = ContactErasing.NameOf(number),
                    Details = plan.Details is { } details ? ContactErasing.Nameless(details.Kind, number) : null,
                    Before = plan.Before is { } before ? ContactErasing.Nameless(before.Kind, number) : null,
                    Tags = [],
                    Criteria = [],
                    Relation = plan.Relation is { } relation ? relation with { MakesName = null } : null,
                    Note = null,
                    Consents = [],
                    Alike = [],
                }),
            }, cancellation);
        }
        await database.Execute(organisation, Sql.ImportTraces, new { organisation, contact, name = ContactErasing.NameOf(number) }, cancellation);
        foreach (var file in await database.Query<string>(organisation, Sql.OpenFiles, new { organisation }, cancellation))
            if (await imports.Open(organisation, file, cancellation) is { Read.Value.Table: var table } && table.Rows.Any(row => words.StandInLine([.. row.Cells.Select(cell => cell.Text)])))
                await database.Execute(organisation, Sql.DropFile, new { organisation, file }, cancellation);
    }

    private static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed class Erasure
    {
        public long Number { get; init; }
        public DateTime Erased_At { get; init; }
        public string Ground { get; init; } = "";
        public bool Done { get; init; }
    }

    private sealed class Known
    {
        public string Organisation { get; init; } = "";
        public string Contact_Id { get; init; } = "";
        public long Number { get; init; }
        public DateTime Erased_At { get; init; }
        public string Ground { get; init; } = "";
    }

    private sealed class ToldRow
    {
        public string Source { get; init; } = "";
        public string External_Id { get; init; } = "";
        public int Revision { get; init; }
        public string Content { get; init; } = "";
    }

    private sealed class LineRow
    {
        public string Import_Id { get; init; } = "";
        public int Line { get; init; }
        public short Part { get; init; }
        public string Plan { get; init; } = "";
    }

    private static class Sql
    {
        public const string Erasure = "SELECT number, erased_at, ground, done_at IS NOT NULL AS done FROM contact_erasures WHERE organisation = @organisation AND contact_id = @contact";

        public const string Known = "SELECT organisation, contact_id, number, erased_at, ground FROM contact_erasures";

        public const string Count = "SELECT count(*) FROM contact_erasures";

        public const string There = "SELECT id FROM contacts WHERE organisation = @organisation AND id = ANY (@ids)";

        public const string UnderWayAtAll = "SELECT organisation, contact_id FROM contact_erasures WHERE done_at IS NULL ORDER BY organisation, contact_id";

        public const string Merged = """
            SELECT c.id FROM contact_ids(@organisation, @contact) AS own (id) JOIN contacts c ON c.organisation = @organisation AND c.id = own.id
            WHERE c.id <> @contact AND c.erased_at IS NULL
            """;

        /// <summary>Where it looked at others as the house's support.</summary>
        public const string Supported = "UPDATE support_views SET support_name = @name WHERE organisation = @organisation AND support_id = @contact";

        public const string Written = """
            SELECT events FROM journal WHERE organisation = @organisation AND kind = 'contacts' AND id = @contact AND redacted_for IS NULL
              AND command IN ('create-contact', 'change-contact', 'merge-contacts', 'undo-contact-merge', 'release-contact', 'open-contact-account', 'change-account-identifier') ORDER BY sequence
            """;

        public const string Told = """
            SELECT source, external_id, revision, content FROM contact_activities
            WHERE organisation = @organisation AND contact_id = @contact AND (source, external_id) > (@source, @externalId) ORDER BY source, external_id LIMIT @most
            """;

        /// <summary>What a till mended meanwhile has been told of an erased contact, and has no words.</summary>
        public const string Strike = """
            WITH struck AS MATERIALIZED (
                SELECT * FROM json_to_recordset(@struck::json) AS s (source text, external_id text, revision integer, content text, channel text, outings json)),
              activities AS (
                UPDATE contact_activities a SET content = s.content, channel = s.channel FROM struck s
                WHERE a.organisation = @organisation AND a.source = s.source AND a.external_id = s.external_id AND a.revision = s.revision RETURNING a.source, a.external_id)
            UPDATE contact_outings o SET title = n.title, title_key = n.title_key, place = n.place, category = n.category, tariff = n.tariff, seats = n.seats
            FROM struck s JOIN activities USING (source, external_id)
              CROSS JOIN LATERAL json_to_recordset(s.outings) AS n (line integer, title text, title_key text, place text, category text, tariff text, seats text)
            WHERE o.organisation = @organisation AND o.source = s.source AND o.external_id = s.external_id AND o.line = n.line
            """;

        public const string Lines = "SELECT import_id, line, part, plan::text AS plan FROM contact_import_lines WHERE organisation = @organisation AND contact_id = @contact";

        public const string Line = """
            UPDATE contact_import_lines SET plan = @plan::jsonb, refusal = CASE WHEN refusal IS NOT NULL THEN jsonb_set(refusal, '{arguments}', '[]') END
            WHERE organisation = @organisation AND import_id = @import AND line = @line AND part = @part
            """;

        /// <summary>Where a structure was made for a person's line, that says its name too.</summary>
        public const string ImportTraces = """
            UPDATE contact_import_lines SET plan = jsonb_set(plan, '{relation,makesName}', to_jsonb(@name))
            WHERE organisation = @organisation AND plan -> 'relation' ->> 'to' = @contact AND plan -> 'relation' ? 'makesName'
              AND import_id IN (SELECT import_id FROM contact_import_lines WHERE organisation = @organisation AND contact_id = @contact);
            DELETE FROM import_files f WHERE f.organisation = @organisation
              AND f.id IN (SELECT import_id FROM contact_import_lines WHERE organisation = @organisation AND contact_id = @contact)
            """;

        public const string OpenFiles = """
            SELECT f.id FROM import_files f LEFT JOIN imports i ON i.organisation = f.organisation AND i.id = f.id AND i.accepted_at IS NOT NULL
            WHERE f.organisation = @organisation AND f.kind = 'Contacts' AND f.content IS NOT NULL AND (i.id IS NULL OR i.finished_at IS NOT NULL)
            """;

        public const string DropFile = "DELETE FROM import_files WHERE organisation = @organisation AND id = @file";

        /// <summary>Whoever took the contact over for a while had its addresses then.</summary>
        public const string Borrowed = """
            DELETE FROM contact_emails_left l WHERE l.organisation = @organisation AND l.email = ANY (@emails)
              AND l.contact_id IN (SELECT h.id FROM contact_journal_held(@organisation, @contact, 9223372036854775807) h WHERE h.id <> @contact)
            """;

        /// <summary>An address that a partner has, or another contact has or had, is theirs too.</summary>
        public const string Mails = """
            WITH gone AS MATERIALIZED (
                SELECT e.email FROM unnest(@emails) AS e (email)
                WHERE NOT EXISTS (SELECT FROM partners p WHERE p.organisation = @organisation AND e.email = ANY (p.emails))
                  AND NOT EXISTS (SELECT FROM contact_reaches r WHERE r.organisation = @organisation AND r.email = e.email AND r.contact_id NOT IN (SELECT contact_ids(@organisation, @contact)))
                  AND NOT EXISTS (SELECT FROM contact_emails_left l WHERE l.organisation = @organisation AND l.email = e.email AND l.contact_id NOT IN (SELECT contact_ids(@organisation, @contact)))),
              reports AS (
                UPDATE report_recipients r SET email = @struck, name = NULL, reply = CASE WHEN r.reply IS NOT NULL THEN @struck END FROM gone g
                WHERE r.organisation = @organisation AND r.email = g.email AND r.state NOT IN ('queued', 'sending', 'failed')),
              failures AS (
                UPDATE partner_failures f SET reason = @struck FROM gone g WHERE f.organisation = @organisation AND strpos(lower(f.reason), g.email) > 0),
              told AS (
                DELETE FROM notifications n USING gone g WHERE n.organisation = @organisation AND strpos(lower(n.arguments::text), g.email) > 0)
            UPDATE sent_letters s SET email = @struck, refused = CASE WHEN s.refused IS NOT NULL THEN @struck END FROM gone g
            WHERE s.organisation = @organisation AND s.email = g.email
            """;

        /// <summary>Names that nobody else has: two who are called so at once lose nothing.</summary>
        public const string Names = """
            DELETE FROM contact_names n WHERE n.organisation = @organisation
              AND (n.field = 'name' AND n.key = ANY (@names) AND NOT EXISTS (SELECT FROM contacts c WHERE c.organisation = @organisation AND c.name_key = n.key)
                OR n.field = 'first' AND n.key = ANY (@firstNames) AND NOT EXISTS (SELECT FROM contacts c WHERE c.organisation = @organisation AND c.first_key = n.key))
            """;

        /// <summary>Effects that were done or given up and are of the contact; where nothing is sent, those too that wait.</summary>
        public const string Effects = """
            DELETE FROM outbox o WHERE o.organisation = @organisation
              AND (o.done_at IS NOT NULL OR o.failed_at IS NOT NULL OR NOT @sends)
              AND EXISTS (SELECT FROM unnest(@said) AS s (word) WHERE strpos(o.payload, s.word) > 0 OR strpos(o.last_error, s.word) > 0)
            """;

        public const string UnderWay = """
            SELECT EXISTS (SELECT FROM outbox o CROSS JOIN unnest(@said) AS s (word) WHERE o.organisation = @organisation AND o.done_at IS NULL AND o.failed_at IS NULL AND strpos(o.payload, s.word) > 0)
              OR EXISTS (SELECT FROM report_recipients r WHERE r.organisation = @organisation AND r.email = ANY (@emails) AND r.state IN ('queued', 'sending', 'failed')
                AND NOT EXISTS (SELECT FROM partners p WHERE p.organisation = @organisation AND r.email = ANY (p.emails)))
            """;

        public const string Redact = "SELECT redact_contact_journal(@organisation, @contact, @now)";
    }
}

/// <summary>What comparing the register with the database came to.</summary>
/// <param name="Again">Contacts that a restored backup had brought back, erased again.</param>
/// <param name="Added">That the register lacked.</param>
/// <param name="Refused">Contacts that couldn't be erased again.</param>
public sealed record ErasuresCompared(int Again, int Added, ImmutableArray<RegisteredErasure> Refused);
