using Guichet.Benchmarks;

// dotnet run -c Release --project benchmarks [-- name…]: prints each figure with its limit, measured in the same run. Nothing is asserted.
(string Name, Func<Task> Run)[] all =
[
    ("calls", Calls.Run),
    ("commands", Commands.Run),
    ("contacts", Contacts.Run),
    ("contacts-import", ContactImport.Run),
    ("envelopes", Envelopes.Run),
    ("growth", Growth.Run),
    ("live", Live.Run),
    ("reports", Reports.Run),
    ("start", Start.Run),
];
var chosen = args.Length == 0 ? all : [.. all.Where(one => args.Contains(one.Name))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Say which: {string.Join(", ", all.Select(one => one.Name))}; or none for all.");
    return 1;
}
Console.WriteLine($"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
foreach (var (name, run) in chosen)
{
    Console.WriteLine($"\n## {name}");
    await run();
}
return 0;
