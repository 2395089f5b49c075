using Guichet.Journal;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Sessions;

/// <summary>What sessions and tallies need on every node.</summary>
public static class SessionsHosting
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionQueries>();
        services.AddSingleton<SessionPages>();
        services.AddSingleton<SessionAttention>();
        services.AddSingleton<DailySales>();
        services.AddSingleton<EntrySheets>();
        services.AddSingleton<Takings.TakingsQueries>();
        services.AddEffect<PutOnSaleEffect, PutOnSaleHandler>();
    }
}
