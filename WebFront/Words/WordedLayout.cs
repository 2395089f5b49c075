using Microsoft.AspNetCore.Components;

namespace Guichet.Words;

/// <summary>A layout that speaks the reader's language. Blazor only asks of a layout that it takes a <c>Body</c>.</summary>
public abstract class WordedLayout : WordedComponent
{
    [Parameter]
    public RenderFragment? Body { get; set; }
}
