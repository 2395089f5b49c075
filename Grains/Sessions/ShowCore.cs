using System.Text.Json.Serialization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Sessions.ShowEvent>;

namespace Guichet.Sessions;

public sealed record ShowState(long Revision, ShowDetails? Details, bool Archived)
{
    public static readonly ShowState Empty = new(0, null, false);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ShowCreated), "show-created")]
[JsonDerivedType(typeof(ShowChanged), "show-changed")]
[JsonDerivedType(typeof(ShowArchived), "show-archived")]
public abstract record ShowEvent;

public sealed record ShowCreated(ShowDetails Details) : ShowEvent;

public sealed record ShowChanged(ShowDetails Details) : ShowEvent;

public sealed record ShowArchived(bool Archived) : ShowEvent;

public static class ShowCore
{
    public static Decision Decide(ShowState state, Command command) => command switch
    {
        CreateShow when state.Details is not null => Decision.Refuse("show-exists"),
        CreateShow create => Check(create.Details, details => new ShowCreated(details)),
        _ when state.Details is null => Decision.Refuse("show-unknown"),
        ChangeShow change when change.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        ChangeShow change => Check(change.Details, details => new ShowChanged(details)),
        ArchiveShow archive => state.Archived == archive.Archived ? Decision.Accept() : Decision.Accept(new ShowArchived(archive.Archived)),
        _ => throw new ArgumentException($"A show doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static ShowState Apply(ShowState state, ShowEvent happened) => happened switch
    {
        ShowCreated created => state with { Revision = 1, Details = created.Details },
        ShowChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details },
        ShowArchived archived => state with { Revision = state.Revision + 1, Archived = archived.Archived },
        _ => throw new ArgumentException($"A show doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static Decision Check(ShowDetails details, Func<ShowDetails, ShowEvent> happened)
    {
        var cleaned = new ShowDetails((details.Title ?? "").Trim(), Cleaned(details.Subtitle), Cleaned(details.Producer), Cleaned(details.Genre));
        if (cleaned.Title.Length == 0) return Decision.Refuse("title-missing", "title");
        foreach (var (text, field) in new[] { (cleaned.Title, "title"), (cleaned.Subtitle, "subtitle"), (cleaned.Producer, "producer"), (cleaned.Genre, "genre") })
            if (text?.Length > SessionRules.LongestName)
                return Decision.Refuse("text-too-long", field, SessionRules.Text(SessionRules.LongestName));
        return Decision.Accept(happened(cleaned));
    }

    private static string? Cleaned(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
