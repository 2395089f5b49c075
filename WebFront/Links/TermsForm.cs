using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Sessions;
using Guichet.Words;
using Microsoft.Extensions.Primitives;

namespace Guichet.Links;

/// <summary>What <c>TermsFields</c> posts, or puts into the address for its preview.</summary>
internal static class TermsForm
{
    /// <summary>What was asked for; as it was where nothing was. Boxes that are all unticked are an error, and leave that scope as it was.</summary>
    public static LinkTerms Read(Func<string, StringValues> sent, SessionDetails details, LinkTerms before, FormErrors errors, Formats formats)
    {
        var terms = before with { Detail = DetailOf(sent("detail")) ?? before.Detail };
        if (StringValues.IsNullOrEmpty(sent("scoped"))) return terms;
        return terms with
        {
            Categories = Scope("categories", details.Categories.Select(category => category.Code), before.Categories),
            Channels = Scope("channels", details.Channels.Select(channel => channel.Code), before.Channels),
        };

        ImmutableArray<string> Scope(string field, IEnumerable<string> codes, ImmutableArray<string> was)
        {
            // With one there is nothing to choose, and no box.
            if (codes.ToArray() is not { Length: > 1 } all) return [];
            if (LinkWords.Scope(sent(field), all) is { } scope) return scope;
            errors.Add([Refusal.Of("scope-empty", field)], formats);
            return was;
        }
    }

    public static LinkDetail? DetailOf(string? name) => Enum.GetNames<LinkDetail>().Contains(name) ? Enum.Parse<LinkDetail>(name!) : null;
}
