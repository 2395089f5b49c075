using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Guichet.Journal;
using Guichet.Mail;

using Decision = Guichet.Journal.Decision<Guichet.Reporting.ReportRunEvent>;

namespace Guichet.Reporting;

/// <param name="At">The instant of the figures.</param>
/// <param name="French">Instead of the templates' texts; null for those.</param>
/// <param name="TestTo">Of a test: the only address that gets it.</param>
public sealed record ReportRunDetails(
    ReportRunKind Kind, ReportScope Scope, DateTimeOffset At, DateTimeOffset BegunAt, string By, ReportText? French, ReportText? English, string? TestTo,
    string? Calendar, string? Occurrence);

/// <param name="Resendings">How often someone tried again.</param>
public sealed record ReportRunState(ReportRunDetails? Details, int Resendings)
{
    public static readonly ReportRunState Empty = new(null, 0);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ReportRunBegun), "report-run-begun")]
[JsonDerivedType(typeof(ReportsResent), "reports-resent")]
public abstract record ReportRunEvent;

public sealed record ReportRunBegun(ReportRunDetails Details) : ReportRunEvent;

public sealed record ReportsResent(bool InDoubt, string? Partner) : ReportRunEvent;

/// <summary>What a run decides: pure. That there is one is decided once; its deliveries are an effect's work.</summary>
public static class ReportRunCore
{
    public const int MostPartners = 10_000;
    public const int MostSessions = 2_000;

    /// <summary>A preview may be sent for so long: what leaves is what was seen.</summary>
    public static readonly TimeSpan PreviewLasts = TimeSpan.FromHours(1);

    /// <summary>An occurrence that is found later than this is recorded as missed by its calendar, and never begun.</summary>
    private static readonly TimeSpan LatestBegin = TimeSpan.FromHours(12);

    public static Decision Decide(ReportRunState state, Command command, string runId, DateTimeOffset now) => command switch
    {
        SendReports or BeginReportRun when state.Details is not null => Decision.Refuse("run-exists"),
        SendReports send => Send(send, runId, now),
        BeginReportRun begin when now - begin.At > LatestBegin => Decision.Refuse("occurrence-missed"),
        BeginReportRun begin => Begun(new ReportRunDetails(
            ReportRunKind.Calendar, Plain(begin.Scope), JournalLines.Truncated(begin.At), now, begin.By.Name, null, null, null, begin.Calendar, begin.Occurrence), runId),
        _ when state.Details is null => Decision.Refuse("run-unknown"),
        ResendReports resend => Decision.Accept(new ReportsResent(resend.InDoubt, resend.Partner)).With(new ResendRun(runId, resend.InDoubt, resend.Partner, state.Resendings + 1)),
        _ => throw new ArgumentException($"A run of reports doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static ReportRunState Apply(ReportRunState state, ReportRunEvent happened) => happened switch
    {
        ReportRunBegun begun => new ReportRunState(begun.Details, 0),
        ReportsResent => state with { Resendings = state.Resendings + 1 },
        _ => throw new ArgumentException($"A run of reports doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static Decision Send(SendReports send, string runId, DateTimeOffset now)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var scope = Plain(send.Scope);
        if (scope.Partners.IsEmpty && scope.Group is null) wrong.Add(Refusal.Of("partners-missing", "partner"));
        if (scope.Partners.Length > MostPartners) wrong.Add(Refusal.Of("too-many", "partner", Text(MostPartners)));
        if (scope.Sessions.Length > MostSessions) wrong.Add(Refusal.Of("too-many", "session", Text(MostSessions)));
        if (send.At > now) wrong.Add(Refusal.Of("preview-ahead", "at"));
        else if (now - send.At > PreviewLasts) wrong.Add(Refusal.Of("preview-too-old", "at"));
        var french = send.French is null ? null : ReportTemplateCore.Check(send.French, "french", wrong);
        var english = send.English is null ? null : ReportTemplateCore.Check(send.English, "english", wrong);
        var to = send.TestTo is null ? null : EmailAddress.Normalized(send.TestTo);
        if (to is not null && !EmailAddress.IsValid(to)) wrong.Add(Refusal.Of("address-invalid", "test-to", to.Length <= 80 ? to : to[..80]));
        if (wrong.Count > 0) return Decision.Refuse(wrong.DrainToImmutable().AsSpan());
        return Begun(new ReportRunDetails(
            to is null ? ReportRunKind.ByHand : ReportRunKind.Test, scope, JournalLines.Truncated(send.At), now, send.By.Name, french, english, to, null, null), runId);
    }

    private static Decision Begun(ReportRunDetails details, string runId) => Decision.Accept(new ReportRunBegun(details)).With(new ExpandRun(runId));

    private static ReportScope Plain(ReportScope scope) => scope with
    {
        Partners = Once(scope.Partners),
        Except = Once(scope.Except),
        Sessions = Once(scope.Sessions),
    };

    private static ImmutableArray<string> Once(ImmutableArray<string> ids) => ids.IsDefault ? [] : [.. ids.Distinct(StringComparer.Ordinal)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
