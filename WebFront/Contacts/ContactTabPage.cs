using Guichet.Shell;
using Microsoft.AspNetCore.Components;

namespace Guichet.Contacts;

/// <summary>One of a contact's tabs: they share the head (<see cref="ContactFrame"/>).</summary>
public abstract class ContactTabPage : ActingPage
{
    [Inject]
    public ContactQueries Contacts { get; set; } = default!;

    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>Null when there is no such contact in the organisation: the answer is then the page that says so.</summary>
    protected ContactView? View { get; private set; }

    /// <summary>The same contact as lists show it, with today's roles.</summary>
    protected ContactRow Row { get; private set; } = default!;

    /// <summary>Nothing of an erased contact is changed.</summary>
    protected new bool MayWrite => base.MayWrite && View is { Erasure: null };

    protected IContactGrain Contact => Grain<IContactGrain>(Id);

    protected override async Task OnInitializedAsync()
    {
        View = Ids.IsValid(Id) ? await Contact.View() : null;
        if (View is null || await Contacts.Find(Organisation, [Id], Formats.Today, Leaving) is not [var row])
        {
            View = null;
            Navigation.NotFound();
            return;
        }
        Row = row;
        await Load(View);
    }

    protected virtual Task Load(ContactView view) => Task.CompletedTask;
}
