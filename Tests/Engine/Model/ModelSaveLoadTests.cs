using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class ModelSaveLoadTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Rows => Doubling.Rows(_ml, 1, 2, 3);

    private TransformerChain<Microsoft.ML.Transforms.CustomMappingTransformer<Doubling.Input, Doubling.Output>> Model =>
        Doubling.Estimator(_ml, output: "Z").Append(Doubling.Estimator(_ml)).Fit(Rows);

    private static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Y")];

    /// <summary>A transformer of one's own. What it writes is up to the test.</summary>
    private sealed class OwnTransformer(ITransformer inner, Action<ModelSaveContext> save) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;
        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);
        public IDataView Transform(IDataView input) => inner.Transform(input);
        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);
        void ICanSaveModel.Save(ModelSaveContext ctx) => save(ctx);
    }

    [TestMethod]
    public void A_saved_chain_comes_back_as_a_chain_with_the_same_values_and_schema()
    {
        var loaded = ModelFiles.Load(_ml, ModelFiles.Save(_ml, Model, Rows.Schema), out var schema);

        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        Assert.AreEqual(2, ((TransformerChain<ITransformer>)loaded).Count());
        CollectionAssert.AreEqual(Scores(Model, Rows), Scores(loaded, Rows));
        Assert.AreEqual("X:Single", string.Join(",", schema.Select(column => $"{column.Name}:{column.Type}")));
    }

    [TestMethod]
    public void A_model_goes_through_a_file_and_leaves_nothing_else_behind()
    {
        var folder = Directory.CreateTempSubdirectory("mlpipelines-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.zip");
            File.WriteAllText(path, "what was there before");
            _ml.Model.Save(Model, Rows.Schema, path);

            CollectionAssert.AreEqual(Scores(Model, Rows), Scores(_ml.Model.Load(path, out _), Rows));
            Assert.HasCount(1, folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void A_save_that_fails_leaves_the_old_file_as_it_was()
    {
        EmbeddedEngine.Require("it writes the file in place.");
        var folder = Directory.CreateTempSubdirectory("mlpipelines-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.zip");
            File.WriteAllText(path, "what was there before");
            var broken = new OwnTransformer(Model, _ => throw new NotSupportedException("not saveable"));

            Assert.ThrowsExactly<NotSupportedException>(() => _ml.Model.Save(broken, Rows.Schema, path));
            Assert.AreEqual("what was there before", File.ReadAllText(path));
            Assert.HasCount(1, folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void The_same_model_gives_the_same_bytes()
    {
        EmbeddedEngine.Require("its zip entries carry the time.");
        CollectionAssert.AreEqual(ModelFiles.Save(_ml, Model, Rows.Schema), ModelFiles.Save(_ml, Model, Rows.Schema));
    }

    [TestMethod]
    public void Without_a_schema_the_loaded_schema_is_null()
    {
        ModelFiles.Load(_ml, ModelFiles.Save(_ml, Model), out var schema);
        Assert.IsNull(schema);
    }

    private sealed class Typed
    {
        [KeyType(3)] public uint Key { get; set; }
        [VectorType(2, 3)] public float[] Tensor = new float[6];
        public string[] Words = [];
        public DateTime Time { get; set; }
        public bool Flag { get; set; }
    }

    [TestMethod]
    public void The_schema_keeps_types_and_annotations()
    {
        var definition = SchemaDefinition.Create(typeof(Typed));
        definition["Key"].AddAnnotation("KeyValues", new[] { "red", "green", "blue" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Tensor"].AddAnnotation("Scale", float.NaN, NumberDataViewType.Single);
        var view = _ml.Data.LoadFromEnumerable(new[] { new Typed() }, definition);
        ModelFiles.Load(_ml, ModelFiles.Save(_ml, new TransformerChain<ITransformer>(), view.Schema), out var schema);

        Assert.AreEqual(
            string.Join(", ", view.Schema.Select(column => $"{column.Name}:{column.Type}")),
            string.Join(", ", schema.Select(column => $"{column.Name}:{column.Type}")));
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Key"].Annotations.GetValue("KeyValues", ref names);
        Assert.AreEqual("red|green|blue", string.Join("|", names.DenseValues()));
        var scale = 0f;
        schema["Tensor"].Annotations.GetValue("Scale", ref scale);
        Assert.IsTrue(float.IsNaN(scale));
    }

    // facts 3c, the table: "nothing", "throws", "delegates to a genuine chain".
    [TestMethod]
    public void A_transformer_that_writes_nothing_cannot_be_saved()
    {
        var silent = new OwnTransformer(Model, _ => { });

        Assert.ThrowsExactly<InvalidOperationException>(() => ModelFiles.Save(_ml, silent));
        Assert.ThrowsExactly<InvalidOperationException>(() => ModelFiles.Save(_ml, new TransformerChain<ITransformer>(Model, silent)));
    }

    [TestMethod]
    public void A_transformer_that_throws_when_saved_passes_its_error_on() =>
        Assert.ThrowsExactly<NotSupportedException>(() =>
            ModelFiles.Save(_ml, new OwnTransformer(Model, _ => throw new NotSupportedException("not saveable"))));

    [TestMethod]
    [DataRow(false, DisplayName = "by itself")]
    [DataRow(true, DisplayName = "within a chain")]
    public void A_transformer_of_ones_own_that_delegates_to_a_chain_comes_back_as_that_chain(bool withinChain)
    {
        var genuine = (ICanSaveModel)Doubling.Estimator(_ml, output: "Z").Append(Doubling.Estimator(_ml)).Fit(Rows);
        var own = new OwnTransformer((ITransformer)genuine, genuine.Save);
        ITransformer model = withinChain ? own.Append(Doubling.Estimator(_ml, output: "W").Fit(Rows)) : own;

        // A fresh context stands for a fresh process: nothing is registered in it.
        var loaded = ModelFiles.Load(new MLContext(), ModelFiles.Save(_ml, model), out _);
        var again = ModelFiles.Reload(new MLContext(), loaded);

        var chain = (TransformerChain<ITransformer>)loaded;
        Assert.HasCount(2, (TransformerChain<ITransformer>)(withinChain ? chain.First() : chain));
        CollectionAssert.AreEqual(Scores(model, Rows), Scores(loaded, Rows));
        CollectionAssert.AreEqual(Scores(model, Rows), Scores(again, Rows));
    }

    [TestMethod]
    public void Further_zip_entries_are_ignored()
    {
        using var file = new MemoryStream();
        file.Write(ModelFiles.Save(_ml, Model, Rows.Schema));
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = zip.CreateEntry("Sidecar/notes.txt").Open())
            entry.Write("mine"u8);

        CollectionAssert.AreEqual(Scores(Model, Rows), Scores(ModelFiles.Load(_ml, file.ToArray(), out _), Rows));
    }

    [TestMethod]
    public void A_truncated_file_is_an_error_at_every_length()
    {
        EmbeddedEngine.Require("its errors differ.");
        var file = ModelFiles.Save(_ml, Model, Rows.Schema);

        for (var length = 0; length < file.Length; length += 17)
            Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(_ml, file[..length], out _), $"cut at {length} of {file.Length}");
    }

    // A flipped bit must not change what a model says: either the load fails with one of two clear errors, or nothing that matters was hit.
    [TestMethod]
    public void A_changed_byte_is_an_error_or_changes_nothing()
    {
        EmbeddedEngine.Require("it does not check.");
        var file = ModelFiles.Save(_ml, Model, Rows.Schema);
        var expected = Scores(Model, Rows);

        for (var place = 0; place < file.Length; place++)
        {
            var changed = (byte[])file.Clone();
            changed[place] ^= 0x10;
            try
            {
                CollectionAssert.AreEqual(expected, Scores(ModelFiles.Load(_ml, changed, out _), Rows), $"byte {place}");
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                Assert.IsFalse(string.IsNullOrWhiteSpace(error.Message));
            }
        }
    }

    [TestMethod]
    public void A_zip_of_the_packages_is_named_as_such_with_the_way_out()
    {
        EmbeddedEngine.Require("it is those packages.");
        var file = Zip(("TrainingInfo/Version.txt", "5.0.0"), ("TransformerChain/Model.key", "ML\0MODEL"));

        var error = Assert.ThrowsExactly<NotSupportedException>(() => ModelFiles.Load(_ml, file, out _));
        StringAssert.Contains(error.Message, "-p:MLNet=NuGet");
    }

    [TestMethod]
    public void A_newer_format_is_named_as_such()
    {
        EmbeddedEngine.Require("its format is another.");
        var file = Zip(("Model.json", """{"Format":"MLPipelines.Engine model","Version":2,"Engine":"9.9.9","Parts":{}}"""));

        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => ModelFiles.Load(_ml, file, out _)).Message, "9.9.9");
    }

    [TestMethod]
    [DataRow("""{"Format":"MLPipelines.Engine model","Version":1,"Parts":{}}""", DisplayName = "no parts")]
    [DataRow("""{"Format":"something else","Version":1,"Parts":{}}""", DisplayName = "another format")]
    [DataRow("""{"Format":"MLPipelines.Engine model","Version":1}""", DisplayName = "no list")]
    [DataRow("[1, 2", DisplayName = "broken JSON")]
    [DataRow("null", DisplayName = "null")]
    public void A_header_that_makes_no_sense_is_an_error(string header)
    {
        EmbeddedEngine.Require("its format is another.");
        Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(_ml, Zip(("Model.json", header)), out _));
    }

    [TestMethod]
    public void A_zip_that_is_no_model_is_an_error()
    {
        EmbeddedEngine.Require("its errors differ.");
        Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(_ml, Zip(("readme.txt", "hello")), out _));
        Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(_ml, [], out _));
        Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(_ml, Encoding.UTF8.GetBytes("no zip at all"), out _));
    }

    private static byte[] Zip(params (string Name, string Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        return file.ToArray();
    }
}
