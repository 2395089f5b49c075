using System.Collections.Immutable;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>Everything that a report is made of, read at one go.</summary>
/// <param name="Organisation">The house's name.</param>
/// <param name="Zone">The house's IANA zone, in which days are counted and instants shown.</param>
/// <param name="PartnerLanguage">Of the partner's record.</param>
/// <param name="French">Instead of the template's texts; null for those.</param>
/// <param name="At">The figures are those validated at this instant, whatever came after.</param>
/// <param name="NamesSessions">The sender named its sessions: the rules for those that are over or unchanged don't count.</param>
/// <param name="Page">Of the partner: what its links are worth.</param>
public sealed record ReportSource(
    string PartnerId, string Partner, Language PartnerLanguage, string Organisation, string Zone, ReportTemplate Template, LetterheadState Letterhead,
    ReportText? French, ReportText? English, DateTimeOffset At, bool NamesSessions, ImmutableArray<ReportedSession> Sessions,
    PartnerPageAccess? Page = null);

/// <param name="Current">At the report's instant; null when nothing was validated by then.</param>
/// <param name="Told">What the partner was told of last; null when it is told of the session for the first time.</param>
public sealed record ReportedSession(
    string Id, string Title, SessionDetails Details, DateTimeOffset Start, SessionStatus Status, ReportedTally? Current, ReportedTally? Told,
    ImmutableArray<ReportedDay> Curve = default);

public sealed record ReportedTally(int Version, DateTimeOffset At, TallyFigures Figures, ImmutableArray<TallyLine> Lines);

/// <summary>Sold at the end of a day of the house's zone.</summary>
public readonly record struct ReportedDay(DateOnly Day, int Sold);
