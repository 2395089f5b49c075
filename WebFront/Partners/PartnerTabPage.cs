using Guichet.Shell;
using Microsoft.AspNetCore.Components;

namespace Guichet.Partners;

/// <summary>One of a partner's tabs: they share the head (<see cref="PartnerFrame"/>).</summary>
public abstract class PartnerTabPage : ActingPage
{
    [Inject]
    public PartnerQueries Partners { get; set; } = default!;

    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>Null when there is no such partner in the organisation: the answer is then the page that says so.</summary>
    protected PartnerView? View { get; private set; }

    /// <summary>The same partner as lists show it, with its envelope.</summary>
    protected PartnerRow Row { get; private set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        View = Ids.IsValid(Id) ? await Grain<IPartnerGrain>(Id).View() : null;
        if (View is null || await Partners.Find(Organisation, Id, Leaving) is not { } row)
        {
            View = null;
            Navigation.NotFound();
            return;
        }
        Row = row;
        await Load(View);
    }

    protected virtual Task Load(PartnerView view) => Task.CompletedTask;
}
