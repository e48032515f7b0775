using System.Reflection;
using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// The rooms are compiled against the embedded engine and must compile against ML.NET too (-p:MLNet=NuGet): what they call is there with the same
/// signature, and what they derive from demands no more of them there than here.
/// </summary>
[TestClass]
public sealed class RoomsOnGenuineTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Engine = typeof(MLContext).Assembly;

    public static IEnumerable<string> Rooms => ["MLPipelines.Transforms", "MLPipelines.Evaluation", "MLPipelines.Pipelines", "mlp"];

    [TestMethod, DynamicData(nameof(Rooms))]
    public void What_a_room_calls_is_genuine(string room)
    {
        EmbeddedEngine.Require("the compiler has checked it.");
        var lines =
            from type in PublicApi.Types(Engine)
            from member in PublicApi.Members(type)
            from called in Called(member)
            select (Signature: CalledMembers.SignatureOf(called), Genuine: IsGenuine(member));
        var genuine = lines.Where(line => line.Genuine).Select(line => line.Signature).ToHashSet();

        AssertNone(CalledMembers.In(PathOf(room), Engine.GetName().Name!).Where(called => !genuine.Contains(called)));
    }

    [TestMethod, DynamicData(nameof(Rooms))]
    public void What_a_room_derives_from_demands_of_it_what_the_embedded_engine_demands(string room)
    {
        EmbeddedEngine.Require("the compiler has checked it.");
        AssertNone(
            from type in Assembly.LoadFrom(PathOf(room)).GetTypes()
            from parent in Ancestors(type)
            from problem in UnknownDemands(parent)
            select $"{type} : {problem}");
    }

    [TestMethod]
    public void The_trainer_of_networks_and_its_rows_are_among_what_is_checked()
    {
        EmbeddedEngine.Require("the compiler has checked it.");
        var derived = Assembly.LoadFrom(PathOf("MLPipelines.Transforms")).GetTypes().Where(type => Ancestors(type).Any()).Select(type => type.Name).ToArray();

        CollectionAssert.IsSubsetOf(new[] { "NeuralNetworkTrainer", "NeuralNetworkTransformer", "ScoreOnnxEstimator", "ClassRows" }, derived);
        Assert.IsTrue(CalledMembers.In(PathOf("MLPipelines.Transforms"), Engine.GetName().Name!).Any(called => called.Contains("LbfgsMaximumEntropy", StringComparison.Ordinal)));
    }

    /// <summary>Abstract members, members of interfaces and bases that the genuine type has and the engine's has not.</summary>
    private static IEnumerable<string> UnknownDemands(Type parent)
    {
        var own = PublicApi.Members(parent).Select(PublicApi.Line).ToHashSet();
        var demands = GenuineApi.Lists.Members
            .Where(line => line.StartsWith($"{PublicApi.Name(parent)} :: ", StringComparison.Ordinal))
            .Where(line => parent.IsInterface || line.Contains(" abstract ", StringComparison.Ordinal));
        var bases = GenuineApi.Lists.Headers.GetValueOrDefault(PublicApi.Header(parent))?.Bases ?? [];
        return demands.Except(own).Concat(bases.Except(PublicApi.Bases(parent)).Select(missing => $"{PublicApi.Name(parent)} : {missing}"));
    }

    private static IEnumerable<Type> Ancestors(Type type)
    {
        IEnumerable<Type> interfaces = type.GetInterfaces();
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) interfaces = interfaces.Append(parent);
        return interfaces.Where(ancestor => ancestor.Assembly == Engine)
            .Select(ancestor => ancestor.IsGenericType ? ancestor.GetGenericTypeDefinition() : ancestor).Distinct();
    }

    private static MemberInfo[] Called(MemberInfo member) => member switch
    {
        PropertyInfo property => property.GetAccessors(nonPublic: true),
        EventInfo @event => [@event.AddMethod!, @event.RemoveMethod!],
        { DeclaringType: { } type } when type.IsSubclassOf(typeof(MulticastDelegate)) => type.GetMembers(All),
        _ => [member],
    };

    private static bool IsGenuine(MemberInfo member) =>
        GenuineApi.Lists.Members.Contains(PublicApi.Line(member)) || (GenuineApi.Lists.IsOnlyNamed(member.DeclaringType!) && PublicApi.IsOverride(member));

    private static string PathOf(string room) => Path.Combine(AppContext.BaseDirectory, $"{room}.dll");

    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems.Distinct().Order(StringComparer.Ordinal)];
        Assert.IsEmpty(all, $"Not so in ML.NET:\n{string.Join("\n", all)}");
    }
}
