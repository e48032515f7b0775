using MLPipelines.Native;

namespace MLPipelines.Tests.Native;

[TestClass]
public sealed class NativeLibrarySearchTests
{
    private const string Variable = "MLPIPELINES_TEST_LIBRARY";

    private static NativeLibrarySearch Nowhere { get; } =
        new("Made-up library", Variable, ["libmadeup.so", "madeup.dll"], "Install the package madeup.")
        {
            ApplicationFolder = Path.GetFullPath("/no such folder"),
        };

    [TestMethod]
    public void A_missing_library_is_one_message_with_every_place_and_what_to_do()
    {
        var message = Assert.ThrowsExactly<DllNotFoundException>(() => Nowhere.Load()).Message;
        Assert.StartsWith("Made-up library was not found. Tried:", message);
        Assert.Contains(Path.Combine(Nowhere.ApplicationFolder, "libmadeup.so"), message);
        Assert.Contains(Path.Combine(Nowhere.ApplicationFolder, "runtimes", NativeLibrarySearch.PortableRuntimeIdentifier, "native",
            "libmadeup.so"), message);
        Assert.Contains("madeup.dll: not on the system's search path", message);
        Assert.EndsWith($"Install the package madeup. Or set {Variable} to the path of the library.", message);
    }

    [TestMethod]
    public void A_file_that_is_no_library_is_said_to_be_unloadable_in_the_systems_words()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "libmadeup.so");
            File.WriteAllText(file, "no library");
            var message = Assert.ThrowsExactly<DllNotFoundException>(() => (Nowhere with { ApplicationFolder = folder.FullName }).Load()).Message;
            var line = message.Split('\n').Single(line => line.Contains(file + ": ", StringComparison.Ordinal));
            Assert.DoesNotContain("no such file", line);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The variable is this test's alone, so that nothing else sees it.
    [TestMethod]
    public void The_environment_variable_names_a_file_or_its_folder_and_rules_out_other_places()
    {
        try
        {
            Environment.SetEnvironmentVariable(Variable, OnnxRuntimeLibrary.Location);
            Assert.AreEqual(OnnxRuntimeLibrary.Location, Nowhere.Load().Location);

            Environment.SetEnvironmentVariable(Variable, Path.GetDirectoryName(OnnxRuntimeLibrary.Location));
            var named = Nowhere with { FileNames = ["libmadeup.so", Path.GetFileName(OnnxRuntimeLibrary.Location)] };
            Assert.AreEqual(OnnxRuntimeLibrary.Location, named.Load().Location);

            Environment.SetEnvironmentVariable(Variable, Path.GetFullPath("/elsewhere/lib.so"));
            var message = Assert.ThrowsExactly<DllNotFoundException>(() => Nowhere.Load()).Message;
            Assert.Contains("lib.so: no such file", message);
            Assert.DoesNotContain("search path", message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [TestMethod]
    public void The_real_searches_say_which_package_to_add()
    {
        var nowhere = new[] { OnnxRuntimeLibrary.Search, VipsLibrary.Search }.Select(
            search => search with { ApplicationFolder = Nowhere.ApplicationFolder, FileNames = ["libmadeup.so"] });
        var messages = nowhere.Select(search => Assert.ThrowsExactly<DllNotFoundException>(() => search.Load()).Message).ToArray();
        Assert.Contains("NuGet package Microsoft.ML.OnnxRuntime", messages[0]);
        Assert.Contains("MLPIPELINES_ONNXRUNTIME", messages[0]);
        Assert.Contains("NuGet package NetVips.Native", messages[1]);
        Assert.Contains("MLPIPELINES_LIBVIPS", messages[1]);
    }
}
