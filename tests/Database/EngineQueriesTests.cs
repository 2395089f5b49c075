using System.Text.RegularExpressions;
using Guichet.Support;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// The queries that the AdoNet providers run (070-cluster.sql, 071-cluster-nodes.sql) with the parameters that they give; what they answer is tested with the
/// providers themselves, on the build that has them.
/// </summary>
public sealed partial class EngineQueriesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Node = "DeploymentId text, Address text, Port integer, Generation integer";
    private const string State = "ServiceId text, GrainIdHash integer, GrainIdN0 bigint, GrainIdN1 bigint, GrainTypeHash integer, GrainTypeString text, GrainIdExtensionString text";

    public static TheoryData<string, string> Queries { get; } = new()
    {
        { "GatewaysQueryKey", "DeploymentId text, Status integer" },
        { "MembershipReadRowKey", Node },
        { "MembershipReadAllKey", "DeploymentId text" },
        { "InsertMembershipVersionKey", "DeploymentId text" },
        { "UpdateIAmAlivetimeKey", $"{Node}, IAmAliveTime timestamptz" },
        { "InsertMembershipKey", $"{Node}, IAmAliveTime timestamptz, SiloName text, HostName text, StartTime timestamptz, Status integer, ProxyPort integer, Version integer" },
        { "UpdateMembershipKey", $"{Node}, IAmAliveTime timestamptz, Status integer, SuspectTimes text, Version integer" },
        { "DeleteMembershipTableEntriesKey", "DeploymentId text" },
        { "CleanupDefunctSiloEntriesKey", "DeploymentId text, IAmAliveTime timestamptz" },
        { "CleanupDefunctSiloEntryKey", $"{Node}, SuspectTimes text, StartTime timestamptz, IAmAliveTime timestamptz" },
        { "ReadReminderRowsKey", "ServiceId text, GrainId text" },
        { "ReadRangeRows1Key", "ServiceId text, BeginHash integer, EndHash integer" },
        { "ReadRangeRows2Key", "ServiceId text, BeginHash integer, EndHash integer" },
        { "ReadReminderRowKey", "ServiceId text, GrainId text, ReminderName text" },
        { "UpsertReminderRowKey", "ServiceId text, GrainHash integer, GrainId text, ReminderName text, StartTime timestamptz, Period integer" },
        { "DeleteReminderRowKey", "ServiceId text, GrainId text, ReminderName text, Version integer" },
        { "DeleteReminderRowsKey", "ServiceId text" },
        { "ReadFromStorageKey", State },
        { "WriteToStorageKey", $"{State}, GrainStateVersion integer, PayloadBinary bytea" },
        { "ClearStorageKey", $"{State}, GrainStateVersion integer" },
        { "DeleteStorageKey", $"{State}, GrainStateVersion integer" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_is_there_and_takes_the_parameters_it_is_given(string key, string parameters)
    {
        var given = parameters.Split(", ").Select(parameter => parameter.Split(' ')).ToList();
        await using var product = await database.Product.OpenConnectionAsync();
        await using var read = new NpgsqlCommand("select querytext from orleansquery where querykey = $1", product);
        read.Parameters.Add(new() { Value = key });
        var text = Assert.IsType<string>(await read.ExecuteScalarAsync());

        var numbered = Parameter().Replace(text, name => $"${1 + given.FindIndex(parameter => parameter[0] == name.Groups[1].Value)}");

        // A parameter that isn't given would be $0, which is refused.
        await new NpgsqlCommand($"prepare asked ({string.Join(", ", given.Select(parameter => parameter[1]))}) as {numbered}; deallocate asked", product).ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task No_query_is_there_that_nobody_asks_for()
    {
        await using var all = database.Owner.CreateCommand("select array_agg(querykey order by querykey collate \"C\") from orleansquery");
        Assert.Equal(Queries.Select(query => (string)query[0]).Order(StringComparer.Ordinal), (string[])(await all.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task The_product_cannot_change_the_queries()
    {
        await using var change = database.Product.CreateCommand("update orleansquery set querytext = ''");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync())).SqlState);
    }

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex Parameter();
}
