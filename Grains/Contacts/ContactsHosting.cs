using Guichet.Jobs;
using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddSingleton<ContactErasureQueries>();
        services.AddSingleton<ContactErasures>();
        services.TryAddSingleton(new ErasureRegisterOptions(null));
        services.AddSingleton<ErasureRegister>();
        services.AddSingleton<IJobWork, DuplicateSearch>();
        services.AddSingleton<ContactRetentionQueries>();
        services.AddSingleton<PersonalDataQueries>();
        services.AddSingleton<IJobWork, ContactRetentionPreview>();
        services.AddSingleton<IJobWork, ContactRetentionRun>();
        services.AddEffect<WakeContactRetention, WakeContactRetentionHandler>();
        services.AddEffect<StartRetentionJob, StartRetentionJobHandler>();
        services.AddEffect<AbsorbMergedContact, AbsorbMergedContactHandler>();
        services.AddEffect<ReleaseMergedContact, ReleaseMergedContactHandler>();
        services.AddEffect<RetargetContactRelations, RetargetContactRelationsHandler>();
        services.AddEffect<RestoreContactRelations, RestoreContactRelationsHandler>();
        services.AddEffect<EraseContactTraces, EraseContactTracesHandler>();
        services.AddSingleton<SavedSearches>();
        services.AddSingleton<ContactBulk>();
        services.AddSingleton<IJobWork, ContactBulkWork>();
    }
}
