using Guichet.Jobs;
using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Contacts;

public static class ContactsHosting
{
    /// <summary>What contacts need on every node.</summary>
    public static void AddContacts(this IServiceCollection services)
    {
        services.AddSingleton<ContactQueries>();
        services.AddSingleton<ContactNumbers>();
        services.AddSingleton<ContactActivityLookups>();
        services.AddSingleton<ContactHistoryQueries>();
        services.AddSingleton<ContactIndicatorQueries>();
        services.AddSingleton<ContactDuplicates>();
        services.AddSingleton<ContactPairs>();
        services.AddSingleton<ContactMergeQueries>();
        services.AddSingleton<IJobWork, DuplicateSearch>();
        services.AddEffect<AbsorbMergedContact, AbsorbMergedContactHandler>();
        services.AddEffect<ReleaseMergedContact, ReleaseMergedContactHandler>();
        services.AddEffect<RetargetContactRelations, RetargetContactRelationsHandler>();
        services.AddEffect<RestoreContactRelations, RestoreContactRelationsHandler>();
        services.AddSingleton<SavedSearches>();
        services.AddSingleton<ContactBulk>();
        services.AddSingleton<IJobWork, ContactBulkWork>();
    }
}
