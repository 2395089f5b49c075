using Guichet.Contacts;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Notifications;
using NodaTime;
using NodaTime.TimeZones;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What retention rules decide, and contacts that they are for: pure.</summary>
public sealed class ContactRetentionCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Anne = new("org-a", "anne", ActorKind.Operator, "Anne Roux", Role.Administrator);
    private static readonly Actor Product = Actor.System("contact-retention", "org-a");
    private static readonly RetentionRule Rule = new("prospects", "Prospects", null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36);

    private static SetRetentionRules Set(long basedOn = 0, params RetentionRule[] rules) => new([.. rules.Length == 0 ? [Rule] : rules], basedOn) { Id = Guid.NewGuid(), By = Anne };

    /// <summary>Commands that name the preview or run at hand are given its id as they are sent.</summary>
    private const string Last = "last";

    private static PreviewRetention Look => new() { Id = Guid.NewGuid(), By = Anne };

    private static RunRetention Run(long count, string preview = Last) => new(preview, count) { Id = Guid.NewGuid(), By = Anne };

    private static SwitchRetention On(long? count, string? preview = Last) => new(true, preview, count) { Id = Guid.NewGuid(), By = Anne };

    private static SwitchRetention Off => new(false, null, null) { Id = Guid.NewGuid(), By = Anne };

    private static BeginRetentionNight Night(int day = 26) => new(new DateOnly(2026, 11, day)) { Id = Guid.NewGuid(), By = Product };

    private static RecordRetentionPreview Found(long found, long looked = 1_000, string preview = Last) => new(preview, found, looked) { Id = Guid.NewGuid(), By = Product };

    private static RecordRetentionRun Ended(long erased, long kept, string run = Last) => new(run, erased, kept) { Id = Guid.NewGuid(), By = Product };

    /// <summary>What is said of the state: rules, whom the preview found, whether nights are on, what waits, and runs.</summary>
    private static string Said(ContactRetentionState state) => string.Join(' ', ((string?[])
    [
        $"r{state.Revision}", state.Preview is { } preview ? preview.EndedAt is null ? "looking" : $"found {preview.Found}" : null, state.On is null ? null : "nightly",
        state.Waiting is { } waiting ? $"waits {waiting.Found}>{waiting.Most}" : null,
        .. state.Runs.Reverse().Select(run => run.EndedAt is null ? "running" : run.Complete ? $"ran {run.Erased}+{run.Kept}" : "broken"),
    ]).OfType<string>());

    public static TheoryData<string, string, Command[]> Decisions => new()
    {
        { "r1", "wake", [Set()] },
        { "r1", "", [Set(), Set(1)] },
        { "changed-meanwhile", "", [Set(), Set()] },
        { "retention-rules-missing", "", [Look] },
        { "r1 looking", "preview", [Set(), Look] },
        { "r1 found 7", "", [Set(), Look, Found(7)] },
        { "r1 found 7", "", [Set(), Look, Found(7), Found(9)] },
        { "r1 looking", "", [Set(), Look, Found(9, preview: "another")] },
        // Nobody is erased whose number wasn't read, on the last preview, by the rules as they are.
        { "retention-preview-stale", "", [Set(), Run(7)] },
        { "retention-preview-unfinished", "", [Set(), Look, Run(7)] },
        { "retention-count-differs", "", [Set(), Look, Found(7), Run(8)] },
        { "retention-preview-stale", "", [Set(), Look, Found(7), Run(7, "another")] },
        { "retention-preview-stale", "", [Set(), Look, Found(7), Set(1, Rule with { Months = 24 }), Run(7)] },
        { "retention-nobody", "", [Set(), Look, Found(0), Run(0)] },
        { "r1 found 7 running", "run", [Set(), Look, Found(7), Run(7)] },
        { "retention-busy", "", [Set(), Look, Found(7), Run(7), Run(7)] },
        { "r1 found 7 ran 6+1", "retention-run 6,1", [Set(), Look, Found(7), Run(7), Ended(6, 1)] },
        { "retention-preview-stale", "", [Set(), Look, Found(7), Run(7), Ended(6, 1), Run(7)] },
        // Other rules, or another look, end what is at work.
        { "r1 looking broken", "preview", [Set(), Look, Found(7), Run(7), Look] },
        { "r2 broken", "wake", [Set(), Look, Found(7), Run(7), Set(1, Rule with { Months = 24 })] },
        { "r1 looking broken", "", [Set(), Look, Found(7), Run(7), Look, Ended(6, 1)] },
        // Nights.
        { "retention-preview-stale", "", [Set(), On(7)] },
        { "retention-count-differs", "", [Set(), Look, Found(7), On(null)] },
        { "r1 found 7 nightly", "wake", [Set(), Look, Found(7), On(7)] },
        { "r1 found 0 nightly", "wake", [Set(), Look, Found(0), On(0)] },
        { "r1 found 7", "wake", [Set(), Look, Found(7), On(7), Off] },
        { "r2", "wake", [Set(), Look, Found(7), On(7), Set(1, Rule with { Months = 24 })] },
        { "r1 found 7", "", [Set(), Look, Found(7), Night()] },
        { "r1 looking nightly", "preview", [Set(), Look, Found(7), On(7), Night()] },
        { "r1 looking nightly", "", [Set(), Look, Found(7), On(7), Night(), Night(27)] },
        { "r1 found 8 nightly running", "run", [Set(), Look, Found(7), On(7), Night(), Found(8)] },
        { "r1 found 0 nightly", "", [Set(), Look, Found(7), On(7), Night(), Found(0)] },
        { "r1 found 0 nightly", "", [Set(), Look, Found(7), On(7), Night(), Found(0), Night()] },
        { "r1 found 200 nightly waits 200>110", "retention-held-back 200,110", [Set(), Look, Found(100), On(100), Night(), Found(200)] },
        { "r1 found 210 nightly waits 210>110", "", [Set(), Look, Found(100), On(100), Night(), Found(200), Night(27), Found(210)] },
        { "r1 found 200 nightly running", "run", [Set(), Look, Found(100), On(100), Night(), Found(200), Run(200)] },
        // What was read counts for the first night alone.
        { "r1 found 60 nightly waits 60>50 ran 100+0", "retention-held-back 60,50", [Set(), Look, Found(100), On(100), Night(), Found(100), Ended(100, 0), Night(27), Found(60)] },
        { "r1 found 50 nightly ran 100+0 running", "run", [Set(), Look, Found(100), On(100), Night(), Found(100), Ended(100, 0), Night(27), Found(50)] },
        { "r1 found 9", "", [Set(), Look, Found(7), On(7), Night(), Off, Found(9)] },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Nobody_is_erased_who_was_not_looked_at(string state, string effects, Command[] commands)
    {
        var (now, said, due) = (ContactRetentionState.Empty, "", "");
        foreach (var command in commands)
        {
            var sent = command switch
            {
                RunRetention { PreviewId: Last } run => run with { PreviewId = now.Preview?.Id ?? "" },
                SwitchRetention { PreviewId: Last } on => on with { PreviewId = now.Preview?.Id },
                RecordRetentionPreview { PreviewId: Last } found => found with { PreviewId = now.Preview?.Id ?? "" },
                RecordRetentionRun { RunId: Last } ended => ended with { RunId = now.Runs.FirstOrDefault()?.Id ?? "" },
                _ => command,
            };
            var decision = ContactRetentionCore.Decide(now, sent, Now);
            now = decision.Events.Aggregate(now, ContactRetentionCore.Apply);
            said = decision.IsRefused ? decision.Refusals[0].Code : Said(now);
            due = string.Join(' ', decision.Effects.Select(effect => effect switch
            {
                StartRetentionJob { Kind: JobKind.ContactRetentionPreview } => "preview",
                StartRetentionJob => "run",
                Notify told => $"{told.Code} {string.Join(',', told.Arguments)}",
                _ => "wake",
            }));
        }
        Assert.Equal((state, effects), (said, due));
    }

    public static TheoryData<string, RetentionRule[]> WrongRules => new()
    {
        { "retention-name-missing rules[0].name", [Rule with { Name = "  " }] },
        { "retention-months-out-of-range rules[0].months", [Rule with { Months = 5 }] },
        { "retention-months-out-of-range rules[0].months", [Rule with { Months = 601 }] },
        { "retention-rule-invalid rules[1].id", [Rule, Rule] },
        { "retention-rule-invalid rules[0].id", [Rule with { Id = "Prospects" }] },
        { "retention-rule-invalid rules[0].standing", [Rule with { Standing = (RetentionStanding)9 }] },
        { "kind-unknown rules[0].kind", [Rule with { Kind = (ContactKind)9 }] },
        { "type-unknown rules[0].types", [Rule with { Types = [(ContactType)9] }] },
        { "too-many rules", [.. Enumerable.Range(0, 31).Select(i => Rule with { Id = $"r{i}" })] },
    };

    [Theory]
    [MemberData(nameof(WrongRules))]
    public void A_rule_that_cannot_be_is_refused_at_its_field(string refused, RetentionRule[] rules)
    {
        var refusal = Assert.Single(ContactRetentionCore.Decide(ContactRetentionState.Empty, Set(0, rules), Now).Refusals);
        Assert.Equal(refused, $"{refusal.Code} {refusal.Field}");
    }

    [Theory]
    [InlineData(null, 1_000, 50)]
    [InlineData(null, 100, 10)]
    [InlineData(3L, 1_000_000, 10)]
    [InlineData(100L, 1_000, 110)]
    [InlineData(101L, 1_000, 112)]
    public void A_night_erases_no_more_than_was_read_and_a_tenth_then_a_twentieth_of_the_file(long? agreed, long looked, long most) =>
        Assert.Equal(most, ContactRetentionCore.MostOfNight(agreed, looked));

    /// <summary>Both clock changes of a year, in zones where they are at other hours: each local night once.</summary>
    [Theory]
    [InlineData("Europe/Paris")]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Auckland")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Australia/Lord_Howe")]
    public void Each_local_night_begins_once_whatever_the_clock_does(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);
        var state = ContactRetentionState.Empty with { On = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero) };
        var nights = new List<DateOnly>();
        for (var at = state.On!.Value; at.Year == 2026; at = at.AddMinutes(10))
        {
            var today = Instant.FromDateTimeOffset(at).InZone(zone).Date.ToDateOnly();
            if (ContactRetentionCore.NightDue(state, today, at, day => zone.ResolveLocal(LocalDate.FromDateOnly(day) + LocalTime.FromTimeOnly(ContactRetentionGrain.Hour), resolver).ToDateTimeOffset()) is not { } night) continue;
            nights.Add(night);
            state = state with { LastNight = night };
        }
        Assert.Equal(nights.Distinct().Order(), nights);
        Assert.Equal(nights.Count - 1, nights[^1].DayNumber - nights[0].DayNumber);
        Assert.InRange(nights.Count, 363, 365);
    }

    public static TheoryData<string, ContactEvent, bool> Touching => new()
    {
        { "changed", new ContactChanged(Person), true },
        { "noted", new ContactNoteAdded(new("n", 1, "Une note", "Claire", Now)), true },
        { "consented", new ConsentGiven(ConsentChannel.Email, "Programme", new(Now, "Guichet", "J’accepte.")), true },
        { "asked for its data", new PersonalDataDisclosed(), true },
        { "told of", new ActivitiesRecorded([], [], 0), true },
        { "tagged", new ContactTagged(["Presse"], []), false },
        { "classified", new ContactClassified(new("public", ["senior"])), false },
        { "archived", new ContactArchived(true), false },
        { "held", new ContactHeld((string?)null), false },
        { "led elsewhere", new RelationsRetargeted("m", []), false },
    };

    [Theory]
    [MemberData(nameof(Touching))]
    public void A_contact_that_something_happened_with_since_it_was_looked_at_refuses_to_be_erased(string what, ContactEvent happened, bool keeps)
    {
        var made = ContactCore.Apply(ContactState.Empty, new ContactCreated(7, Person) { By = "Claire", At = Now.AddYears(-4) });
        var after = ContactCore.Apply(made, happened with { By = "Claire", At = Now });
        var decision = ContactCore.Decide(after, new EraseContact(ErasureGround.Retention, null, after.Revision) { IdleSince = Now.AddMinutes(-1), Id = Guid.NewGuid(), By = Product }, ContactFacts.None, Now.AddMinutes(1));
        Assert.Equal(what + (keeps ? " contact-active" : " "), $"{what} {(decision.IsRefused ? decision.Refusals[0].Code : "")}");
    }

    [Fact]
    public void A_record_that_is_to_be_kept_is_neither_erased_nor_merged_away_until_that_is_lifted()
    {
        var state = ContactCore.Apply(ContactState.Empty, new ContactCreated(7, Person) { By = "Claire", At = Now.AddYears(-4) });
        Assert.Equal("hold-reason-missing", Decide(new HoldContact(" ") { Id = Guid.NewGuid(), By = Anne }).Refusals[0].Code);
        Assert.Equal("text-too-long", Decide(new HoldContact(new string('x', 201)) { Id = Guid.NewGuid(), By = Anne }).Refusals[0].Code);
        Assert.Empty(Decide(new HoldContact(null) { Id = Guid.NewGuid(), By = Anne }).Events);
        foreach (var happened in Decide(new HoldContact("Litige") { Id = Guid.NewGuid(), By = Anne }).Events) state = ContactCore.Apply(state, happened);
        Assert.Equal("Litige", state.Hold?.Reason);
        Assert.Empty(Decide(new HoldContact("Litige") { Id = Guid.NewGuid(), By = Anne }).Events);
        var erase = new EraseContact(ErasureGround.Request, null, state.Revision) { Id = Guid.NewGuid(), By = Anne };
        Assert.Equal("contact-held", Decide(erase).Refusals[0].Code);
        foreach (var happened in Decide(new HoldContact(null) { Id = Guid.NewGuid(), By = Anne }).Events) state = ContactCore.Apply(state, happened);
        Assert.False(Decide(erase).IsRefused);

        Decision<ContactEvent> Decide(Command command) => ContactCore.Decide(state, command, ContactFacts.None, Now);
    }
}
