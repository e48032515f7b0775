using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>What a damaged, forged or hostile bundle does: one clear error, never a crash, never a wrong model.</summary>
[TestClass]
public sealed class HostileBundleTests
{
    [TestMethod]
    public void A_wrong_byte_anywhere_is_an_error_or_changes_nothing()
    {
        var whole = SampleBundles.Tiny.Bytes();
        var refused = 0;
        for (var i = 0; i < whole.Length; i++)
        {
            foreach (var flip in (ReadOnlySpan<byte>)[0x01, 0x80, 0xFF])
            {
                var bytes = (byte[])whole.Clone();
                bytes[i] ^= flip;
                if (!OpensUnchanged(bytes)) refused++;
            }
        }
        // What may change unnoticed is the zip's own times and attributes.
        Assert.IsGreaterThan(whole.Length * 2, refused);
    }

    [TestMethod]
    public void A_file_cut_short_anywhere_is_an_error()
    {
        var whole = SampleBundles.Tiny.Bytes();
        for (var length = 0; length < whole.Length; length++) Assert.IsFalse(OpensUnchanged(whole[..length]), $"{length} bytes");
    }

    [TestMethod]
    public void Bytes_cut_out_doubled_or_overwritten_at_random_are_an_error_or_change_nothing()
    {
        var whole = SampleBundles.Tiny.Bytes();
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var (at, count) = (random.Next(whole.Length), random.Next(1, 64));
            var tail = whole.AsSpan(Math.Min(whole.Length, at + count));
            var noise = new byte[count];
            random.NextBytes(noise);
            OpensUnchanged((i % 3) switch
            {
                0 => [.. whole.AsSpan(0, at), .. tail],
                1 => [.. whole.AsSpan(0, at), .. whole.AsSpan(at, Math.Min(count, whole.Length - at)), .. whole.AsSpan(at)],
                _ => [.. whole.AsSpan(0, at), .. noise, .. tail],
            });
        }
    }

    [TestMethod]
    public void No_zip_at_all_is_an_error_that_names_the_file()
    {
        foreach (var bytes in new byte[][] { [], "hello"u8.ToArray(), new byte[1000] })
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => SampleBundles.Read(bytes)).Message,
                "'test.mlbundle' cannot be used");
    }

    [TestMethod]
    public void A_zip_of_something_else_is_said_to_be_no_bundle() =>
        Refused(Zip(("word.xml", "<x/>"u8.ToArray())), "it is a zip file, and no model bundle");

    [TestMethod]
    [DataRow("../../etc/passwd")]
    [DataRow("/etc/passwd")]
    [DataRow("C:\\evil.dll")]
    [DataRow("..\\evil.dll")]
    [DataRow("folder/part.json")]
    [DataRow("folder/")]
    [DataRow(".hidden")]
    public void A_name_that_is_a_path_is_refused(string name) => Refused(Edited(add: (name, [1])), $"it holds '{name}'; only plain file names");

    [TestMethod]
    public void A_name_that_appears_twice_is_refused() => Refused(Edited(add: ("classifier.onnx", [1])), "'classifier.onnx' twice");

    [TestMethod]
    public void A_file_that_the_manifest_does_not_name_is_refused() =>
        Refused(Edited(add: ("payload.bin", [1])), "'payload.bin', which the manifest does not name");

    [TestMethod]
    public void A_missing_part_is_named() => Refused(Edited(remove: "classifier.onnx"), "part 'classifier.onnx' is missing");

    [TestMethod]
    public void A_missing_hash_of_the_manifest_is_named() => Refused(Edited(remove: "manifest.sha256"), "no manifest.sha256");

    [TestMethod]
    public void A_part_of_another_size_or_content_is_named()
    {
        var model = SampleBundles.Tiny.Classifier.ToArray();
        Refused(Edited("classifier.onnx", _ => [.. model, 0]), $"has {model.Length + 1:N0} bytes; the manifest says {model.Length:N0}");
        model[^1] ^= 1;
        Refused(Edited("classifier.onnx", _ => model), "part 'classifier.onnx' was changed");
    }

    [TestMethod]
    public void A_changed_manifest_is_noticed() =>
        Refused(Edited("manifest.json", json => json.Replace("1.5", "9.5", StringComparison.Ordinal)), "manifest.json was changed");

    [TestMethod]
    public void A_newer_schema_version_asks_for_an_update() => Refused(
        Edited("manifest.json", json => json.Replace("\"schemaVersion\": 1", "\"schemaVersion\": 7", StringComparison.Ordinal)),
        "made by a newer MLPipelines: its schema version is 7");

    [TestMethod]
    [DataRow("{", "cannot be read")]
    [DataRow("[]", "'schemaVersion' is missing")]
    [DataRow("{\"schemaVersion\": \"one\"}", "'schemaVersion' is missing")]
    [DataRow("{\"schemaVersion\": 0}", "versions begin with 1")]
    [DataRow("{\"schemaVersion\": 1}", "cannot be read")]
    [DataRow("{\"schemaVersion\": 1, \"name\": null}", "cannot be read")]
    public void A_manifest_that_is_no_manifest_is_an_error(string json, string expected) =>
        Refused(Edited("manifest.json", _ => json, rehash: true), expected);

    [TestMethod]
    public void A_forged_manifest_with_a_right_hash_must_still_fit_the_model()
    {
        Refused(Edited("manifest.json", json => json.Replace("\"left\",", "", StringComparison.Ordinal), rehash: true), "3 classes, and there are "
            + "2 labels");
        Refused(Edited("manifest.json", json => json.Replace("\"width\": 2", "\"width\": "
            + "999999999", StringComparison.Ordinal), rehash: true), "Width");
        Refused(Edited("manifest.json", json => json.Replace("\"width\": 2", "\"width\": 4", StringComparison.Ordinal), rehash: true), "does not "
            + "take images");
        Refused(Edited("manifest.json", json => json.Replace("\"temperature\": 1.5", "\"temperature\": "
            + "-1", StringComparison.Ordinal), rehash: true), "temperature is -1");
        Refused(Edited("manifest.json", json => json.Replace("\"Logits\"", "\"Magic\"", StringComparison.Ordinal), rehash: true), "cannot be read");
        Refused(Edited("manifest.json", json => json.Replace("\"name\": \"tiny\"", "\"name\": \"tiny\", \"name\": "
            + "\"other\"", StringComparison.Ordinal), rehash: true), "cannot be read");
    }

    [TestMethod]
    public void A_compression_bomb_is_refused_before_it_is_unpacked()
    {
        var bomb = Edited(add: ("bomb.bin", new byte[64 << 20]));
        Assert.IsLessThan(1 << 20, bomb.Length);
        var before = GC.GetTotalAllocatedBytes();

        Refused(bomb, "more than 200 times its size");

        Assert.IsLessThan(8L << 20, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public void Too_many_or_too_large_files_are_refused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            SampleBundles.Read(SampleBundles.Tiny.Bytes(), new BundleLimits { MaximumBytes = 100 })).Message, "at most 100 are allowed");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            SampleBundles.Read(SampleBundles.Tiny.Bytes(), new BundleLimits { MaximumEntries = 2 })).Message, "3 files, and at most 2");
    }

    // Whether the bytes open as the very same bundle; every other outcome must be an InvalidDataException.
    private static bool OpensUnchanged(byte[] bytes)
    {
        try
        {
            var bundle = SampleBundles.Read(bytes);
            Assert.AreEqual(SampleBundles.Tiny.Hash, bundle.Hash);
            CollectionAssert.AreEqual(SampleBundles.Tiny.Classifier.ToArray(), bundle.Classifier.ToArray());
            return true;
        }
        catch (InvalidDataException error)
        {
            StringAssert.Contains(error.Message, "test.mlbundle");
            return false;
        }
    }

    private static void Refused(byte[] bytes, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => SampleBundles.Read(bytes)).Message, expected);

    private static byte[] Edited(string file, Func<string, string> change, bool rehash = false) =>
        Edited(file, bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))), rehash: rehash);

    private static byte[] Edited(string? file = null, Func<byte[], byte[]>? change = null, string? remove = null,
        (string Name, byte[] Content)? add = null, bool rehash = false)
    {
        using var zip = new ZipArchive(new MemoryStream(SampleBundles.Tiny.Bytes()));
        var files = zip.Entries.Where(entry => entry.FullName != remove).Select(entry =>
        {
            using var content = new MemoryStream();
            entry.Open().CopyTo(content);
            return (entry.FullName, entry.FullName == file ? change!(content.ToArray()) : content.ToArray());
        }).ToList();
        if (rehash)
        {
            var manifest = files.Single(entry => entry.FullName == "manifest.json").Item2;
            files[files.FindIndex(entry => entry.FullName == "manifest.sha256")] =
                ("manifest.sha256", Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(manifest))}  manifest.json\n"));
        }
        if (add is { } more) files.Add(more);
        return Zip([.. files]);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
