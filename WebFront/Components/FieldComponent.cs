using Guichet.Words;
using Microsoft.AspNetCore.Components;

namespace Guichet.Components;

/// <summary>What every form field has: a label tied to it, a hint, and the sentence that refuses it.</summary>
public abstract class FieldComponent : WordedComponent
{
    /// <summary>The name it posts under, and the field that refusals name.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>One short sentence under the label, there before anyone errs.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>Overrides what the form's errors say of this field.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Says "facultatif" beside the label: what isn't marked is required.</summary>
    [Parameter]
    public bool Optional { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public bool Autofocus { get; set; }

    /// <summary>Width in characters of the answer expected; the whole column when absent.</summary>
    [Parameter]
    public FieldWidth Width { get; set; }

    [CascadingParameter]
    public FormErrors? Errors { get; set; }

    protected string Id => Field.IdOf(Name);

    protected string? Refused => Error ?? Errors?.For(Name);

    protected string? DescribedBy => Field.DescribedBy(Name, Hint, Refused);

    protected string? Invalid => Refused is null ? null : "true";
}

public enum FieldWidth
{
    Full,
    Long,
    Medium,
    Short,
}
