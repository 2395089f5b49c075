using System.Collections.Immutable;
using Guichet.Papers;

namespace Guichet.Reporting;

/// <summary>One mail of a report.</summary>
/// <param name="Attempt">1, 2, 3…: the attempt that is meant. A mail that has had another since is another attempt's to move.</param>
public sealed record ReportMail(string Organisation, SendReport Of, int Attempt);

/// <summary>What only the mail itself says: the link to the partner's page, and where it comes back to. Null for none.</summary>
public sealed record ReportMailSecrets(string? Link, string? Envelope)
{
    public override string ToString() => "…";
}

/// <summary>
/// The deliveries that a run is taken apart into, and how far each of their mails came. A port, because the simulator keeps them in a world
/// that misbehaves. Each method is one transaction.
/// </summary>
public interface IReportDeliveries
{
    /// <summary>Partners that have a calendar of their own, also one that is switched off: nothing leaves for them by their group's.</summary>
    Task<ImmutableArray<string>> Apart(string organisation, CancellationToken cancellation);

    /// <summary>The calendar's time is a run now, or will never be one.</summary>
    Task NoteExpanded(string organisation, string runId, CancellationToken cancellation);

    /// <summary>
    /// One delivery for each partner of the run, in parts of some hundred with an effect for each: all or nothing. A run that has deliveries
    /// already is left alone.
    /// </summary>
    /// <exception cref="Journal.EffectImpossibleException">There is no such run.</exception>
    Task Expand(string organisation, string runId, CancellationToken cancellation);

    /// <summary>
    /// Fixes what the deliveries of one part are of, in the versions that stood at the run's instant, and makes one mail for each of their
    /// addresses, with its effect: all or nothing. A delivery that was prepared already is left alone, so that a second time changes nothing.
    /// </summary>
    /// <exception cref="Journal.EffectImpossibleException">There is no such run.</exception>
    Task Prepare(string organisation, PrepareReports part, CancellationToken cancellation);

    /// <summary>Queues again those whom a run didn't reach, with their effects; once for each number.</summary>
    Task Resend(string organisation, ResendRun resend, CancellationToken cancellation);

    /// <summary>The report of one delivery, of the versions that were fixed when it was prepared; null when there is no such.</summary>
    Task<DeliveredReport?> Delivered(string organisation, string runId, string partnerId, CancellationToken cancellation);

    /// <summary>The picture of a letterhead, ready to be drawn, and as it was given; null for none.</summary>
    Task<(PaperImage Image, Logo Logo, byte[] Bytes)?> LogoOf(string organisation, Logo? logo, CancellationToken cancellation);

    /// <summary>It is being sent from now on, with what its secrets are found by. False when another attempt was quicker.</summary>
    /// <param name="page">The number of the links that open the partner's page.</param>
    Task<bool> Begin(ReportMail mail, ReportMailState from, ReportMailSecrets secrets, int page);

    /// <summary>
    /// The server took it, and the partner was told: what it was told of never goes back. Also of one that another node, finding it being
    /// sent, has put in doubt.
    /// </summary>
    Task HandOver(ReportMail mail, string reply);

    /// <summary>Changes nothing when it is in another state, or another attempt's, by now.</summary>
    /// <param name="begun">It was written down that it is being sent; else it still waits, and this was an attempt all the same.</param>
    /// <param name="reason">Null keeps the one before.</param>
    Task Move(ReportMail mail, bool begun, ReportMailState to, string? reason);

    /// <summary>Nothing is sent of the whole delivery.</summary>
    /// <param name="why">Of <see cref="ReportSkips"/>.</param>
    Task Skip(ReportMail mail, string why);

    /// <summary>
    /// Whether this run's failure makes so many of the partner's deliveries in a row, the last ones, reach nobody: with it there are so many,
    /// without it there were fewer, in whatever order they become known.
    /// </summary>
    /// <param name="arrivedBefore">It counted as arrived until now; else it was still under way.</param>
    Task<bool> MakesFailures(int number, string organisation, string partnerId, string runId, bool arrivedBefore);
}
