using System.Collections.Frozen;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Guichet.Architecture;

/// <summary>What holds for the repository as a whole: who may know whom, what things are called, and what grains' code leaves alone.</summary>
internal static partial class RepositoryRules
{
    /// <summary>Each project, and those it may refer to. Nobody refers to a host but tests and benchmarks.</summary>
    private static readonly FrozenDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Orleans.Embedded"] = [],
        ["Papers"] = [],
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces", "Papers"],
        ["WebFront"] = ["Grains.Interfaces", "Grains", "Papers"],
        ["Devices"] = ["Grains.Interfaces"],
        ["Silo"] = ["Grains.Interfaces", "Grains", "WebFront", "Devices"],
    }.ToFrozenDictionary();

    private static readonly string[] BannedEndings = ["Manager", "Dto", "Info", "Data", "Impl", "Helper", "Helpers", "Utils", "Common"];

    private static readonly string[] BannedFolders = ["Services", "Models", "Helpers", "Common", "Utils", "Managers", "Dtos"];

    public static IEnumerable<string> Projects_know_only_those_below_them(IEnumerable<SourceFile> projects) =>
        from project in projects
        let name = Path.GetFileNameWithoutExtension(project.Path)
        where Allowed.ContainsKey(name)
        from reference in XDocument.Parse(project.Text).Descendants("ProjectReference")
        let other = Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'))
        where !Allowed[name].Contains(other)
        select $"{name} refers to {other}";

    public static IEnumerable<string> Types_have_names_of_the_field(IEnumerable<Type> types) =>
        from type in types
        let name = type.Name.Split('`')[0]
        from ending in BannedEndings
        where name.EndsWith(ending, StringComparison.Ordinal) && name != ending
        select $"{type.FullName} ends with {ending}";

    public static IEnumerable<string> Folders_are_named_after_features(IEnumerable<string> folders) =>
        from folder in folders
        where BannedFolders.Concat(BannedEndings).Contains(folder.Split('/')[^1])
        select folder;

    /// <summary>What follows such an await would run beside the grain's turns.</summary>
    public static IEnumerable<string> Grains_stay_on_their_scheduler(IEnumerable<SourceFile> sources) =>
        Lines(sources, LeavesScheduler());

    /// <summary>A thread that waits is a turn that can't be given to others, and deadlocks if what it waits for needs it.</summary>
    public static IEnumerable<string> Grains_never_block(IEnumerable<SourceFile> sources) => Lines(sources, Blocks());

    /// <summary>A decision core is handed everything: no engine, no database, no files, no clock.</summary>
    public static IEnumerable<string> Cores_are_pure(IEnumerable<SourceFile> sources) =>
        Lines(sources.Where(source => source.Path.EndsWith("Core.cs", StringComparison.Ordinal)), ReachesOut());

    public static IEnumerable<string> Nothing_is_left_for_later(IEnumerable<SourceFile> sources) => Lines(sources, LeftForLater());

    private static IEnumerable<string> Lines(IEnumerable<SourceFile> sources, Regex refused) =>
        from source in sources
        from line in source.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        where refused.IsMatch(line.Text) && !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select $"{source.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"ConfigureAwait\s*\(\s*(continueOnCapturedContext\s*:\s*)?false|ConfigureAwaitOptions\.(?!ContinueOnCapturedContext)")]
    private static partial Regex LeavesScheduler();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|\bThread\.Sleep\b|\basync void\b")]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\b(Npgsql|Dapper|System\.IO|IGrainFactory|GrainFactory|IGrainContext|TimeProvider|Stopwatch|HttpClient|RequestContext)\b|\bawait\b|\.(UtcNow|Now|Today)\b")]
    private static partial Regex ReachesOut();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex LeftForLater();
}
