using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>Free labels on contacts. What is written is shown; what tells one from another is its key.</summary>
public static class ContactTags
{
    public static string KeyOf(string tag) => SearchKey.Of(tag);

    /// <summary>Trimmed, each key once; what is wrong with one is said by its place: <c>add[2]</c>.</summary>
    internal static ImmutableArray<string> Cleaned(ImmutableArray<string> tags, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (tags.IsDefaultOrEmpty) return [];
        if (tags.Length > ContactRules.MostTags)
        {
            wrong.Add(Refusal.Of("too-many", field, ContactRules.Number(ContactRules.MostTags)));
            return [];
        }
        var cleaned = ImmutableArray.CreateBuilder<string>(tags.Length);
        for (var i = 0; i < tags.Length; i++)
        {
            var place = $"{field}[{ContactRules.Number(i)}]";
            var before = wrong.Count;
            var tag = ContactRules.Line(tags[i], place, ContactRules.LongestTag, wrong);
            if (tag is not null && KeyOf(tag).Length > 0) cleaned.Add(tag);
            else if (wrong.Count == before) wrong.Add(Refusal.Of("tag-missing", place));
        }
        return [.. cleaned.DistinctBy(KeyOf, StringComparer.Ordinal)];
    }

    internal static ImmutableArray<string> With(ImmutableArray<string> tags, ImmutableArray<string> added, ImmutableArray<string> removed) =>
        [.. tags.Except(removed, StringComparer.Ordinal).Concat(added).OrderBy(KeyOf, StringComparer.Ordinal)];
}
