using Guichet.Access;
using Guichet.Contacts;
using Guichet.Feed;
using Guichet.Imports;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Operations;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Portals;
using Guichet.Reporting;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Guichet;

/// <summary>
/// What the grains need around them, on either engine and in tests. The host adds: an <see cref="NpgsqlDataSource"/> bound to the product's
/// role, <see cref="ISendingPermission"/>, mail, and the start of the dispatcher and of the links' sweep.
/// </summary>
public static class GuichetGrains
{
    /// <summary>Every kind of aggregate, by the name of its state table: what the journal's verification compares.</summary>
    public static readonly IReadOnlyList<string> StateTables =
    [
        "shows", "series", "sessions", "organisations", "links", "imports", "partners", "report_calendars", "report_templates", "letterheads", "report_sendings", "contacts",
        "contact_settings", "contact_searches", "jobs", "contact_retention",
    ];

    public static ISiloBuilder AddGuichetGrains(this ISiloBuilder silo)
    {
        silo.AddMemoryStreams(LiveStreams.Provider);
        silo.AddIncomingGrainCallFilter<FiguresFilter>();
        silo.AddIncomingGrainCallFilter<GuardFilter>();
        silo.Services.AddGuichetServices();
        return silo;
    }

    private static void AddGuichetServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Database>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<NodeFigures>();
        services.AddSingleton<AliveGrains>();
        services.AddSingleton<OperationsQueries>();
        services.TryAddSingleton<INodes, SingleNode>();
        services.TryAddSingleton<IJournalStore, PostgresJournal>();
        services.TryAddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton(provider =>
        {
            var kinds = new EffectKinds();
            foreach (var add in provider.GetServices<Action<EffectKinds>>()) add(kinds);
            return kinds;
        });
        services.AddSingleton<OutboxDispatcher>();
        services.AddSingleton<EffectQueue>();
        services.AddSingleton<TimelineQueries>();
        services.AddMailEffects();

        services.AddSessions();
        services.AddOrganisations();
        services.AddNotifications();
        services.AddLinks();
        services.AddImports();
        services.AddJobs();
        services.AddPartners();
        services.AddContacts();
        services.AddPortals();
        services.AddReports();
        services.AddReporting();
    }
}
