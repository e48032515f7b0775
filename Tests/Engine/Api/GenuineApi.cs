using System.Text.RegularExpressions;

namespace MLPipelines.Tests.Engine;

/// <summary>The genuine public API of ML.NET, from the lists in this folder.</summary>
/// <param name="Headers">What a type derives from and demands of its arguments, by its header.</param>
/// <param name="Members">The lines of all members.</param>
internal sealed partial record GenuineApi(Dictionary<string, GenuineType> Headers, HashSet<string> Members)
{
    private static readonly Lazy<GenuineApi> Reading = new(ReadLists);

    /// <summary>The lists, read once.</summary>
    public static GenuineApi Lists => Reading.Value;

    private static GenuineApi ReadLists()
    {
        var lists = new GenuineApi([], []);
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

/// <summary>A type as the lists give it: what stands after its colon, and the demands on its arguments.</summary>
internal sealed record GenuineType(HashSet<string> Bases, string Constraints);
