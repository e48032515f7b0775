using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

/// <summary>Model files made by somebody who knows the format: every hash is right, what they hash is not.</summary>
[TestClass]
public sealed class TamperedModelTests
{
    private sealed class Row
    {
        public float X;
        public string Color = "";
    }

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Rows => _ml.Data.LoadFromEnumerable(new[] { new Row { X = 1, Color = "red" }, new Row { X = 3, Color = "blue" } });

    private byte[] File
    {
        get
        {
            var model = Doubling.Estimator(_ml)
                .Append(_ml.Transforms.CopyColumns("Z", "Y"))
                .Append(_ml.Transforms.Concatenate("Features", "X", "Y", "Z"))
                .Append(_ml.Transforms.NormalizeMinMax("Features"))
                .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Color"))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key"))
                .Append(_ml.Transforms.SelectColumns("Features", "Key", "Again"))
                .Fit(Rows);
            var annotated = SchemaDefinition.Create(typeof(Row));
            annotated["X"].AddAnnotation("Names", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
            return ModelFiles.Save(_ml, model, _ml.Data.LoadFromEnumerable(new[] { new Row() }, annotated).Schema);
        }
    }

    [TestMethod]
    public void The_file_as_it_is_loads()
    {
        var loaded = ModelFiles.Load(_ml, File, out _);

        CollectionAssert.AreEqual(new[] { "red", "blue" }, loaded.Transform(Rows).GetColumn<string>("Again").ToArray());
    }

    // Every value in every JSON part, one at a time, becomes something else or goes away: 100s of files.
    [TestMethod]
    public void Whatever_is_changed_the_error_is_a_clear_one()
    {
        EmbeddedEngine.Require("its format is another.");
        var file = File;
        var tried = 0;
        foreach (var part in Parts(file).Where(part => part != "Model.json"))
        {
            var original = Content(file, part);
            var places = Places(JsonNode.Parse(original)!).Count();
            for (var place = 0; place < places; place++)
            {
                foreach (var replacement in (string?[])["null", "{}", "[]", "-7", "1e300", "\"\\u0000strange\"", null])
                {
                    var changed = JsonNode.Parse(original)!;
                    var node = Places(changed).ElementAt(place);
                    Replace(node, replacement);
                    tried++;
                    AssertClear(Tampered(file, part, Encoding.UTF8.GetBytes(changed.ToJsonString())),
                        $"{part}: {node.GetPath()} → {replacement ?? "removed"}");
                }
            }
        }
        Assert.IsGreaterThan(300, tried);
    }

    [TestMethod]
    public void A_part_that_the_list_does_not_name_is_missing()
    {
        EmbeddedEngine.Require("its format is another.");
        const string Part = "TransformerChain/State.json";
        var state = JsonNode.Parse(Content(File, Part))!;
        state["State"]!["Scopes"]!.AsArray().Add("Everything");

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            ModelFiles.Load(_ml, Tampered(File, Part, Encoding.UTF8.GetBytes(state.ToJsonString())), out _));
        StringAssert.Contains(error.Message, "Transform_007");
    }

    // It loads, or refuses in one of the ways that are documented. Anything else (a null reference, an index out of range) fails the test.
    private void AssertClear(byte[] file, string what)
    {
        try
        {
            ModelFiles.Load(_ml, file, out _);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or InvalidOperationException)
        {
            Assert.IsGreaterThan(20, error.Message.Length, what);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what}: {error}");
        }
    }

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject properties =>
            properties.Where(property => property.Value is not null).SelectMany(property => Places(property.Value!)).Prepend(node),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => Places(item!)).Prepend(node),
        _ => [node],
    };

    private static void Replace(JsonNode node, string? replacement)
    {
        var value = replacement is null ? null : JsonNode.Parse(replacement);
        switch (node.Parent)
        {
            case JsonObject owner when replacement is null:
                owner.Remove(node.GetPropertyName());
                break;
            case JsonObject owner:
                owner[node.GetPropertyName()] = value;
                break;
            case JsonArray owner when replacement is null:
                owner.RemoveAt(node.GetElementIndex());
                break;
            case JsonArray owner:
                owner[node.GetElementIndex()] = value;
                break;
        }
    }

    private static string[] Parts(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static byte[] Content(byte[] file, string part)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        using var stream = zip.GetEntry(part)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Tampered(byte[] file, string part, byte[] content)
    {
        var header = JsonNode.Parse(Content(file, "Model.json"))!;
        header["Parts"]![part] = Convert.ToHexStringLower(SHA256.HashData(content));
        using var tampered = new MemoryStream();
        using (var zip = new ZipArchive(tampered, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in Parts(file))
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name == part ? content : name == "Model.json" ? JsonSerializer.SerializeToUtf8Bytes(header) : Content(file, name));
            }
        }
        return tampered.ToArray();
    }
}
