namespace Guichet.Architecture.Refused;

/// <summary>Each rule is broken by its sample, so that obeying it means something; and a contract as it should be breaks none.</summary>
public class RuleTests
{
    public static TheoryData<string, Type[]> Samples => new()
    {
        { nameof(ContractRules.Methods_return_tasks), [typeof(IReturnsNoTask)] },
        { nameof(ContractRules.Methods_return_tasks), [typeof(IEnumerates)] },
        { nameof(ContractRules.Parameters_are_values), [typeof(IHasOutParameter)] },
        { nameof(ContractRules.Interfaces_have_methods_only), [typeof(IHasProperty)] },
        { nameof(ContractRules.A_cancellation_token_is_the_last_parameter), [typeof(IHasTwoTokens)] },
        { nameof(ContractRules.A_cancellation_token_is_the_last_parameter), [typeof(IHasTokenFirst)] },
        { nameof(ContractRules.Methods_have_no_type_parameters), [typeof(IHasTypeParameter)] },
        { nameof(ContractRules.One_way_methods_answer_nothing), [typeof(IAnswersOneWay)] },
        { nameof(ContractRules.Keys_are_strings), [typeof(IHasNoKey)] },
        { nameof(ContractRules.Turn_attributes_are_on_interfaces), [typeof(WorkedGrain)] },
        { nameof(ContractRules.Methods_say_who_may_call_them), [typeof(IWorked)] },
        { nameof(ContractRules.Every_interface_has_one_implementation), [typeof(ITwofold), typeof(OneTwofoldGrain), typeof(OtherTwofoldGrain)] },
        { nameof(ContractRules.Every_interface_has_one_implementation), [typeof(IUnfulfilled)] },
        { nameof(ContractRules.Grain_types_have_names_of_their_own), [typeof(OneNamedGrain), typeof(OtherNamedGrain)] },
        { nameof(ContractRules.Grain_classes_are_never_messages), [typeof(MessageGrain)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsUnmarked)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsNestedUnmarked)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsArray)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsList)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsJson)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(ISendsSequence)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(HoldsZone)] },
        { nameof(MessageRules.What_crosses_can_be_serialised), [typeof(MarkedBase), typeof(UnmarkedSubclass)] },
        { nameof(MessageRules.Members_are_numbered), [typeof(Unnumbered)] },
        { nameof(MessageRules.Numbers_are_unique), [typeof(NumberedTwice)] },
        { nameof(MessageRules.Messages_have_aliases), [typeof(WithoutAlias)] },
        { nameof(MessageRules.Aliases_are_unique), [typeof(SameAlias), typeof(SameAliasAgain)] },
        { nameof(MessageRules.Aliases_of_generic_types_say_how_many_arguments), [typeof(Countless<>)] },
        { nameof(MessageRules.Subclasses_are_marked_too), [typeof(UnmarkedSubclass)] },
        { nameof(MessageRules.Bases_are_marked_too), [typeof(MarkedSubclass)] },
        { nameof(MessageRules.Messages_never_change), [typeof(Settable)] },
        { nameof(MessageRules.Messages_never_change), [typeof(ClassMessage)] },
        { nameof(MessageRules.Messages_never_change), [typeof(OpenMessage)] },
        { nameof(MessageRules.Messages_never_change), [typeof(NotSaidImmutable)] },
        { nameof(MessageRules.Exceptions_of_contracts_are_marked), [typeof(UnmarkedException)] },
        { nameof(RepositoryRules.Types_have_names_of_the_field), [typeof(SeatManager)] },
        { nameof(RepositoryRules.Types_have_names_of_the_field), [typeof(SeatDto)] },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_breaks_the_rule(string rule, Type[] sample) => Assert.NotEmpty(Broken(rule, sample));

    [Fact]
    public void A_good_contract_breaks_none()
    {
        Type[] good = [typeof(IGoodGrain), typeof(GoodGrain), typeof(Good<>), typeof(GoodPart), typeof(MarkedBase)];
        Assert.All(Samples.Select(row => (string)row[0]).Distinct(), rule => Assert.Empty(Broken(rule, good)));
    }

    [Fact]
    public void An_event_of_an_unmarked_type_is_found_on_a_stream()
    {
        Assert.Contains(typeof(Unmarked), StreamedTypes.In(typeof(RuleTests).Assembly));
        Assert.NotEmpty(MessageRules.What_crosses_can_be_serialised([], [typeof(Unmarked)]));
    }

    [Theory]
    [InlineData("Grains/Grains.csproj", "../WebFront/WebFront.csproj")]
    [InlineData("Grains.Interfaces/Grains.Interfaces.csproj", "../Grains/Grains.csproj")]
    [InlineData("WebFront/WebFront.csproj", "..\\Silo\\Silo.csproj")]
    public void A_project_that_refers_upwards_is_refused(string project, string reference) =>
        Assert.Single(RepositoryRules.Projects_know_only_those_below_them(
            [new(project, $"<Project><ItemGroup><ProjectReference Include=\"{reference}\" /></ItemGroup></Project>")]));

    [Theory]
    [InlineData("Grains/Sessions", true)]
    [InlineData("Grains/Services", false)]
    [InlineData("WebFront/Common", false)]
    public void A_folder_is_named_after_a_feature(string folder, bool allowed) =>
        Assert.Equal(allowed, !RepositoryRules.Folders_are_named_after_features([folder]).Any());

    [Theory]
    [InlineData("await store.Load().ConfigureAwait(false);")]
    [InlineData("await store.Load().ConfigureAwait( continueOnCapturedContext: false );")]
    [InlineData("await store.Load().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    public void An_await_that_leaves_the_scheduler_is_refused(string line) =>
        Assert.Single(RepositoryRules.Grains_stay_on_their_scheduler([new("Grains/Sample.cs", line)]));

    [Theory]
    [InlineData("var all = Load().GetAwaiter().GetResult();")]
    [InlineData("task.Wait();")]
    [InlineData("async void Load()")]
    public void A_line_that_blocks_is_refused(string line) =>
        Assert.Single(RepositoryRules.Grains_never_block([new("Grains/Sample.cs", line)]));

    [Theory]
    [InlineData("using Npgsql;")]
    [InlineData("static Decision Decide(State state, TimeProvider time)")]
    [InlineData("await grain.Validate();")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    public void A_core_that_reaches_out_is_refused(string line)
    {
        Assert.Single(RepositoryRules.Cores_are_pure([new("Grains/Sessions/SampleCore.cs", line)]));
        Assert.Empty(RepositoryRules.Cores_are_pure([new("Grains/Sessions/SampleGrain.cs", line)]));
    }

    [Fact]
    public void What_is_left_for_later_is_refused() =>
        Assert.Single(RepositoryRules.Nothing_is_left_for_later([new("Grains/Sample.cs", "throw new NotImplementedException();")]));

    private static IEnumerable<string> Broken(string rule, Type[] types)
    {
        if (rule == nameof(MessageRules.What_crosses_can_be_serialised))
            return MessageRules.What_crosses_can_be_serialised(types, []);
        var method = typeof(ContractRules).GetMethod(rule) ?? typeof(MessageRules).GetMethod(rule) ?? typeof(RepositoryRules).GetMethod(rule);
        return method!.CreateDelegate<Func<IEnumerable<Type>, IEnumerable<string>>>()(types);
    }

    private static Orleans.Streams.IAsyncStream<Unmarked> Streamed(Orleans.Streams.IStreamProvider provider) =>
        provider.GetStream<Unmarked>(StreamId.Create("samples", "one"));
}
