using System.Collections;

namespace Guichet.Components;

/// <summary>What was refused in a form: sentences, each tied to a field by its name (empty for the form as a whole).</summary>
public sealed class FormErrors : IEnumerable<FormErrors.Entry>
{
    private readonly List<Entry> entries = [];

    public sealed record Entry(string Field, string Sentence);

    public bool Any => entries.Count > 0;

    public int Count => entries.Count;

    public void Add(string field, string sentence) => entries.Add(new Entry(field, sentence));

    /// <summary>Takes every refusal as a sentence in the reader's language.</summary>
    /// <param name="fieldOf">The form's field of a refusal, where the form names it otherwise than the command does; null for the form as a whole.</param>
    public void Add(IEnumerable<Refusal> refusals, Words.Formats formats, Func<Refusal, string?>? fieldOf = null)
    {
        foreach (var refusal in refusals)
            Add((fieldOf is null ? refusal.Field : fieldOf(refusal)) ?? "", Words.RefusalSentences.Of(refusal, formats));
    }

    /// <summary>Puts them in the order in which the form asks: each field with its rows, what names none of these at the end.</summary>
    public void Arrange(params string[] fields)
    {
        var arranged = entries.OrderBy(entry => Array.FindIndex(fields, field => entry.Field == field || entry.Field.StartsWith(field + "[", StringComparison.Ordinal)) is >= 0 and var place ? place : fields.Length).ToList();
        entries.Clear();
        entries.AddRange(arranged);
    }

    /// <summary>The first sentence about a field; null when it is accepted.</summary>
    public string? For(string field) => entries.Find(entry => entry.Field == field)?.Sentence;

    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();
}
