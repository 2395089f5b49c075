using System.Collections.Immutable;
using System.Globalization;
using Guichet.Jobs;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <param name="Conditions">Whom it is done to: all that they find, step by step, on the day it began.</param>
/// <param name="Bulk">What the commands' ids are made from.</param>
public sealed record ContactBulkArgument(ImmutableArray<SearchCondition> Conditions, BulkChange Change, Guid Bulk, Actor By);

/// <summary>
/// The same edit of all that a search finds, however many, by number. A step done again edits nobody twice; who no longer is found because
/// of the edit itself was edited.
/// </summary>
public sealed class ContactBulkWork(ContactQueries contacts, ContactBulk bulk) : IJobWork
{
    public const string Edited = "edited";
    public const string Refused = "refused";

    /// <summary>Contacts in a step.</summary>
    private const int Slice = 500;

    public JobKind Kind => JobKind.ContactBulk;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        var argument = Json.Read<ContactBulkArgument>(job.Argument!);
        var (filter, wrong) = ContactSearchFields.Read(argument.Conditions);
        var after = job.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : (long?)null;
        // Conditions that a later version no longer understands find nobody rather than everybody.
        var page = wrong.IsEmpty ? await contacts.IdsOf(job.Organisation, filter, DateOnly.FromDateTime(job.StartedAt.UtcDateTime), after, Slice, cancellation) : [];
        var results = await bulk.Apply(argument.Bulk, [.. page.Select(contact => contact.Id)], argument.Change, argument.By, cancellation);
        var refused = results.Count(result => result.Refusal is not null);
        return new JobStep(
            page.IsEmpty ? job.Cursor : page[^1].Number.ToString(CultureInfo.InvariantCulture), job.Done + page.Length,
            job.Counts.SetItem(Edited, job.Count(Edited) + results.Length - refused).SetItem(Refused, job.Count(Refused) + refused), page.Length < Slice);
    }
}
