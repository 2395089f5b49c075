using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Words;

/// <summary>What every component of <c>WebFront</c> derives from (<c>_Imports.razor</c>): texts in pairs, and figures as they read.</summary>
public abstract class WordedComponent : ComponentBase
{
    [Inject]
    public Reader Reader { get; set; } = default!;

    /// <summary>The request that this page answers; null when a component is rendered outside of one.</summary>
    [CascadingParameter]
    public HttpContext? Http { get; set; }

    private bool initialised;

    protected Formats Formats => Reader.Formats;

    /// <summary>
    /// A page is sent once, whole: nothing of it is rendered before it has read what it shows. (The framework would render a first time
    /// while it waits, without its figures, and throw that away.)
    /// </summary>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!initialised)
        {
            initialised = true;
            OnInitialized();
            await OnInitializedAsync();
        }
        OnParametersSet();
        await OnParametersSetAsync();
        StateHasChanged();
    }

    protected string T(string french, string english) => Reader.T(french, english);

    /// <summary>A refusal as a sentence.</summary>
    protected string Sentence(Refusal refusal) => RefusalSentences.Of(refusal, Formats);
}
