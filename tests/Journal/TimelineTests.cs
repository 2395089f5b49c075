using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Journal;

/// <summary>Who did what, read from the journal of a real database.</summary>
public sealed class TimelineTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Every_act_is_on_it_newest_first_a_page_at_a_time_without_gap_or_repeat()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var theatre = await Acts(silo, 25);
        var timeline = silo.Services.GetRequiredService<TimelineQueries>();
        var all = (await timeline.Read(theatre.Organisation, Everything, null, 100)).Lines;
        // Founded, a show, a session, and its tallies; drafts only when asked for.
        Assert.Equal(3 + 25, all.Length);
        Assert.Equal("organisation-founded", Event(all[^1]));
        Assert.Equal("tally-validated", Event(all[0]));
        Assert.Equal(("Le Misanthrope", new DateTime(2026, 12, 4, 20, 30, 0)), (all[0].Subject, all[0].LocalStart));
        Assert.Equal(29, (await timeline.Read(theatre.Organisation, Everything with { Minor = true }, null, 100)).Lines.Length);

        var paged = new List<TimelineLine>();
        string? after = null;
        do
        {
            var part = await timeline.Read(theatre.Organisation, Everything, after, 7);
            Assert.True(part.Lines.Length == 7 || part.Next is null);
            paged.AddRange(part.Lines);
            after = part.Next;
        }
        while (after is not null);
        Assert.Equal(all.Select(line => line.Hash), paged.Select(line => line.Hash));
    }

    [Fact]
    public async Task It_is_narrowed_by_person_topic_object_and_day()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var theatre = await Acts(silo, 3);
        var timeline = silo.Services.GetRequiredService<TimelineQueries>();
        async Task<int> Count(TimelineFilter filter) => (await timeline.Read(theatre.Organisation, filter, null, 100)).Lines.Length;

        Assert.Equal(6, await Count(Everything with { Who = theatre.Claire.Id }));
        Assert.Equal(0, await Count(Everything with { Who = theatre.Hugo.Id }));
        Assert.Equal(0, await Count(Everything with { Who = TimelineFilter.Guichet }));
        Assert.Equal(3, await Count(Everything with { Topic = TimelineTopic.Tallies }));
        Assert.Equal(1, await Count(Everything with { Topic = TimelineTopic.Sessions }));
        Assert.Equal(1, await Count(Everything with { Topic = TimelineTopic.Shows }));
        Assert.Equal(0, await Count(Everything with { Topic = TimelineTopic.Links }));
        Assert.Equal(1, await Count(Everything with { Topic = TimelineTopic.Access }));
        Assert.Equal(4, await Count(Everything with { Kind = "sessions", Id = "s" }));
        var last = time.GetUtcNow();
        Assert.Equal(1, await Count(Everything with { From = last }));
        Assert.Equal(5, await Count(Everything with { Until = last }));
    }

    [Fact]
    public async Task Another_organisation_reads_none_of_it_whatever_it_asks_for()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var theatre = await Acts(silo, 1);
        var other = await Theatre.Founded(silo.Services, time, "un cheval de trait");
        var timeline = silo.Services.GetRequiredService<TimelineQueries>();
        foreach (var filter in new[] { Everything, Everything with { Who = theatre.Claire.Id }, Everything with { Kind = "sessions", Id = "s" }, Everything with { Minor = true } })
            Assert.All((await timeline.Read(other.Organisation, filter, null, 100)).Lines, line => Assert.Equal(other.Claire.Id, line.By.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("Zm9v")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OXx8fDE")]
    public async Task A_cursor_that_is_none_starts_from_the_newest(string cursor)
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var theatre = await Theatre.Founded(silo.Services, time, "un cheval de trait");
        Assert.Single((await silo.Services.GetRequiredService<TimelineQueries>().Read(theatre.Organisation, Everything, cursor, 10)).Lines);
    }

    [Fact]
    public async Task Every_kind_of_event_of_an_organisation_reads_as_a_sentence_in_both_languages()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var events = typeof(OrganisationEvent).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(derived => derived.DerivedType).ToList();
        var theatre = await Acts(silo, 1);
        var hash = await silo.Services.GetRequiredService<Passwords>().Hash("un cheval de trait", CancellationToken.None);
        using (Caller.As(theatre.Claire))
        {
            var (grain, by, hugo) = (theatre.Grain, theatre.Claire, theatre.Hugo);
            await grain.Change(new ChangeOrganisation(People.Details with { City = "Lorient" }, 1) { Id = Guid.NewGuid(), By = by });
            await grain.Invite(new InviteOperator(hugo.Id, "hugo@port.example", "Hugo", Role.Reader, Language.Browser) { Id = Guid.NewGuid(), By = by });
            await grain.InviteAgain(new InviteOperatorAgain(hugo.Id) { Id = Guid.NewGuid(), By = by });
            using (Caller.As(hugo)) await grain.AcceptInvitation(new AcceptInvitation(hugo.Id, 2, "Hugo", Language.Browser) { Id = Guid.NewGuid(), By = hugo, Password = hash });
            await grain.ChangeOperator(new ChangeOperator(hugo.Id, "Hugo", Role.BoxOffice) { Id = Guid.NewGuid(), By = by });
            await grain.ChangeAccount(new ChangeAccount("Claire M.", Language.French) { Id = Guid.NewGuid(), By = by });
            await grain.AskEmailChange(new AskEmailChange($"{Guid.NewGuid():N}@port.example") { Id = Guid.NewGuid(), By = by });
            await grain.ConfirmEmailChange(new ConfirmEmailChange(by.Id, 1) { Id = Guid.NewGuid(), By = by });
            await grain.ChangePassword(new ChangePassword { Id = Guid.NewGuid(), By = by, Password = hash });
            await grain.DisableOperator(new DisableOperator(hugo.Id) { Id = Guid.NewGuid(), By = by });
            await grain.EnableOperator(new EnableOperator(hugo.Id) { Id = Guid.NewGuid(), By = by });
            await grain.SignOutEverywhere(new SignOutEverywhere(by.Id) { Id = Guid.NewGuid(), By = by });
            var token = Ids.New(time);
            await grain.CreateToken(new CreateToken(token, "Caisse", Role.Reader, null, "abcd") { Id = Guid.NewGuid(), By = by, Hash = new SecretHash("00") });
            await grain.RevokeToken(new RevokeToken(token) { Id = Guid.NewGuid(), By = by });
        }
        var lines = (await silo.Services.GetRequiredService<TimelineQueries>().Read(theatre.Organisation, Everything with { Minor = true }, null, 100)).Lines;
        Assert.Equal(events.Count, lines.Where(line => line.Kind == "organisations").Select(Event).Distinct().Count());
        foreach (var language in Enum.GetValues<Words.Language>())
        {
            var sentences = new TimelineSentences(new Words.Reader(new Words.Formats(language, Words.Reader.Zone(null), time)), id => id == theatre.Hugo.Id ? "Hugo" : id);
            foreach (var line in lines)
                Assert.All(sentences.Of(line), sentence =>
                {
                    Assert.Contains(' ', sentence.Text);
                    Assert.DoesNotMatch("( |\\b(de|of|pour|for))$", sentence.Alone);
                });
        }
    }

    private static readonly TimelineFilter Everything = new(null, TimelineTopic.Everything, null, null, null, null, false);

    private static string Event(TimelineLine line) => System.Text.Json.JsonDocument.Parse(line.Events).RootElement[0].GetProperty("event").GetString()!;

    /// <summary>A theatre whose administrator made a show and a session, kept a draft, and validated tallies, a minute apart.</summary>
    private async Task<Theatre> Acts(TestSilo silo, int tallies)
    {
        var theatre = await Theatre.Founded(silo.Services, time, "un cheval de trait");
        using var caller = Caller.As(theatre.Claire);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await silo.Grains.GetGrain<IShowGrain>(GrainKey.Of(theatre.Organisation, "show-1"))
            .Create(new CreateShow(new ShowDetails("Le Misanthrope", null, null, null)) { Id = Guid.NewGuid(), By = theatre.Claire })).IsRefused);
        time.Advance(TimeSpan.FromMinutes(1));
        var session = silo.Session(theatre.Organisation, "s");
        Assert.False((await session.Create(new CreateSession(Sample.Details, OnSale: true) { Id = Guid.NewGuid(), By = theatre.Claire })).IsRefused);
        await session.SaveDraft(new Guichet.Tallies.SaveDraft([], Guichet.Tallies.TallySource.Typed, null, null, 0) { Id = Guid.NewGuid(), By = theatre.Claire });
        for (var i = 0; i < tallies; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.False((await session.Validate(Sample.Validate(Sample.Line(10 + i)) with { By = theatre.Claire })).IsRefused);
        }
        return theatre;
    }
}
