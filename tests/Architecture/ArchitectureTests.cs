using System.Reflection;

namespace Guichet.Architecture;

/// <summary>The product obeys every rule. That each rule can be broken is shown by <see cref="RuleTests"/>.</summary>
public class ArchitectureTests
{
    private static readonly Type[] Contracts = [.. Product.TypesOf(Product.Contracts)];
    private static readonly Type[] All = [.. Product.TypesOf(Product.Contracts, Product.Grains)];

    public static TheoryData<string> OfContracts => NamesOf(typeof(ContractRules));

    public static TheoryData<string> OfMessages => NamesOf(typeof(MessageRules), nameof(MessageRules.What_crosses_can_be_serialised), nameof(MessageRules.Exceptions_of_contracts_are_marked));

    [Theory]
    [MemberData(nameof(OfContracts))]
    public void Grains(string rule) => Obeyed(rule, Apply(typeof(ContractRules), rule, All));

    [Theory]
    [MemberData(nameof(OfMessages))]
    public void Messages(string rule) => Obeyed(rule, Apply(typeof(MessageRules), rule, All));

    [Fact]
    public void Exceptions_of_contracts_are_marked() =>
        Obeyed("contracts' exceptions", MessageRules.Exceptions_of_contracts_are_marked(Contracts));

    [Fact]
    public void What_crosses_a_call_or_a_stream_can_be_serialised()
    {
        Type[] streamed = [.. StreamedTypes.In(Product.Grains), .. StreamedTypes.In(Product.Contracts), .. StreamedTypes.In(Assembly.Load("WebFront"))];
        Assert.Contains(typeof(Feed.FeedEvent), streamed);
        Obeyed("what crosses", MessageRules.What_crosses_can_be_serialised(All, streamed));
    }

    [Fact]
    public void Projects_know_only_those_below_them() =>
        Obeyed("dependencies", RepositoryRules.Projects_know_only_those_below_them(Product.Projects.SelectMany(folder => Product.Files(folder, ".csproj"))));

    [Fact]
    public void Types_have_names_of_the_field()
    {
        // The engine's names are Orleans', who has its own taste.
        string[] ours = ["Papers", "Grains.Interfaces", "Grains", "WebFront", "Devices", "guichet"];
        Obeyed("names", RepositoryRules.Types_have_names_of_the_field(Product.TypesOf([.. ours.Select(Assembly.Load)])));
    }

    [Fact]
    public void Folders_are_named_after_features() => Obeyed("folders", RepositoryRules.Folders_are_named_after_features(Product.Folders()));

    [Fact]
    public void Grains_stay_on_their_scheduler() =>
        Obeyed("scheduler", RepositoryRules.Grains_stay_on_their_scheduler(Product.Files("Grains", ".cs").Concat(Product.Files("Grains.Interfaces", ".cs"))));

    [Fact]
    public void Grains_never_block() => Obeyed("blocking", RepositoryRules.Grains_never_block(Product.Files("Grains", ".cs")));

    [Fact]
    public void Cores_are_pure() => Obeyed("cores", RepositoryRules.Cores_are_pure(Product.Files("Grains", ".cs")));

    [Fact]
    public void Nothing_is_left_for_later() => Obeyed("left for later", RepositoryRules.Nothing_is_left_for_later(
        Product.Projects.Where(folder => folder != "tests").SelectMany(folder => Product.Files(folder, ".cs").Concat(Product.Files(folder, ".razor")))));

    private static TheoryData<string> NamesOf(Type rules, params string[] without) =>
        [.. rules.GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Except(without)];

    private static IEnumerable<string> Apply(Type rules, string rule, IEnumerable<Type> types) =>
        rules.GetMethod(rule)!.CreateDelegate<Func<IEnumerable<Type>, IEnumerable<string>>>()(types);

    private static void Obeyed(string rule, IEnumerable<string> broken)
    {
        var found = broken.ToArray();
        Assert.True(found.Length == 0, $"{rule.Replace('_', ' ')}:\n{string.Join('\n', found)}");
    }
}
