using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLPipelines.Tests.Structure;

/// <summary>The arrows of docs/architecture.md: which room may know which. They never run back, and nobody looks over a fence.</summary>
[TestClass]
public sealed partial class RoomArrowsTests
{
    /// <summary>Each room and the rooms it may refer to.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Learning"] = [],
        ["Onnx"] = [],
        ["Images"] = [],
        ["Transforms"] = ["Images", "Onnx", "Learning"],
        ["Evaluation"] = ["Learning"],
        ["Pipelines"] = ["Images", "Onnx", "Learning", "Transforms", "Evaluation"],
        ["Cli"] = ["Pipelines", "Transforms", "Evaluation", "Images", "Onnx", "Learning"],
    };

    /// <summary>The rooms that may name ML.NET.</summary>
    private static readonly string[] OnMLNet = ["Transforms", "Evaluation", "Pipelines", "Cli"];

    public static IEnumerable<object[]> Rooms => Arrows.Keys.Select(room => new object[] { room });

    [TestMethod, DynamicData(nameof(Rooms))]
    public void A_project_refers_only_to_the_rooms_its_arrows_point_to(string room)
    {
        var project = XDocument.Load(Directory.GetFiles(Path.Combine(TestData.Repository, room), "*.csproj").Single());
        var references = project.Descendants("ProjectReference")
            .Select(reference => RoomOf(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))));

        AssertAllowed(room, references);
    }

    [TestMethod, DynamicData(nameof(Rooms))]
    public void An_assembly_refers_only_to_the_rooms_its_arrows_point_to(string room)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{(room == "Cli" ? "mlp" : $"MLPipelines.{room}")}.dll");
        var rooms = References.Of(path).Where(name => name.StartsWith("MLPipelines.", StringComparison.Ordinal)).Select(RoomOf);
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
    public void A_room_opens_its_fence_to_its_own_tests_alone() =>
        AssertNone(SourceFiles("*.cs").Concat(SourceFiles("*.csproj")).Concat(SourceFiles("*.props")).Concat(SourceFiles("*.targets"))
            .Where(file => !file.EndsWith($"{nameof(RoomArrowsTests)}.cs", StringComparison.Ordinal)
                && Fence().Matches(File.ReadAllText(file)).Any(opened => !opened.Value.EndsWith("Include=\"MLPipelines.Tests\"", StringComparison.Ordinal))));

    [TestMethod]
    public void No_native_library_is_bound_by_hand() =>
        AssertNone(SourceFiles("*.cs").Where(file => Binding().IsMatch(File.ReadAllText(file))));

    [TestMethod]
    public void Evaluation_touches_ML_NET_in_one_file() =>
        Assert.IsLessThanOrEqualTo(1, SourceFiles("*.cs").Count(file => InRoom(file, "Evaluation") && NamesMLNet().IsMatch(File.ReadAllText(file))));

    [TestMethod, DynamicData(nameof(Rooms))]
    public void Rooms_below_Transforms_know_no_ML_NET(string room)
    {
        if (!OnMLNet.Contains(room))
            AssertNone(SourceFiles("*.cs").Where(file => InRoom(file, room) && NamesMLNet().IsMatch(File.ReadAllText(file))));
    }

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

    private static string RoomOf(string assembly) => assembly.Replace("MLPipelines.", "", StringComparison.Ordinal);

    private static bool InRoom(string file, string room) => FoldersOf(file)[0] == room;

    private static string[] FoldersOf(string file) => Path.GetRelativePath(TestData.Repository, file).Split(Path.DirectorySeparatorChar);

    private static IEnumerable<string> SourceFiles(string pattern) =>
        Directory.EnumerateFiles(TestData.Repository, pattern, SearchOption.AllDirectories)
            .Where(file => !FoldersOf(file).Any(part => part is "bin" or "obj" or ".git"));

    [GeneratedRegex("InternalsVisible" + "To[^>]*?Include=\"[^\"]*\"|InternalsVisible" + "To|IgnoresAccess" + "ChecksTo")]
    private static partial Regex Fence();

    [GeneratedRegex("Dll" + "Import|Library" + "Import|Native" + @"Library\.")]
    private static partial Regex Binding();

    // Microsoft.ML.OnnxRuntime is the runtime's own package, not ML.NET.
    [GeneratedRegex(@"\bMicrosoft\.ML\b(?!\.OnnxRuntime)")]
    private static partial Regex NamesMLNet();
}
