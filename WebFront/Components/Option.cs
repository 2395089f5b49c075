namespace Guichet.Components;

/// <summary>One of the answers of a list.</summary>
/// <param name="Note">A second line: what it means, or how many.</param>
public sealed record Option(string Value, string Text, string? Note = null, bool Disabled = false, string? Group = null);
