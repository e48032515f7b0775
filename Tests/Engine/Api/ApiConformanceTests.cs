using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// What the embedded engine shows is what ML.NET shows: same types, names, parameters, parameter names, defaults. The lists beside this file give
/// the genuine public API, one member a line. The engine may leave out anything; it may add nothing.
/// </summary>
[TestClass]
public sealed class ApiConformanceTests
{
    [TestMethod]
    public void Every_public_type_is_one_of_ML_NET_of_the_same_kind()
    {
        EmbeddedEngine.Require("the genuine API is what it is.");
        AssertNone(PublicApi.Types(typeof(MLContext).Assembly)
            .Where(type => !GenuineApi.Lists.Headers.ContainsKey(PublicApi.Header(type)) && !GenuineApi.Lists.IsOnlyNamed(type))
            .Select(PublicApi.Header));
    }

    [TestMethod]
    public void Every_base_interface_and_constraint_is_one_of_the_genuine_type()
    {
        EmbeddedEngine.Require("the genuine API is what it is.");
        AssertNone(
            from type in PublicApi.Types(typeof(MLContext).Assembly)
            let genuine = GenuineApi.Lists.Headers.GetValueOrDefault(PublicApi.Header(type))
            where genuine is not null
            let constraints = PublicApi.Constraints(type.GetGenericArguments())
            from problem in PublicApi.Bases(type).Where(parent => !genuine.Bases.Contains(parent)).Select(parent => $"base {parent}")
                .Concat(constraints == genuine.Constraints ? [] : [$"constraints{constraints}"])
            select $"{PublicApi.Header(type)}: {problem}");
    }

    [TestMethod]
    public void Every_public_member_is_one_of_ML_NET_with_the_same_signature()
    {
        EmbeddedEngine.Require("the genuine API is what it is.");
        AssertNone(PublicApi.Types(typeof(MLContext).Assembly).SelectMany(PublicApi.Members)
            .Where(member => !GenuineApi.Lists.IsOnlyNamed(member.DeclaringType!) || !PublicApi.IsOverride(member))
            .Select(PublicApi.Line).Where(line => !GenuineApi.Lists.Members.Contains(line)));
    }

    [TestMethod]
    public void The_lists_are_read_whole()
    {
        Assert.IsGreaterThan(300, GenuineApi.Lists.Headers.Count);
        Assert.IsGreaterThan(1000, GenuineApi.Lists.Members.Count);
        Assert.Contains("Microsoft.ML.MLContext :: public .ctor(int? seed = null)", GenuineApi.Lists.Members);
    }

    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems.Order(StringComparer.Ordinal)];
        Assert.IsEmpty(all, $"Not in ML.NET's API; make it internal or give it the genuine signature:\n{string.Join("\n", all)}");
    }
}
