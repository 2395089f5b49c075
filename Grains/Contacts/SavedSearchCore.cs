using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.SavedSearchEvent>;

namespace Guichet.Contacts;

public sealed record SavedSearchState(long Revision, SavedSearch? Search, string OwnerId, string OwnerName, bool Removed)
{
    public static readonly SavedSearchState Empty = new(0, null, "", "", false);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(SearchSaved), "search-saved")]
[JsonDerivedType(typeof(SavedSearchChanged), "saved-search-changed")]
[JsonDerivedType(typeof(SavedSearchRemoved), "saved-search-removed")]
public abstract record SavedSearchEvent;

public sealed record SearchSaved(SavedSearch Search, string OwnerId, string OwnerName) : SavedSearchEvent;

public sealed record SavedSearchChanged(SavedSearch Search) : SavedSearchEvent;

public sealed record SavedSearchRemoved : SavedSearchEvent;

public static class SavedSearchCore
{
    public const int LongestName = 100;
    public const int MostConditions = 50;

    public static Decision Decide(SavedSearchState state, Command command) => command switch
    {
        SaveSearch when state.Search is not null => Decision.Refuse("saved-search-exists"),
        SaveSearch save => Check(save.Search, search => new SearchSaved(search, save.By.Id, save.By.Name)),
        _ when state.Search is null || (!state.Search.Shared && !IsOwn(state, command)) => Decision.Refuse("saved-search-unknown"),
        _ when !IsOwn(state, command) && command.By.Role < Role.Administrator => Decision.Refuse("saved-search-anothers", null, state.OwnerName),
        RemoveSavedSearch => state.Removed ? Decision.Accept() : Decision.Accept(new SavedSearchRemoved()),
        _ when state.Removed => Decision.Refuse("saved-search-removed"),
        ChangeSavedSearch change when change.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        ChangeSavedSearch change => Check(change.Search, search => new SavedSearchChanged(search)),
        _ => throw new ArgumentException($"A saved search doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static SavedSearchState Apply(SavedSearchState state, SavedSearchEvent happened) => happened switch
    {
        SearchSaved saved => new SavedSearchState(1, saved.Search, saved.OwnerId, saved.OwnerName, false),
        SavedSearchChanged changed => state with { Revision = state.Revision + 1, Search = changed.Search },
        SavedSearchRemoved => state with { Revision = state.Revision + 1, Removed = true },
        _ => throw new ArgumentException($"A saved search doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static bool IsOwn(SavedSearchState state, Command command) => command.By.Id == state.OwnerId;

    private static Decision Check(SavedSearch search, Func<SavedSearch, SavedSearchEvent> happened)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var name = ContactRules.Line(search.Name, "name", LongestName, wrong);
        if (name is null) wrong.Add(Refusal.Of("saved-search-name-missing", "name"));
        ImmutableArray<SearchCondition> conditions = search.Conditions.IsDefault ? [] : [.. search.Conditions.Where(condition => !string.IsNullOrWhiteSpace(condition.Value))];
        if (conditions.Length > MostConditions) wrong.Add(Refusal.Of("too-many", "conditions", ContactRules.Number(MostConditions)));
        else wrong.AddRange(ContactSearchFields.Read(conditions).Wrong);
        return wrong.Count == 0 ? Decision.Accept(happened(new SavedSearch(name!, search.Shared, conditions))) : Decision.Refuse(wrong.ToImmutable().AsSpan());
    }
}
