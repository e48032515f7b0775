using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// What the embedded engine shows is what ML.NET shows: same types, names, parameters, parameter names, defaults. The lists beside this file give
/// the genuine public API, one member a line. The engine may leave out anything; it may add nothing.
/// </summary>
[TestClass]
public sealed partial class ApiConformanceTests
{
    private static readonly Lazy<ApiLists> Genuine = new(ApiLists.Read);

    [TestMethod]
    public void Every_public_type_is_one_of_ML_NET_of_the_same_kind()
    {
        EmbeddedEngine.Require("the genuine API is what it is.");
        AssertNone(PublicApi.Types(typeof(MLContext).Assembly)
            .Where(type => !Genuine.Value.Headers.ContainsKey(PublicApi.Header(type)) && !Genuine.Value.IsOnlyNamed(type))
            .Select(PublicApi.Header));
    }

    [TestMethod]
    public void Every_base_interface_and_constraint_is_one_of_the_genuine_type()
    {
        EmbeddedEngine.Require("the genuine API is what it is.");
        AssertNone(
            from type in PublicApi.Types(typeof(MLContext).Assembly)
            let genuine = Genuine.Value.Headers.GetValueOrDefault(PublicApi.Header(type))
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
            .Where(member => !Genuine.Value.IsOnlyNamed(member.DeclaringType!) || !PublicApi.IsOverride(member))
            .Select(PublicApi.Line).Where(line => !Genuine.Value.Members.Contains(line)));
    }

    [TestMethod]
    public void The_lists_are_read_whole()
    {
        Assert.IsGreaterThan(300, Genuine.Value.Headers.Count);
        Assert.IsGreaterThan(1000, Genuine.Value.Members.Count);
        Assert.Contains("Microsoft.ML.MLContext :: public .ctor(int? seed = null)", Genuine.Value.Members);
    }

    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems.Order(StringComparer.Ordinal)];
        Assert.IsEmpty(all, $"Not in ML.NET's API; make it internal or give it the genuine signature:\n{string.Join("\n", all)}");
    }

    private sealed record GenuineType(HashSet<string> Bases, string Constraints);

    private sealed partial record ApiLists(Dictionary<string, GenuineType> Headers, HashSet<string> Members)
    {
        public static ApiLists Read()
        {
            var lists = new ApiLists([], []);
            foreach (var file in Directory.GetFiles(Path.Combine(TestData.Repository, "Tests", "Engine", "Api"), "*.txt"))
            {
                foreach (var line in File.ReadLines(file).Select(line => Remark().Replace(line, "")))
                {
                    if (line.StartsWith("T ", StringComparison.Ordinal))
                        lists.AddType(line[2..]);
                    else if (line.StartsWith("  ", StringComparison.Ordinal))
                        lists.Members.Add(line.Trim(' '));
                }
            }
            return lists;
        }

        /// <summary>Whether the lists name the type as a base of another but do not describe it: then only overrides are known to be right.</summary>
        public bool IsOnlyNamed(Type type) =>
            !Headers.ContainsKey(PublicApi.Header(type)) && Headers.Values.Any(header => header.Bases.Contains(PublicApi.Name(type)));

        // "public sealed class N.C<T> : N.Base<A, B>, N.I where T : class" → header, bases, constraints.
        private void AddType(string line)
        {
            var constraints = line.IndexOf(" where ", StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "";
            var parts = line[..(line.Length - constraints.Length)].Split(" : ", 2);
            Headers[parts[0]] = new([.. parts.Length > 1 ? SplitAtTopLevel(parts[1]) : []], constraints);
        }

        [GeneratedRegex(@"\s+// .*$")]
        private static partial Regex Remark();

        private static IEnumerable<string> SplitAtTopLevel(string list)
        {
            var (depth, start) = (0, 0);
            for (var place = 0; place < list.Length; place++)
            {
                depth += list[place] switch { '<' => 1, '>' => -1, _ => 0 };
                if (depth != 0 || list[place] != ',')
                    continue;
                yield return list[start..place].Trim();
                start = place + 1;
            }
            yield return list[start..].Trim();
        }
    }
}
