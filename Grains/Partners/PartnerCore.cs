using System.Collections.Immutable;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Partners.PartnerEvent>;

namespace Guichet.Partners;

/// <summary>What a partner decides: pure, without clock, storage or engine.</summary>
public static class PartnerCore
{
    public static Decision Decide(PartnerState state, Command command, PartnerFacts facts, DateTimeOffset now) => command switch
    {
        CreatePartner when state.Details is not null => Decision.Refuse("partner-exists"),
        CreatePartner create => Checked(create.Details, details => new PartnerCreated(details)),
        _ when state.Details is null => Decision.Refuse("partner-unknown"),
        ChangePartner change when change.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        ChangePartner change => Checked(change.Details, details => new PartnerChanged(details)),
        ArchivePartner archive => state.Archived == archive.Archived ? Decision.Accept() : Decision.Accept(new PartnerArchived(archive.Archived)),
        AssociatePartner when state.Archived => Decision.Refuse("partner-archived"),
        AssociatePartner associate => Associate(state, associate, facts, now),
        DissociatePartner dissociate => Dissociate(state, dissociate),
        PausePartner { Until: { } until } when until <= facts.Day => Decision.Refuse("pause-not-ahead", "until"),
        PausePartner pause => state.Pause is { } paused && paused.Until == pause.Until
            ? Decision.Accept()
            : Decision.Accept(new PartnerPaused(new PartnerPause(now, pause.Until))),
        ResumePartner => state.Pause is null ? Decision.Accept() : Decision.Accept(new PartnerResumed()),
        IssuePartnerLink when state.Archived => Decision.Refuse("partner-archived"),
        IssuePartnerLink issue => Decision.Accept(new PartnerLinkIssued(PageOf(state).Number + 1, now, issue.Hash)),
        RevokePartnerLinks => PageOf(state).Revoked is null ? Decision.Accept(new PartnerLinksRevoked(now)) : Decision.Accept(),
        ChangePartnerLinkDays { Days: < 1 or > PartnerPageAccess.LongestDays } => Decision.Refuse("link-days-out-of-range", "days", PartnerRules.Text(PartnerPageAccess.LongestDays)),
        ChangePartnerLinkDays change => PageOf(state).Days == change.Days ? Decision.Accept() : Decision.Accept(new PartnerLinkDaysChanged(change.Days)),
        _ => throw new ArgumentException($"A partner doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static PartnerState Apply(PartnerState state, PartnerEvent happened) => happened switch
    {
        PartnerCreated created => PartnerState.Empty with { Revision = 1, Details = created.Details },
        PartnerChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details },
        PartnerArchived archived => state with { Revision = state.Revision + 1, Archived = archived.Archived },
        PartnerAssociated associated => state with { Sessions = [.. state.Sessions, .. associated.Sessions], Series = [.. state.Series, .. associated.Series] },
        PartnerDissociated gone => state with
        {
            Sessions = [.. state.Sessions.Except(gone.Sessions)],
            Series = [.. state.Series.Except(gone.Series)],
        },
        PartnerPaused paused => state with { Pause = paused.Pause },
        PartnerResumed => state with { Pause = null },
        PartnerLinkIssued issued => state with { Page = PageOf(state) with { Number = issued.Number, Revoked = null } },
        PartnerLinksRevoked revoked => state with { Page = PageOf(state) with { Revoked = revoked.At } },
        PartnerLinkDaysChanged changed => state with { Page = PageOf(state) with { Days = changed.Days } },
        _ => throw new ArgumentException($"A partner doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    public static PartnerPageAccess PageOf(PartnerState state) => state.Page ?? PartnerPageAccess.Default;

    private static Decision Checked(PartnerDetails details, Func<PartnerDetails, PartnerEvent> happened)
    {
        var (cleaned, wrong) = PartnerRules.Check(details);
        return wrong.IsEmpty ? Decision.Accept(happened(cleaned)) : Decision.Refuse(wrong.AsSpan());
    }

    private static Decision Associate(PartnerState state, AssociatePartner command, PartnerFacts facts, DateTimeOffset now)
    {
        if (Named(command.Sessions).IsEmpty && Named(command.Series).IsEmpty) return Decision.Refuse("association-missing", "sessions");
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        if (!facts.UnknownSessions.IsEmpty) wrong.Add(Refusal.Of("session-unknown", "sessions"));
        if (!facts.UnknownSeries.IsEmpty) wrong.Add(Refusal.Of("series-unknown", "series"));
        ImmutableArray<string> sessions = [.. Named(command.Sessions).Except(state.Sessions)];
        ImmutableArray<string> series = [.. Named(command.Series).Except(state.Series)];
        if (state.Sessions.Length + sessions.Length > PartnerRules.MostAssociations) wrong.Add(Refusal.Of("too-many", "sessions", PartnerRules.Text(PartnerRules.MostAssociations)));
        if (state.Series.Length + series.Length > PartnerRules.MostAssociations) wrong.Add(Refusal.Of("too-many", "series", PartnerRules.Text(PartnerRules.MostAssociations)));
        if (wrong.Count > 0) return Decision.Refuse(wrong.DrainToImmutable().AsSpan());
        return sessions.IsEmpty && series.IsEmpty ? Decision.Accept() : Decision.Accept(new PartnerAssociated(sessions, series, now));
    }

    private static Decision Dissociate(PartnerState state, DissociatePartner command)
    {
        ImmutableArray<string> sessions = [.. state.Sessions.Intersect(Named(command.Sessions))];
        ImmutableArray<string> series = [.. state.Series.Intersect(Named(command.Series))];
        return sessions.IsEmpty && series.IsEmpty ? Decision.Accept() : Decision.Accept(new PartnerDissociated(sessions, series));
    }

    private static ImmutableArray<string> Named(ImmutableArray<string> ids) => ids.IsDefault ? [] : [.. ids.Distinct(StringComparer.Ordinal)];
}
