using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML;

namespace MLPipelines.Tests.Structure;

/// <summary>The arrows of docs/architecture.md: which room may know which. They never run back, and nobody looks over a fence.</summary>
[TestClass]
public sealed partial class RoomArrowsTests
{
    /// <summary>Each room and the rooms it may refer to. "ML.NET" is the engine or the packages, whichever the build uses.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Native"] = [],
        ["Learning"] = [],
        ["Engine"] = ["Native"],
        ["Transforms"] = ["ML.NET", "Native", "Learning"],
        ["Evaluation"] = ["ML.NET", "Learning"],
        ["Pipelines"] = ["ML.NET", "Native", "Learning", "Transforms", "Evaluation"],
        ["Cli"] = ["ML.NET", "Pipelines", "Transforms", "Evaluation", "Native", "Learning"],
    };

    public static IEnumerable<object[]> Rooms => Arrows.Keys.Select(room => new object[] { room });

    [TestMethod, DynamicData(nameof(Rooms))]
    public void A_project_refers_only_to_the_rooms_its_arrows_point_to(string room)
    {
        var project = XDocument.Load(Directory.GetFiles(Path.Combine(TestData.Repository, room), "*.csproj").Single());
        var references = project.Descendants("ProjectReference")
            .Select(reference => RoomOf(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))))
            .Concat(project.Descendants("UsesMLNet").Any(uses => uses.Value == "true") ? ["ML.NET"] : []);

        AssertAllowed(room, references);
    }

    [TestMethod, DynamicData(nameof(Rooms))]
    public void An_assembly_refers_only_to_the_rooms_its_arrows_point_to(string room)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{(room == "Cli" ? "mlp" : $"MLPipelines.{room}")}.dll");
        if (room == "Engine" && typeof(MLContext).Assembly.GetName().Name != "MLPipelines.Engine")
            Assert.Inconclusive("Built with -p:MLNet=NuGet: there is no Engine assembly.");
        var rooms = References.Of(path).Where(name => name.StartsWith("MLPipelines.", StringComparison.Ordinal) || IsMLNet(name)).Select(RoomOf);
        AssertAllowed(room, rooms);
    }

    [TestMethod]
    public void Every_room_has_its_arrows_written_down()
    {
        var projects = Directory.GetDirectories(TestData.Repository)
            .Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => Path.GetFileName(folder));

        CollectionAssert.IsSubsetOf(projects.Except(["Tests", "Benchmarks", "Inspection"]).ToArray(), Arrows.Keys.ToArray());
    }

    [TestMethod]
    public void No_room_opens_its_fence_to_friends() =>
        AssertNone(SourceFiles("*.cs").Concat(SourceFiles("*.csproj")).Concat(SourceFiles("*.props")).Concat(SourceFiles("*.targets"))
            .Where(file => !file.EndsWith($"{nameof(RoomArrowsTests)}.cs", StringComparison.Ordinal) && Fence().IsMatch(File.ReadAllText(file))));

    [TestMethod]
    public void The_same_sources_build_on_both_engines() =>
        AssertNone(SourceFiles("*.cs").Where(file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal))));

    [TestMethod]
    public void Evaluation_touches_ML_NET_in_one_file() =>
        Assert.IsLessThanOrEqualTo(1, SourceFiles("*.cs").Count(file => InRoom(file, "Evaluation") && NamesMLNet().IsMatch(File.ReadAllText(file))));

    [TestMethod]
    public void Native_knows_no_ML_NET() =>
        AssertNone(SourceFiles("*.cs").Where(file => InRoom(file, "Native") && NamesMLNet().IsMatch(File.ReadAllText(file))));

    [TestMethod]
    public void Learning_knows_no_ML_NET() =>
        AssertNone(SourceFiles("*.cs").Where(file => InRoom(file, "Learning") && NamesMLNet().IsMatch(File.ReadAllText(file))));

    private static void AssertAllowed(string room, IEnumerable<string> references)
    {
        string[] beyond = [.. references.Except(Arrows[room])];
        Assert.IsEmpty(beyond,
            $"{room} may refer to [{string.Join(", ", Arrows[room])}] and refers to [{string.Join(", ", beyond)}] too; see docs/architecture.md.");
    }

    private static void AssertNone(IEnumerable<string> files)
    {
        string[] all = [.. files.Select(file => Path.GetRelativePath(TestData.Repository, file))];
        Assert.IsEmpty(all, string.Join("\n", all));
    }

    private static string RoomOf(string assembly) =>
        IsMLNet(assembly) ? "ML.NET" : assembly.Replace("MLPipelines.", "", StringComparison.Ordinal);

    private static bool IsMLNet(string assembly) => assembly == "MLPipelines.Engine" || assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal);

    private static bool InRoom(string file, string room) => FoldersOf(file)[0] == room;

    private static string[] FoldersOf(string file) => Path.GetRelativePath(TestData.Repository, file).Split(Path.DirectorySeparatorChar);

    private static IEnumerable<string> SourceFiles(string pattern) =>
        Directory.EnumerateFiles(TestData.Repository, pattern, SearchOption.AllDirectories)
            .Where(file => !FoldersOf(file).Any(part => part is "bin" or "obj" or "node_modules" or ".git"));

    [GeneratedRegex("InternalsVisible" + "To|IgnoresAccess" + "ChecksTo")]
    private static partial Regex Fence();

    // Microsoft.ML.OnnxRuntime is the runtime's own package, not ML.NET.
    [GeneratedRegex(@"\bMicrosoft\.ML\b(?!\.OnnxRuntime)")]
    private static partial Regex NamesMLNet();
}
