using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// The rooms are compiled against the embedded engine and must compile against ML.NET too (-p:MLNet=NuGet): what they call is there with the same
/// signature, and what they derive from demands no more of them there than here.
/// </summary>
[TestClass]
public sealed partial class RoomsOnGenuineTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Engine = typeof(MLContext).Assembly;

    /// <summary>
    /// Methods that the rooms call and of which ML.NET has overloads that the embedded engine leaves out, so that C# chooses among more there. Each call
    /// was looked at: it fits no other overload. A method that comes to this list is to be looked at too.
    /// </summary>
    private static readonly string[] WithMoreOverloads =
    [
        "Microsoft.ML.Data.TransformerChain<TLastTransformer>..ctor", "Microsoft.ML.Data.TransformerChain<TLastTransformer>.GetOutputSchema",
        "Microsoft.ML.Data.TransformerChain<TLastTransformer>.Transform", "Microsoft.ML.Data.VBuffer<T>.CopyTo",
        "Microsoft.ML.DataOperationsCatalog.LoadFromEnumerable", "Microsoft.ML.DataViewSchema.Annotations.Builder.Add",
        "Microsoft.ML.DataViewSchema.DetachedColumn..ctor", "Microsoft.ML.LearningPipelineExtensions.Append", "Microsoft.ML.OnnxCatalog.ApplyOnnxModel",
    ];

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
    public void Where_ML_NET_has_more_overloads_of_what_is_called_the_calls_were_looked_at()
    {
        EmbeddedEngine.Require("the compiler has checked it.");
        var called = Rooms.SelectMany(room => CalledMembers.In(PathOf(room), Engine.GetName().Name!)).ToHashSet();
        var methods = PublicApi.Types(Engine).SelectMany(PublicApi.Members).Where(member => member is MethodBase).ToArray();
        var own = methods.Select(PublicApi.Line).ToHashSet();
        var overloads = GenuineApi.Lists.Members.Where(line => !own.Contains(line)).Select(NameOf).Where(name => name.Length > 0).ToHashSet();

        CollectionAssert.AreEquivalent(
            WithMoreOverloads,
            methods.Where(method => called.Contains(CalledMembers.SignatureOf(method))).Select(method => NameOf(PublicApi.Line(method)))
                .Where(overloads.Contains).Distinct().ToArray());
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

    /// <summary>Type and name of a public method's line, empty for every other line: the name is what stands between the last blank before its parameters and these, without generic arguments.</summary>
    private static string NameOf(string line)
    {
        var (type, signature) = (line[..line.IndexOf(" :: ", StringComparison.Ordinal)], line[(line.IndexOf(" :: ", StringComparison.Ordinal) + 4)..]);
        var name = MethodName().Match(signature);
        return name.Success && !signature.StartsWith("protected", StringComparison.Ordinal) ? $"{type}.{name.Groups["name"].Value}" : "";
    }

    [GeneratedRegex(@"^[^(]* (?<name>[\w.]+)(<[\w, ]+>)?\(")]
    private static partial Regex MethodName();

    private static string PathOf(string room) => Path.Combine(AppContext.BaseDirectory, $"{room}.dll");

    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems.Distinct().Order(StringComparer.Ordinal)];
        Assert.IsEmpty(all, $"Not so in ML.NET:\n{string.Join("\n", all)}");
    }
}
