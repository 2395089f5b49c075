using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>One field of a search and what it asks; a field that takes several is given several times.</summary>
/// <param name="Name">As the list's address and the API name it: <c>q</c>, <c>kind</c>, <c>postcode</c>, <c>tag</c>…</param>
/// <param name="Value">As it is typed there: 1 to 300 characters.</param>
[GenerateSerializer, Immutable, Alias("search-condition")]
public sealed record SearchCondition(string Name, string Value);

/// <summary>A search that is kept, to be made again: by hand, or by what is aimed at those it finds.</summary>
/// <param name="Name">1 to 100 characters on one line.</param>
/// <param name="Shared">Everybody of the organisation sees it; else its owner alone.</param>
/// <param name="Conditions">At most 50, which must all be understood; none is the whole file.</param>
[GenerateSerializer, Immutable, Alias("saved-search")]
public sealed record SavedSearch(string Name, bool Shared, ImmutableArray<SearchCondition> Conditions);

/// <param name="OwnerId">Of the operator or token that saved it.</param>
[GenerateSerializer, Immutable, Alias("saved-search-view")]
public sealed record SavedSearchView(string Organisation, string Id, long Revision, SavedSearch Search, string OwnerId, string OwnerName, bool Removed);

[GenerateSerializer, Immutable, Alias("save-search")]
public sealed record SaveSearch(SavedSearch Search) : Command;

/// <summary>Another name, other readers or other conditions.</summary>
/// <param name="BasedOn">The revision that it was read at (<c>changed-meanwhile</c>).</param>
[GenerateSerializer, Immutable, Alias("change-saved-search")]
public sealed record ChangeSavedSearch(SavedSearch Search, long BasedOn) : Command;

/// <summary>It is no longer listed; what refers to it by its id still finds what it was.</summary>
[GenerateSerializer, Immutable, Alias("remove-saved-search")]
public sealed record RemoveSavedSearch : Command;

/// <summary>A saved search. Its owner changes it, and administrators what is shared.</summary>
[Alias("saved-search-grain")]
public interface ISavedSearchGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such search, or it is another's own.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<SavedSearchView?> View();

    /// <summary>Refused where a condition isn't understood, by its name.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Save(SaveSearch command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangeSavedSearch command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Remove(RemoveSavedSearch command);
}
