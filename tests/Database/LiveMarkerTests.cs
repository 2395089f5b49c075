using Guichet.Support;
using Npgsql;

namespace Guichet.Hosting;

public sealed class LiveMarkerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_first_node_takes_a_new_database_for_live_and_a_copy_is_known_for_one_until_told_otherwise()
    {
        await using var original = await SideDatabase.CreateAsync(TestServer.Template);
        Assert.False(await LiveMarker.IsInUseAsync(original.Owner, default));
        Assert.True(await LiveMarker.ClaimAsync(original.Owner, default));
        Assert.True(await LiveMarker.ClaimAsync(original.Owner, default));

        // As a restored dump is: on the same server even, but another database. Nobody may be connected to what is copied.
        original.Owner.Clear();
        await using var copy = await SideDatabase.CreateAsync(original.Name);

        Assert.True(await LiveMarker.IsInUseAsync(copy.Owner, default));
        Assert.False(await LiveMarker.ClaimAsync(copy.Owner, default));
        await LiveMarker.ConfirmAsync(copy.Owner, default);
        Assert.True(await LiveMarker.ClaimAsync(copy.Owner, default));
    }

    [Fact]
    public async Task The_product_cannot_declare_itself_live()
    {
        await using var forge = database.Product.CreateCommand("update live_marker set place = 'here'");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => forge.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }
}
