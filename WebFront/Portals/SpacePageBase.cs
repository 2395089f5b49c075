using Guichet.Contacts;
using Guichet.Shell;
using Microsoft.AspNetCore.Components;

namespace Guichet.Portals;

/// <summary>A page of a contact's own space.</summary>
public abstract class SpacePageBase : ActingPage
{
    /// <summary>The organisation, as the address has it: the one that the contact is signed in to.</summary>
    [Parameter]
    public string House { get; set; } = "";

    protected string Root => SpaceAddress.Of(House);

    protected IContactGrain Own => Grain<IContactGrain>(Actor.Id);

    /// <summary>Nobody's page: the answer is that there is none.</summary>
    protected void Missing() => Navigation.NotFound();
}

/// <summary>A page of a house's space for who isn't signed in.</summary>
public abstract class SpaceDoorBase : ActingPage
{
    [Inject]
    public AccountSignIns Accounts { get; set; } = default!;

    [Parameter]
    public string House { get; set; } = "";

    protected string Root => SpaceAddress.Of(House);

    /// <summary>Null when the address names no organisation.</summary>
    protected SpaceHouse? Known { get; private set; }

    protected override async Task OnInitializedAsync()
    {
        Known = await Accounts.House(House, Leaving);
        if (Known is null) Navigation.NotFound();
        else await Load();
    }

    protected virtual Task Load() => Task.CompletedTask;
}
