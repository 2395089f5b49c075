using System.Collections.Immutable;
using NodaTime;

namespace Guichet.Imports;

/// <summary>Which sessions a file can be about: what has to be read of what exists before it is planned.</summary>
/// <param name="From">The first of its days; null when it names none.</param>
/// <param name="SessionIds">Ids that it names.</param>
internal sealed record ImportScope(LocalDate? From, LocalDate? To, ImmutableArray<string> SessionIds)
{
    public static ImportScope Of(Table table, Mapping mapping)
    {
        LocalDate? from = null, to = null;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        // What is wrong with a line is said when it is planned.
        if (MappedLines.Open(table, mapping, new RefusalList(), oneSession: true) is { } lines)
        {
            foreach (var line in lines.Read())
            {
                if (Ids.IsValid(line[ImportFields.Session])) ids.Add(line[ImportFields.Session]);
                if (line.Date is not { } date) continue;
                from = from is null || date < from ? date : from;
                to = to is null || date > to ? date : to;
            }
        }
        return new ImportScope(from, to, [.. ids]);
    }
}
