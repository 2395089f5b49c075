using System.Diagnostics;
using System.Globalization;
using Guichet.Contacts;
using Guichet.Hosting;
using Guichet.Jobs;
using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Benchmarks;

/// <summary>
/// The contact file of a large house: 1,000,000 contacts in one organisation and twice as many in others, called and housed as people in
/// France are. Searches as they are typed, the check for duplicates, a record opened; beside each, its predicate by hand, as the owner.
/// <c>GUICHET_CONTACTS=100000</c> makes the file smaller.
/// </summary>
internal static class Contacts
{
    private const int Rounds = 400;

    /// <summary>Fewer, and no longer than this: some take seconds.</summary>
    private const int RoundsByHand = 100;
    private static readonly TimeSpan MostByHand = TimeSpan.FromSeconds(15);

    private const int Clients = 32;
    private const int EditsPerSecond = 50;

    private static readonly int Size = int.TryParse(Environment.GetEnvironmentVariable("GUICHET_CONTACTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 1_000_000;
    private static readonly DateOnly Today = new(2026, 11, 26);

    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        await Fill(database.Owner);
        var queries = app.Services.GetRequiredService<ContactQueries>();
        var duplicates = app.Services.GetRequiredService<ContactDuplicates>();
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var sample = await Sample(database.Owner);
        // Seeded: the same texts at every run.
        var random = new Random(42);
        string[] Texts(Func<Sampled, string?> of) => [.. Enumerable.Range(0, Rounds).Select(_ => of(sample[random.Next(sample.Count)])).OfType<string>()];

        const string row = "SELECT id, number, name, first_name, country, postcode FROM contacts WHERE organisation = 'bench' AND";
        const string order = "ORDER BY name_key, first_key, id LIMIT 51";
        foreach (var letters in (int[])[1, 2, 3, 4, 6])
            await Measure($"prefix, {letters} typed", "10 ms", Texts(one => Start(one.Name, letters)), Search, (text, command) =>
            {
                command.CommandText = $"{row} name_key >= $1 AND name_key < $2 {order}";
                Add(command, text, text + char.ConvertFromUtf32(0x10FFFF));
            });
        await Measure("«Name, f»", "10 ms", Texts(one => $"{one.Name}, {Start(one.First, 1)}"), Search, (text, command) =>
        {
            var (name, first) = (text.Split(", ")[0], text.Split(", ")[1]);
            command.CommandText = $"{row} name_key >= $1 AND name_key < $2 AND first_key >= $3 AND first_key < $4 {order}";
            Add(command, name, name + char.ConvertFromUtf32(0x10FFFF), first, first + char.ConvertFromUtf32(0x10FFFF));
        });
        foreach (var letters in (int[])[3, 4, 6])
            await Measure($"*…*, {letters} inside", "50 ms", Texts(one => Inside(one.Name, letters, random)), Search, ByLike);
        await Measure("*…, 4 at the end", "50 ms", Texts(one => one.Name.Length > 4 ? $"*{one.Name[^4..]}" : null), Search, ByLike);
        await Measure("*…*, 2 inside", "50 ms", Texts(one => Inside(one.Name, 2, random)), Search, ByLike);
        await Measure("phone, 6 typed", "10 ms", Texts(one => one.Phone[..6]), Search, (text, command) =>
        {
            command.CommandText = "SELECT contact_id FROM contact_reaches WHERE organisation = 'bench' AND kind = 'phone' AND key >= $1 AND key < $2 LIMIT 51";
            Add(command, text, text + char.ConvertFromUtf32(0x10FFFF));
        });
        await Measure("duplicates, one letter wrong", "100 ms", Texts(one => $"{Mistyped(one.Name, random)}|{one.First}"), FindAlike, (text, command) =>
        {
            command.CommandText = "SET pg_trgm.similarity_threshold = 0.55; SELECT id FROM contacts WHERE organisation = 'bench' AND (name_key || ' ' || first_key) % @text ORDER BY similarity(name_key || ' ' || first_key, @text) DESC LIMIT 50";
            command.Parameters.AddWithValue("text", text.Replace('|', ' '));
        });
        await Measure("facets of a beginning, 1 typed", "–", [.. Texts(one => Start(one.Name, 1)).Take(RoundsByHand)], async text => _ = await queries.Facets("bench", new ContactFilter(text), Today), (text, command) =>
        {
            command.CommandText = "SELECT postcode, count(*) FROM (SELECT postcode FROM contacts WHERE organisation = 'bench' AND name_key >= $1 AND name_key < $2 ORDER BY name_key, first_key, id LIMIT 10001) AS few GROUP BY 1";
            Add(command, text, text + char.ConvertFromUtf32(0x10FFFF));
        });
        foreach (var (what, tag) in ((string, string)[])[("a tag of one in a thousand", "rare"), ("a tag of one in three", "courante")])
            await Measure(what, "50 ms", [.. Enumerable.Repeat(tag, RoundsByHand)], async text => _ = await queries.Search("bench", new ContactFilter() { Tags = [text] }, Today), (text, command) =>
            {
                command.CommandText = $"{row} tag_keys @> ARRAY[$1] {order}";
                Add(command, text);
            });
        await Export();
        await Measure("opening a record", "20 ms", [.. Texts(one => one.Id).Distinct()], Open, (id, command) =>
        {
            command.CommandText = "SELECT state FROM contacts WHERE organisation = 'bench' AND id = $1";
            Add(command, id);
        });

        await ManyAtOnce();
        await FindDuplicates();

        // What a busy morning asks for, each client a third of a second after its last answer: no one types faster, and 32 of them without a pause
        // measure how many cores there are.
        async Task ManyAtOnce()
        {
            // Before that, each of the connections prepares its statements.
            var (warming, lasting) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
            var begun = Stopwatch.GetTimestamp();
            var kinds = new (string What, double Limit, string[] Texts, Func<string, Task> Ask)[]
            {
                ("prefix, 3 typed", 30, Texts(one => Start(one.Name, 3)), Search),
                ("*…*, 4 inside", 150, Texts(one => Inside(one.Name, 4, random)), Search),
                ("duplicates", 300, Texts(one => $"{Mistyped(one.Name, random)}|{one.First}"), FindAlike),
                ("opening a record", 60, [.. Texts(one => one.Id)], Open),
            };
            var took = kinds.Select(_ => new List<double>()).ToArray();
            var edits = new List<double>();
            using var stop = new CancellationTokenSource(warming + lasting);
            async Task Client(int client)
            {
                var chosen = new Random(client);
                while (!stop.IsCancellationRequested)
                {
                    var kind = chosen.Next(10) switch { < 5 => 0, < 7 => 1, < 8 => 2, _ => 3 };
                    var start = Stopwatch.GetTimestamp();
                    await kinds[kind].Ask(kinds[kind].Texts[chosen.Next(kinds[kind].Texts.Length)]);
                    Count(took[kind], start);
                    await Task.Delay(TimeSpan.FromMilliseconds(chosen.Next(200, 466)), TimeProvider.System);
                }
            }
            async Task Edit(string id, int n)
            {
                var start = Stopwatch.GetTimestamp();
                using var editor = Caller.As(Sheet.Operator);
                var contact = grains.GetGrain<IContactGrain>(GrainKey.Of("bench", id));
                var view = await contact.View() ?? throw new InvalidOperationException($"{id} isn't there.");
                _ = (await contact.Change(new ChangeContact(view.Details with { Mobile = $"+336{n:00000000}" }, view.Revision) { Id = Guid.NewGuid(), By = Sheet.Operator })).Accepted;
                Count(edits, start);
            }
            void Count(List<double> times, long start)
            {
                if (Stopwatch.GetElapsedTime(begun) < warming) return;
                lock (times) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            async Task Editors()
            {
                var under = new List<Task>();
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / EditsPerSecond));
                for (var n = 0; !stop.IsCancellationRequested; n++)
                {
                    under.Add(Edit(sample[n % sample.Count].Id, n));
                    await timer.WaitForNextTickAsync(CancellationToken.None);
                }
                await Task.WhenAll(under);
            }
            await Task.WhenAll([Editors(), .. Enumerable.Range(0, Clients).Select(client => Task.Run(() => Client(client)))]);
            foreach (var (kind, times) in kinds.Zip(took))
            {
                times.Sort();
                Sheet.Print($"{Clients} clients and {EditsPerSecond} edits/s, {kind.What}, p50 / p99", $"{Sheet.Quantile(times, 0.5):0.0} / {Sheet.Quantile(times, 0.99):0.0} ms", $"{kind.Limit:0} ms, of {times.Count:N0}", Sheet.Quantile(times, 0.99) / kind.Limit);
            }
            edits.Sort();
            Sheet.Print($"{Clients} clients and {EditsPerSecond} edits/s, an edit, p50 / p99", $"{Sheet.Quantile(edits, 0.5):0.0} / {Sheet.Quantile(edits, 0.99):0.0} ms", $"none, of {edits.Count:N0} in {lasting.TotalSeconds:0} s", 0);
        }

        async Task FindDuplicates()
        {
            using var caller = Caller.As(Sheet.Operator);
            var job = grains.GetGrain<IJobGrain>(GrainKey.Of("bench", "duplicates"));
            var start = Stopwatch.GetTimestamp();
            _ = (await job.Start(new StartJob(JobKind.ContactDuplicates, null, Size) { Id = Guid.NewGuid(), By = Sheet.Operator })).Accepted;
            var most = 0L;
            while (await job.View() is not { Status: JobStatus.Finished })
            {
                most = Math.Max(most, Process.GetCurrentProcess().WorkingSet64);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
            var view = (await job.View())!;
            Sheet.Print($"{Size:N0} contacts, the search for duplicates", $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0} s", $"{view.Count(DuplicateSearch.Pairs):N0} pairs; node {most / 1e6:N0} MB at most", 0);
        }

        async Task FindAlike(string text) => _ = await duplicates.Find("bench", new ContactProbe(text.Split('|')[0], text.Split('|')[1], [], [], null), null, Today);

        async Task Open(string id)
        {
            using var reader = Caller.As(Sheet.Operator);
            _ = await grains.GetGrain<IContactGrain>(GrainKey.Of("bench", id)).View() ?? throw new InvalidOperationException($"{id} isn't there.");
            _ = await queries.Related("bench", id, Today);
        }

        async Task Export()
        {
            var most = Math.Min(Size, 100_000);
            var start = Stopwatch.GetTimestamp();
            var left = most;
            await foreach (var _ in queries.All("bench", new ContactFilter(), Today))
                if (--left == 0) break;
            var ours = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            await using (var command = database.Owner.CreateCommand($"{row} true ORDER BY name_key, first_key, id LIMIT {most}"))
            await using (var reader = await command.ExecuteReaderAsync())
                while (await reader.ReadAsync()) { }
            var hand = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Sheet.Print($"{Size:N0} contacts, {most:N0} rows of an export", $"{ours:0.0} s", $"peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1_048_576:N0} MB; by hand {hand:0.0} s", ours / hand);
        }

        async Task Search(string text) => _ = await queries.Search("bench", new ContactFilter(text), Today);

        void ByLike(string text, NpgsqlCommand command)
        {
            command.CommandText = $"{row} name_key LIKE $1 {order}";
            Add(command, text.Replace('*', '%'));
        }

        async Task Measure(string what, string limit, string[] texts, Func<string, Task> search, Action<string, NpgsqlCommand> byHand)
        {
            // What was never run is being compiled, prepared and read from disk.
            foreach (var text in texts.Take(40)) await search(text);
            var (ours, hand) = (new List<double>(), new List<double>());
            foreach (var text in texts)
            {
                var start = Stopwatch.GetTimestamp();
                await search(text);
                ours.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (hand.Count == RoundsByHand || hand.Sum() > MostByHand.TotalMilliseconds) continue;
                await using var command = database.Owner.CreateCommand();
                byHand(text, command);
                start = Stopwatch.GetTimestamp();
                await using (var reader = await command.ExecuteReaderAsync())
                    while (await reader.ReadAsync()) { }
                hand.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            ours.Sort();
            hand.Sort();
            Sheet.Print(
                $"{Size:N0} contacts, {what}, p50 / p99", $"{Sheet.Quantile(ours, 0.5):0.0} / {Sheet.Quantile(ours, 0.99):0.0} ms",
                $"{limit}; by hand {Sheet.Quantile(hand, 0.5):0.0} / {Sheet.Quantile(hand, 0.99):0.0} ms", Sheet.Quantile(ours, 0.99) / Sheet.Quantile(hand, 0.99));
        }
    });

    private static async Task Fill(NpgsqlDataSource owner)
    {
        var start = Stopwatch.GetTimestamp();
        // Into empty tables, the inner indexes after: else the filling alone is an hour.
        var indexes = new List<(string Name, string Sql)>();
        await using (var command = owner.CreateCommand("SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('contacts', 'contact_reaches', 'contact_names') AND indexdef LIKE '%USING gin%'"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) indexes.Add((reader.GetString(0), reader.GetString(1)));
        foreach (var (name, _) in indexes) await Sheet.Execute(owner, $"DROP INDEX {name}");
        await FillOrganisation(owner, "bench", Size, 0.1);
        for (var other = 1; other <= 4; other++) await FillOrganisation(owner, $"other{other}", Size / 2, 0.1 + other / 10.0);
        await using (var names = owner.CreateCommand("INSERT INTO contact_names SELECT organisation, 'name', name_key FROM contacts UNION SELECT organisation, 'first', first_key FROM contacts"))
        {
            names.CommandTimeout = 0;
            await names.ExecuteNonQueryAsync();
        }
        await using (var connection = await owner.OpenConnectionAsync())
            foreach (var (_, sql) in indexes)
            {
                await using var create = new NpgsqlCommand($"SET maintenance_work_mem = '256MB'; {sql}", connection) { CommandTimeout = 0 };
                await create.ExecuteNonQueryAsync();
            }
        foreach (var table in (string[])["contacts", "contact_reaches", "contact_names", "contact_relations"])
        {
            await using var vacuum = owner.CreateCommand($"VACUUM ANALYZE {table}");
            vacuum.CommandTimeout = 0;
            await vacuum.ExecuteNonQueryAsync();
        }
        Console.WriteLine($"{3L * Size:N0} contacts made in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    private static async Task FillOrganisation(NpgsqlDataSource owner, string organisation, int contacts, double seed)
    {
        await using var connection = await owner.OpenConnectionAsync();
        await using (var seeded = new NpgsqlCommand("SELECT setseed($1)", connection) { Parameters = { new() { Value = seed } } }) await seeded.ExecuteNonQueryAsync();
        // Common names are common: the square of a random number falls near the head of the lists. Every other surname is made of a stem and
        // an ending, one in twenty of two names.
        await using var command = new NpgsqlCommand("""
            WITH drawn AS MATERIALIZED (
              SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f, random() AS g FROM generate_series(1, $2) AS n),
            named AS (
              SELECT n, e, f,
                CASE WHEN a < 0.5 THEN $3[1 + floor(b * b * array_length($3, 1))::integer]
                  ELSE $4[1 + floor(b * array_length($4, 1))::integer] || $5[1 + floor(d * array_length($5, 1))::integer] END
                || CASE WHEN g < 0.05 THEN '-' || $3[1 + floor(d * array_length($3, 1))::integer] ELSE '' END AS name,
                $6[1 + floor(c * c * array_length($6, 1))::integer] AS first, string_to_array($7[1 + floor(f * f * array_length($7, 1))::integer], ' ') AS place
              FROM drawn),
            kept AS (
              SELECT n, 'c' || lpad(n::text, 19, '0') AS id, upper(name) AS name, first, place[1] AS postcode, array_to_string(place[2:], ' ') AS city,
                lower(replace(replace(contact_key(first) || '.' || contact_key(name), ' ', '-'), '''', '')) || n || '@' || (ARRAY['orange.example', 'free.example', 'poste.example'])[1 + n % 3] AS email,
                '6' || lpad(floor(e * 100000000)::bigint::text, 8, '0') AS phone
              FROM named),
            reached AS (
              INSERT INTO contact_reaches (organisation, kind, key, contact_id)
              SELECT $1, k.kind, k.key, id FROM kept, LATERAL (VALUES ('email', contact_key(email)), ('phone', '33' || phone), ('phone', '0' || phone)) AS k (kind, key))
            INSERT INTO contacts (organisation, id, version, state, number, number_key, kind, types, name, first_name, name_key, first_key, email, phone, country, postcode, city, city_key,
              address, criteria, tags, tag_keys, ambassador, not_valid, archived)
            SELECT $1, id, 1,
              jsonb_build_object('number', n, 'revision', 1, 'archived', false, 'notes', '[]'::jsonb, 'criteria', '[]'::jsonb, 'seats', '[]'::jsonb, 'consents', '[]'::jsonb, 'relations', '[]'::jsonb,
                'createdBy', 'Bench', 'createdAt', '2026-01-01T00:00:00+00:00', 'changedBy', 'Bench', 'changedAt', '2026-01-01T00:00:00+00:00',
                'details', jsonb_build_object('kind', 'individual', 'types', '[]'::jsonb, 'name', name, 'firstName', first, 'language', 'french', 'emails', jsonb_build_array(email), 'mobile', '+33' || phone,
                  'ambassador', false, 'notValid', false,
                  'addresses', jsonb_build_array(jsonb_build_object('kind', 'main', 'country', 'FR', 'postcode', postcode, 'city', city, 'line1', n % 200 || ', rue de la Gaîté', 'notValid', false)))),
              n, n::text, 'individual', '{}', name, first, contact_key(name), contact_key(first), email, '+33' || phone, 'FR', postcode, city, contact_key(city),
              n % 200 || ', rue de la Gaîté', '{}', had.tags, had.tags, false, false, false
            FROM kept, LATERAL (SELECT array_remove(ARRAY[CASE WHEN n % 3 = 0 THEN 'courante' END, CASE WHEN n % 1000 = 0 THEN 'rare' END], NULL) AS tags) AS had
            """, connection)
        { CommandTimeout = 0 };
        Add(command, organisation, contacts, Surnames, Stems, Endings, FirstNames, Communes);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<Sampled>> Sample(NpgsqlDataSource owner)
    {
        var sample = new List<Sampled>();
        await using var command = owner.CreateCommand("""
            SELECT c.id, c.name_key, c.first_key, r.key FROM contacts c JOIN contact_reaches r ON r.organisation = c.organisation AND r.contact_id = c.id AND r.kind = 'phone' AND r.key LIKE '0%'
            WHERE c.organisation = 'bench' AND c.number % $1 = 0 ORDER BY c.number
            """);
        Add(command, Math.Max(1, Size / 2_000));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) sample.Add(new Sampled(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return sample;
    }

    private static string? Start(string text, int letters) => text.Length >= letters ? text[..letters] : null;

    private static string? Inside(string text, int letters, Random random) =>
        text.Length > letters && random.Next(text.Length - letters) is var at && !text.AsSpan(at, letters).Contains(' ') ? $"*{text.Substring(at, letters)}*" : null;

    private static string Mistyped(string text, Random random)
    {
        var at = random.Next(text.Length);
        return $"{text[..at]}{(char)('a' + random.Next(26))}{text[(at + 1)..]}";
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
    }

    private sealed record Sampled(string Id, string Name, string First, string Phone);

    /// <summary>The commonest first.</summary>
    private static readonly string[] Surnames = Words("""
        Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau
        Vincent Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson
        Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy
        Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean
        Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles
        Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le_Gall Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux Cousin Germain Breton Besson
        Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain Tessier
        Chevallier Collin Chauvin Da_Silva Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélémy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier
        Laporte N'Diaye D'Angelo O'Neill L'Hostis
        """);

    private static readonly string[] Stems = Words("""
        Abr Bal Barr Beau Bell Berth Bez Boiss Bonn Bord Bouch Bourr Brév Cabr Cad Cail Camb Cart Cast Chab Chal Champ Chant Char Chast Chauv Clav Coll Comb Corb Cost Coul Court Croz Dall Darr
        Daub Del Desch Dorv Doub Dup Dur Escoff Espin Estr Fabr Falg Fav Ferr Flor Font Forest Foug Fraiss Fresn Gaill Garr Gast Gendr Gerv Gir Godef Gouj Grand Grav Guiv Hauteb Jacqu Jard Joub
        Lab Lac Laf Lag Lam Lang Lar Lav Maill Malh Marc Marg Mass Maur Mérig Mont Mour Nad Nav Noug Olliv Pag Pasc Pell Perr Peyr Pic Plant Pont Pouj Prad Puj Quer Rab Ram Raym Rig Rob Roch
        Rouv Sabl Sal Sarr Sav Ség Serr Soul Tail Tard Teiss Tix Tour Trem Vaill Val Vass Verd Vern Vial Vill Vign
        """);

    private static readonly string[] Endings = Words("""
        ac ade aix al allier ange ard as at aud ault ay é eau el elle emont enc eneuve er erie es et ette eul euse euville ier ière in ine iol ison on onne ont ot ou ouin oux uc uel uis ville
        """);

    private static readonly string[] FirstNames = Words("""
        Marie Jean Pierre Michel André Philippe Nathalie Isabelle Alain Catherine Sylvie Jacques Bernard Daniel Françoise Christophe Nicolas Frédéric Laurent Patrick Monique Martine Christine
        Valérie Sandrine Stéphanie Véronique Sébastien Julien Céline Éric David Olivier Thierry Christian Claude Gérard Pascal Dominique Thomas Alexandre Aurélie Émilie Julie Camille Léa Manon
        Chloé Sarah Laura Pauline Mathilde Lucas Hugo Théo Maxime Antoine Quentin Kévin Romain Florian Guillaume Vincent Benoît Jérôme Anne Hélène Brigitte Jacqueline Jeanne Louise Marguerite
        Germaine Yvonne Simone Madeleine Suzanne Paulette Denise Ginette Andrée Odette René Marcel Roger Robert Henri Louis Georges Maurice Raymond Lucien Gilbert Serge Guy Yves Hervé Bruno Didier
        Joël Franck Cédric Fabrice Gilles Arnaud Mickaël Ludovic Gaëlle Maëlle Noémie Élodie Mélanie Audrey Virginie Delphine Karine Laëtitia Chantal Joëlle Danielle Colette Geneviève Agnès Élise
        Clémence Juliette Agathe Zoé Inès Jade Anaïs Océane Mohamed Karim Fatima Nadia Samira Yasmine Mehdi Rachid Amina Leïla Jean-Pierre Jean-Claude Jean-Luc Anne-Marie Marie-Claude Marie-Thérèse
        """);

    private static readonly string[] Communes =
    [
        "75011 Paris", "75012 Paris", "75015 Paris", "75018 Paris", "75020 Paris", "13001 Marseille", "13008 Marseille", "69003 Lyon", "69007 Lyon", "31000 Toulouse", "06000 Nice", "44000 Nantes", "34000 Montpellier",
        "67000 Strasbourg", "33000 Bordeaux", "59000 Lille", "35000 Rennes", "51100 Reims", "83000 Toulon", "42000 Saint-Étienne", "76600 Le Havre", "38000 Grenoble", "21000 Dijon", "49000 Angers", "30000 Nîmes",
        "69100 Villeurbanne", "63000 Clermont-Ferrand", "13100 Aix-en-Provence", "29200 Brest", "37000 Tours", "80000 Amiens", "87000 Limoges", "74000 Annecy", "66000 Perpignan", "92100 Boulogne-Billancourt", "45000 Orléans",
        "57000 Metz", "25000 Besançon", "93200 Saint-Denis", "95100 Argenteuil", "76000 Rouen", "93100 Montreuil", "68100 Mulhouse", "14000 Caen", "54000 Nancy", "59200 Tourcoing", "59100 Roubaix", "92000 Nanterre",
        "94400 Vitry-sur-Seine", "94000 Créteil", "84000 Avignon", "86000 Poitiers", "93300 Aubervilliers", "92700 Colombes", "78000 Versailles", "93500 Pantin", "17000 La Rochelle", "64000 Pau", "06400 Cannes",
        "62100 Calais", "20000 Ajaccio", "61100 Flers", "67600 Sélestat", "07000 Freyssenet", "56100 Lorient", "22000 Saint-Brieuc", "05000 Gap", "09000 Foix", "48000 Mende",
    ];

    /// <summary>People as a file has them: surname, first name, e-mail, mobile, street, postcode, city. The same for the same seed.</summary>
    public static string[][] Seeded(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(1, count).Select(n =>
            {
                var name = random.Next(2) == 0 ? Surnames[(int)(Surnames.Length * Math.Pow(random.NextDouble(), 2))] : Stems[random.Next(Stems.Length)] + Endings[random.Next(Endings.Length)];
                var (first, place) = (FirstNames[(int)(FirstNames.Length * Math.Pow(random.NextDouble(), 2))], Communes[random.Next(Communes.Length)]);
                return new[]
                {
                    name.ToUpperInvariant(), first, string.Create(CultureInfo.InvariantCulture, $"personne{n}@poste.example"), string.Create(CultureInfo.InvariantCulture, $"06{random.Next(100_000_000):00000000}"),
                    string.Create(CultureInfo.InvariantCulture, $"{n % 200} rue de la Gaîté"), place[..5], place[6..],
                };
            }),
        ];
    }

    private static string[] Words(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace('_', ' '))];
}
