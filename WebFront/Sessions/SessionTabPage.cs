using Guichet.Shell;
using Microsoft.AspNetCore.Components;

namespace Guichet.Sessions;

/// <summary>One of a session's tabs: they share the address, the head and the figures (<see cref="SessionFrame"/>).</summary>
public abstract class SessionTabPage : ActingPage
{
    [Inject]
    public SessionQueries Sessions { get; set; } = default!;

    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>Null when there is no such session in the organisation: the answer is then the page that says so.</summary>
    protected SessionView? View { get; private set; }

    /// <summary>The same session as lists show it: title, trend, since yesterday.</summary>
    protected SessionRow Row { get; private set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        View = Ids.IsValid(Id) ? await Grain<ISessionGrain>(Id).View() : null;
        var found = View is null ? null : await Sessions.List(Organisation, new SessionFilter([], Ids: [Id], Limit: 1), StartOfToday, Leaving);
        if (found?.Rows is not [var row])
        {
            View = null;
            Navigation.NotFound();
            return;
        }
        Row = row;
        await Load(View!);
    }

    protected virtual Task Load(SessionView view) => Task.CompletedTask;
}
