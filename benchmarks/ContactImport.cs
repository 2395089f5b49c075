using System.Diagnostics;
using System.Globalization;
using System.Text;
using Guichet.Contacts;
using Guichet.Imports;
using Guichet.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Guichet.Benchmarks;

/// <summary>
/// A file of contacts, read, dry run and imported into the journaled store; beside it the same rows by hand into a plain table, by COPY and one
/// by one. <c>GUICHET_CONTACTS=10000</c> makes the file smaller.
/// </summary>
internal static class ContactImport
{
    private static readonly int Size = int.TryParse(Environment.GetEnvironmentVariable("GUICHET_CONTACTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Min(size, 99_999) : 99_999;

    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        var people = Contacts.Seeded(Size, 42);
        var file = new StringBuilder("Nom;Prénom;E-mail;Portable;Adresse;Code postal;Ville\n");
        foreach (var one in people) file.AppendJoin(';', one).Append('\n');
        using var caller = Caller.As(Sheet.Operator);
        var desk = app.Services.GetRequiredService<ImportDesk>();
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var context = new ImportDeskContext(Sheet.Operator.Organisation, "Europe/Paris", "EUR", Sheet.Operator.Name, new ImportDefaults("", "", "", ""));
        var start = Stopwatch.GetTimestamp();
        var sheet = (await desk.Receive(context, ImportKind.Contacts, null, "contacts.csv", new MemoryStream(Encoding.UTF8.GetBytes(file.ToString())))).Read.Accepted;
        var run = (await app.Services.GetRequiredService<ContactImports>().DryRun(context.Organisation, sheet)).Accepted;
        Sheet.Print($"{Size:N0} contacts read and dry run", $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s", "none", 0);

        start = Stopwatch.GetTimestamp();
        _ = (await grains.GetGrain<IImportGrain>(GrainKey.Of(context.Organisation, sheet.Id)).Accept(
            new AcceptImport(sheet.FileName, sheet.Source, sheet.Mapping, null, null, Contacts: run.Plan) { Id = Guid.NewGuid(), By = Sheet.Operator })).Accepted;
        var job = grains.GetGrain<IJobGrain>(GrainKey.Of(context.Organisation, sheet.Id));
        var most = 0L;
        while (await job.View() is not { Status: JobStatus.Finished })
        {
            most = Math.Max(most, Process.GetCurrentProcess().WorkingSet64);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        var rate = Size / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var created = (await job.View())!.Count(ContactImportWork.Created);

        await Sheet.Execute(database.Owner, "CREATE TABLE plain_contacts (name text, first_name text, email text, phone text, address text, postcode text, city text)");
        start = Stopwatch.GetTimestamp();
        await using (var connection = await database.Owner.OpenConnectionAsync())
        await using (var copy = await connection.BeginBinaryImportAsync("COPY plain_contacts FROM STDIN (FORMAT binary)"))
        {
            foreach (var one in people)
            {
                await copy.StartRowAsync();
                foreach (var text in one) await copy.WriteAsync(text, NpgsqlDbType.Text);
            }
            await copy.CompleteAsync();
        }
        var byCopy = Size / Stopwatch.GetElapsedTime(start).TotalSeconds;
        const int few = 2_000;
        start = Stopwatch.GetTimestamp();
        await using (var connection = await database.Owner.OpenConnectionAsync())
            foreach (var one in people.Take(few))
            {
                await using var insert = new NpgsqlCommand("INSERT INTO plain_contacts VALUES ($1, $2, $3, $4, $5, $6, $7)", connection);
                foreach (var text in one) insert.Parameters.Add(new NpgsqlParameter { Value = text });
                await insert.ExecuteNonQueryAsync();
            }
        var oneByOne = Math.Min(few, Size) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Sheet.Print($"{created:N0} contacts imported", $"{rate:N0} /s", $"3,000 /s; COPY {byCopy:N0} /s", rate / 3_000);
        Sheet.Print("the same, beside single inserts by one client", $"{rate:N0} /s", $"{oneByOne:N0} /s", rate / oneByOne);
        Sheet.Print("memory of the node at its most (resident)", $"{most / 1e6:N0} MB", "none", 0);
    });
}
