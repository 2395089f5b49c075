using Guichet.Journal;

namespace Guichet.Reporting;

/// <summary>Makes a run's deliveries.</summary>
[Alias("make-report-deliveries")]
public sealed record ExpandRun(string RunId) : Effect;

/// <summary>Prepares the mails of one part of a run.</summary>
/// <param name="First">The part's first partner, in the order of ids.</param>
/// <param name="Last">Its last, which is of it too.</param>
[Alias("prepare-reports")]
public sealed record PrepareReports(string RunId, string First, string Last) : Effect;

/// <summary>Queues those of a run again that nobody was reached by.</summary>
/// <param name="Number">1, 2, 3…: done twice it queues nothing twice.</param>
[Alias("resend-reports-of-run")]
public sealed record ResendRun(string RunId, bool InDoubt, string? Partner, int Number) : Effect;

/// <summary>Sends one mail of a report, to one address.</summary>
/// <param name="Round">The recipient's when it was queued; what a person queued again since is another effect's.</param>
[Alias("send-report")]
public sealed record SendReport(string RunId, string PartnerId, int Position, int Round) : Effect;
