using Guichet.Contacts;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What tags and saved searches decide.</summary>
public sealed class ContactTagsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    private static readonly Actor Hugo = Claire with { Id = "hugo", Name = "Hugo Petit" };
    private static readonly Actor Boss = Claire with { Id = "boss", Name = "Nadia", Role = Role.Administrator };

    private static (ContactState After, string Codes) Decide(ContactState state, Command command)
    {
        var decision = ContactCore.Decide(state, command, ContactFacts.None with { Number = 7 }, Now);
        return (decision.Events.Aggregate(state, ContactCore.Apply), string.Join(' ', decision.Refusals.Select(refusal => $"{refusal.Code}@{refusal.Field}")));
    }

    private static ContactState Tagged(params string[] tags) =>
        Decide(Decide(ContactState.Empty, new CreateContact(Person) { Id = Guid.NewGuid(), By = Claire }).After, Tag(tags, [])).After;

    private static TagContact Tag(string[] add, string[] remove) => new([.. add], [.. remove]) { Id = Guid.NewGuid(), By = Claire };

    [Theory]
    [InlineData("Presse|Abonné", "", "", "Abonné|Presse", "")]
    // One key, one tag: what is there keeps its writing.
    [InlineData("Presse", "PRESSE|présse|Ami", "", "Ami|Presse", "")]
    [InlineData("Presse|Ami", "", "presse|inconnue", "Ami", "")]
    [InlineData("Presse", "Presse", "presse", "", "")]
    [InlineData("", " Ami-du  théâtre ", "", "Ami-du  théâtre", "")]
    [InlineData("", "-", "", "", "tag-missing@add[0]")]
    [InlineData("", "ok| ", "", "", "tag-missing@add[1]")]
    [InlineData("", "x\ty", "", "", "text-not-one-line@add[0]")]
    [InlineData("", "😀", "", "😀", "")]
    [InlineData("", "01234567890123456789012345678901234567890", "", "", "text-too-long@add[0]")]
    public void Tags_are_put_on_and_taken_off_by_their_key(string had, string add, string remove, string has, string refused)
    {
        var (after, codes) = Decide(Tagged(Several(had)), Tag(Several(add), Several(remove)));
        Assert.Equal((has, refused), (string.Join('|', after.Tags), codes));

        static string[] Several(string written) => written.Length == 0 ? [] : written.Split('|');
    }

    [Fact]
    public void A_contact_has_fifty_tags_at_most()
    {
        var full = Tagged([.. Enumerable.Range(0, 50).Select(i => $"t{i}")]);
        Assert.Equal(50, full.Tags.Length);
        Assert.Equal("too-many@add", Decide(full, Tag(["autre"], [])).Codes);
        Assert.Equal("", Decide(full, Tag(["autre"], ["t1"])).Codes);
        Assert.Equal("too-many@add", Decide(Tagged(), Tag([.. Enumerable.Range(0, 51).Select(i => $"t{i}")], [])).Codes);
    }

    [Fact]
    public void A_tag_that_changes_nothing_leaves_no_event() =>
        Assert.Empty(ContactCore.Decide(Tagged("Presse"), Tag(["PRESSE"], ["absente"]), ContactFacts.None, Now).Events);

    private static readonly SavedSearch Friends = new("Amis", false, [new("tag", "ami")]);

    private static SavedSearchState Saved(bool shared = false) =>
        SavedSearchCore.Decide(SavedSearchState.Empty, Save(Friends with { Shared = shared })).Events.Aggregate(SavedSearchState.Empty, SavedSearchCore.Apply);

    private static SaveSearch Save(SavedSearch search) => new(search) { Id = Guid.NewGuid(), By = Claire };

    private static ChangeSavedSearch Change(Actor by, string name = "Proches", long basedOn = 1) => new(Friends with { Name = name }, basedOn) { Id = Guid.NewGuid(), By = by };

    public static TheoryData<SavedSearch, string> Searches => new()
    {
        { Friends, "" },
        { Friends with { Conditions = [] }, "" },
        { Friends with { Name = " " }, "saved-search-name-missing@name" },
        { Friends with { Name = new string('x', 101) }, "text-too-long@name" },
        { Friends with { Conditions = [new("phone", "demain")] }, "search-phone-unreadable@phone" },
        { Friends with { Conditions = [new("solde", "1")] }, "search-field-unknown@solde" },
        { Friends with { Conditions = [.. Enumerable.Repeat(new SearchCondition("type", "guide"), 51)] }, "too-many@conditions" },
    };

    [Theory, MemberData(nameof(Searches))]
    public void A_search_is_saved_when_it_is_understood(SavedSearch search, string refused) => Assert.Equal(refused, Codes(SavedSearchState.Empty, Save(search)));

    [Fact]
    public void A_search_is_changed_by_its_owner_and_a_shared_one_by_administrators()
    {
        Assert.Equal("saved-search-unknown", Codes(SavedSearchState.Empty, Change(Claire)));
        Assert.Equal("saved-search-exists", Codes(Saved(), Save(Friends)));
        Assert.Equal("", Codes(Saved(), Change(Claire)));
        Assert.Equal("changed-meanwhile", Codes(Saved(), Change(Claire, basedOn: 2)));
        Assert.Equal("saved-search-name-missing@name", Codes(Saved(), Change(Claire, "")));
        Assert.Equal("saved-search-unknown", Codes(Saved(), Change(Hugo)));
        Assert.Equal("saved-search-unknown", Codes(Saved(), Change(Boss)));
        Assert.Equal("saved-search-anothers", Codes(Saved(shared: true), Change(Hugo)));
        Assert.Equal("", Codes(Saved(shared: true), Change(Boss)));
        Assert.Equal("saved-search-anothers", Codes(Saved(shared: true), new RemoveSavedSearch { Id = Guid.NewGuid(), By = Hugo }));
        var removed = SavedSearchCore.Apply(Saved(), new SavedSearchRemoved());
        Assert.Equal("", Codes(removed, new RemoveSavedSearch { Id = Guid.NewGuid(), By = Claire }));
        Assert.Equal("saved-search-removed", Codes(removed, Change(Claire, basedOn: 2)));
    }

    private static string Codes(SavedSearchState state, Command command) =>
        string.Join(' ', SavedSearchCore.Decide(state, command).Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"));
}
