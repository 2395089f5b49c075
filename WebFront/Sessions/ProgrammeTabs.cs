using Guichet.Components;
using Guichet.Words;

namespace Guichet.Sessions;

/// <summary>The three lists of what is programmed.</summary>
internal static class ProgrammeTabs
{
    public static IReadOnlyList<Tabs.Item> Of(Reader reader) =>
    [
        new("sessions", reader.T("Séances", "Sessions"), "/sessions"),
        new("shows", reader.T("Spectacles", "Shows"), "/shows"),
        new("series", reader.T("Séries", "Series"), "/series"),
    ];
}
