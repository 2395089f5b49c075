using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Guichet.Tests.Partners;

/// <summary>Partners through their grain, on real PostgreSQL: what is written, and what is read of it.</summary>
public sealed class PartnerGrainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private static readonly PartnerDetails Details = new(
        "Astérie Productions", PartnerGroup.Partners, [new("prod@asterie.example", RecipientKind.To, null)], Language.French, null);

    [Fact]
    public async Task Every_command_sent_again_changes_nothing_and_gets_the_same_answer()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (session, series) = await Play(silo);
        var partner = silo.Grains.GetGrain<IPartnerGrain>(GrainKey.Of(organisation, Ids.New(time)));
        Func<Task<Outcome<Done>>>[] commands =
        [
            Twice(new CreatePartner(Details) { Id = Guid.NewGuid(), By = Claire }, partner.Create),
            Twice(new ChangePartner(Details with { Name = "Astérie" }, 1) { Id = Guid.NewGuid(), By = Claire }, partner.Change),
            Twice(new ChangePartner(Details, 1) { Id = Guid.NewGuid(), By = Claire }, partner.Change, "changed-meanwhile"),
            Twice(new AssociatePartner([session], [series]) { Id = Guid.NewGuid(), By = Claire }, partner.Associate),
            Twice(new AssociatePartner([Ids.New(time), "a\0b"], ["../x"]) { Id = Guid.NewGuid(), By = Claire }, partner.Associate, "session-unknown"),
            Twice(new DissociatePartner([session], []) { Id = Guid.NewGuid(), By = Claire }, partner.Dissociate),
            Twice(new PausePartner(new DateOnly(2099, 1, 1)) { Id = Guid.NewGuid(), By = Claire }, partner.Pause),
            Twice(new PausePartner(new DateOnly(1999, 1, 1)) { Id = Guid.NewGuid(), By = Claire }, partner.Pause, "pause-not-ahead"),
            Twice(new ResumePartner { Id = Guid.NewGuid(), By = Claire }, partner.Resume),
            Twice(new ArchivePartner(true) { Id = Guid.NewGuid(), By = Claire }, partner.Archive),
            Twice(new AssociatePartner([session], []) { Id = Guid.NewGuid(), By = Claire }, partner.Associate, "partner-archived"),
        ];
        foreach (var send in commands)
        {
            var first = await send();
            var (before, view) = (await Fingerprint(), await partner.View());
            var again = await send();
            Assert.Equal(first.Refusals.Select(refusal => refusal.Code), again.Refusals.Select(refusal => refusal.Code));
            Assert.Equal(before, await Fingerprint());
            Assert.Equal(Json.Write(view), Json.Write(await partner.View()));
        }
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults);
    }

    [Fact]
    public async Task What_is_associated_is_kept_in_rows_through_a_restart()
    {
        string session, series, id = Ids.New(time);
        await using (var silo = await TestSilo.Start(database.Product, time))
        {
            using var caller = Caller.As(Claire);
            (session, series) = await Play(silo);
            var partner = silo.Grains.GetGrain<IPartnerGrain>(GrainKey.Of(organisation, id));
            (await partner.Create(new CreatePartner(Details) { Id = Guid.NewGuid(), By = Claire })).Expect();
            (await partner.Associate(new AssociatePartner([session], [series]) { Id = Guid.NewGuid(), By = Claire })).Expect();
            (await partner.Dissociate(new DissociatePartner([session], []) { Id = Guid.NewGuid(), By = Claire })).Expect();
            (await partner.Associate(new AssociatePartner([session], []) { Id = Guid.NewGuid(), By = Claire })).Expect();
        }
        await using var again = await TestSilo.Start(database.Product, time);
        using var reader = Caller.As(Claire);
        var view = (await again.Grains.GetGrain<IPartnerGrain>(GrainKey.Of(organisation, id)).View())!;
        Assert.Equal((session, series), (Assert.Single(view.Sessions), Assert.Single(view.Series)));
        Assert.Equal(1, await Count($"SELECT count(*) FROM partner_sessions WHERE partner_id = '{id}' AND session_id = '{session}'"));
        Assert.Equal(1, await Count($"SELECT count(*) FROM partner_series WHERE partner_id = '{id}' AND series_id = '{series}'"));
    }

    [Fact]
    public async Task The_organisations_open_pages_are_told_of_each_change()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var told = new TaskCompletionSource<FeedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        await silo.Client.GetStreamProvider(LiveStreams.Provider).Feed(organisation).SubscribeAsync((happened, _) =>
        {
            told.TrySetResult(happened);
            return Task.CompletedTask;
        });
        var id = Ids.New(time);
        (await silo.Grains.GetGrain<IPartnerGrain>(GrainKey.Of(organisation, id)).Create(new CreatePartner(Details) { Id = Guid.NewGuid(), By = Claire })).Expect();
        Assert.Equal(id, Assert.IsType<Feed.PartnerChanged>(await told.Task.WaitAsync(TimeSpan.FromSeconds(30))).PartnerId);
    }

    private static Func<Task<Outcome<Done>>> Twice<T>(T command, Func<T, Task<Outcome<Done>>> send, string? refused = null) where T : Command => async () =>
    {
        var outcome = await send(command);
        Assert.Equal(refused, outcome.IsRefused ? outcome.Refusals[0].Code : null);
        return outcome;
    };

    private async Task<(string Session, string Series)> Play(TestSilo silo)
    {
        var (show, series, session) = (Ids.New(time), Ids.New(time), Ids.New(time));
        (await silo.Grains.GetGrain<IShowGrain>(GrainKey.Of(organisation, show)).Create(new CreateShow(new ShowDetails("Nuit de sel", null, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await silo.Grains.GetGrain<ISeriesGrain>(GrainKey.Of(organisation, series)).Create(new CreateSeries(show, "Tournée") { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await silo.Session(organisation, session).Create(new CreateSession(Sample.Details with { ShowId = show, SeriesId = series }, OnSale: true) { Id = Guid.NewGuid(), By = Claire })).Expect();
        return (session, series);
    }

    private async Task<string> Fingerprint()
    {
        await using var command = database.Owner.CreateCommand("""
            SELECT (SELECT md5(string_agg(j::text, '|' ORDER BY j::text)) FROM journal j) || (SELECT count(*) FROM partner_sessions) || '/' || (SELECT count(*) FROM partner_series)
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> Count(string sql)
    {
        await using var command = database.Owner.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
