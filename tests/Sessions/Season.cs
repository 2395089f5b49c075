using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Operations;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Npgsql;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Sessions;

/// <summary>Shows, sessions and versions as the grains leave them in their tables, put there for queries to find.</summary>
public sealed class Season(TestDatabase database)
{
    public const string Organisation = "org-a";

    public async Task Show(string id, string title, string? producer = null, bool archived = false, string organisation = Organisation) =>
        await Aggregate("shows", organisation, id, new ShowState(1, new ShowDetails(title, null, producer, null), archived));

    public async Task Series(string id, string show, string name) => await Aggregate("series", Organisation, id, new SeriesState(1, show, name));

    /// <summary>A session with its versions, each (day, sold in the category "or", at 45.00 €).</summary>
    public async Task<SessionState> Session(
        string id, DateTime localStart, (DateTimeOffset At, int Sold)[] versions, Func<SessionState, SessionState>? with = null,
        string show = "show-1", string organisation = Organisation)
    {
        var details = Details with { ShowId = show, LocalStart = localStart };
        var (checkedDetails, start, _) = SessionRules.Check(details);
        var state = SessionState.Empty with { Revision = 1, Details = checkedDetails, Start = start, Status = SessionStatus.OnSale };
        var made = new List<Tally>();
        foreach (var (at, sold) in versions)
        {
            ImmutableArray<TallyLine> lines = sold == 0 ? [] : [Line(sold, gross: sold * 4500L)];
            var tally = new Tally(made.Count + 1, lines, TallyFigures.Of(lines), TallySource.File, "fnac.csv", null, at, Claire.Name);
            state = state with { Previous = state.Current?.Figures, Current = tally };
            made.Add(tally);
        }
        state = with?.Invoke(state) ?? state;
        await Aggregate("sessions", organisation, id, state);
        foreach (var tally in made) await Execute(new TallyRow(organisation, id, tally, null).ToStatement());
        return state;
    }

    private async Task Aggregate<T>(string kind, string organisation, string id, T state)
    {
        await using var store = new PostgresJournal(database.Product, new OutboxSignal(), new NodeFigures(TimeProvider.System), TimeProvider.System);
        await store.Commit(
            new Commit(new AggregateId(kind, organisation, id), 0, 1, Json.Write(state), Json.WriteColumns(state is SessionState session ? SessionRows.SummaryOf(session) : null), [], [], []),
            CancellationToken.None);
    }

    private async Task Execute(Statement statement)
    {
        await using var command = database.Owner.CreateCommand(statement.Sql);
        foreach (var value in statement.Parameters) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
    }
}
