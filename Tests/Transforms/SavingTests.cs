using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Learning;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

/// <summary>Plain <c>mlContext.Model.Save</c> and <c>Load</c>: what comes back is built of built-in transformers and gives the same.</summary>
[TestClass]
public sealed class SavingTests
{
    private static readonly MLContext Context = new();
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly string folder = Directory.CreateTempSubdirectory("mlpipelines-test-").FullName;

    public static IEnumerable<TransformerContractTests.EstimatorCase> Cases =>
    [
        .. TransformerContractTests.Saving,
        new("TemperatureSoftmax of probabilities", "Scores", ["Out"], (ml, input) => ml.Transforms.TemperatureSoftmax("Unit", input)
            .Append(ml.Transforms.TemperatureSoftmax("Out", "Unit", 0.6, SoftmaxInput.Probabilities))),
        new("TemperatureSoftmax in place", "Scores", ["Scores"], (ml, input) => ml.Transforms.TemperatureSoftmax(input, temperature: 3)),
        new("TopN of all, named", "Scores", ["Out.Label", "Out.Probability", "Out.Index"], (ml, input) =>
            ml.Transforms.TopN("Out", input, 9, ["größer", "a b", "c"])),
        new("a name that ends in .output", "Scores", ["a.output"], (ml, input) => ml.Transforms.TemperatureSoftmax("a.output", input)),
        new("NeuralNetwork", "Pixels", ["Score"], (ml, input) => ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            FeatureColumnName = input,
            Definition = new NetworkDefinition { Layers = [new Convolution { Filters = 4, Padding = Padding.Same }, new Relu(), new Dense()] },
            Training = new NetworkTrainingSettings { Epochs = 2 },
            Threads = 1,
        })),
        new("a whole classifier", "Pixels", ["Out.Label", "Out.Probability"], (ml, input) =>
            ml.Transforms.ScoreOnnx("Score", input, SampleRows.Model(), new() { Labels = ["a", "b", "c"] })
            .Append(ml.Transforms.TemperatureSoftmax("Score", temperature: 40)).Append(ml.Transforms.TopN("Out", "Score", 2))),
    ];

    [TestCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_saved_transformer_gives_the_same_when_loaded(TransformerContractTests.EstimatorCase estimator)
    {
        var source = Finite();
        var before = estimator.Create(Context).Fit(source).Transform(source);
        var after = Load(Save(estimator)).Transform(source);

        foreach (var output in estimator.Outputs)
            CollectionAssert.AreEqual(before.Lines(output), after.Lines(output), output);
        Assert.AreEqual(ColumnsInWords(before), ColumnsInWords(after));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_loaded_transformer_can_be_saved_again(TransformerContractTests.EstimatorCase estimator)
    {
        var source = Finite();
        var once = Load(Save(estimator));
        var path = Path.Combine(folder, "again.zip");
        Context.Model.Save(once, source.Schema, path);

        foreach (var output in estimator.Outputs)
            CollectionAssert.AreEqual(once.Transform(source).Lines(output), Load(path).Transform(source).Lines(output));
    }

    [TestMethod]
    public void A_fresh_process_that_knows_ML_NET_alone_gives_the_same()
    {
        var source = Finite();
        var rows = Path.Combine(folder, "rows.json");
        File.WriteAllText(rows, JsonSerializer.Serialize(Context.Data.CreateEnumerable<SampleRow>(source, reuseRowObject: false), Json));
        var cases = Cases.ToArray();
        var jobs = cases.SelectMany((estimator, i) => new[] { Save(estimator, $"model-{i}.zip"), string.Join('|', estimator.Outputs) });

        var printed = Run([rows, .. jobs]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach (var (estimator, line) in cases.Zip(printed))
        {
            var before = estimator.Create(Context).Fit(source).Transform(source);
            using var columns = JsonDocument.Parse(line);
            foreach (var (output, values) in estimator.Outputs.Zip(columns.RootElement.EnumerateArray()))
                CollectionAssert.AreEqual(
                    before.Lines(output),
                    values.EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray().Select(Text))).ToArray(),
                    $"{estimator}: {output}");
        }

        Assert.HasCount(cases.Length, printed);
    }

    [TestMethod]
    public void A_row_of_NaN_stays_one()
    {
        var source = SampleRows.View(Context);
        var estimator = Context.Transforms.TemperatureSoftmax("P", "Scores").Append(Context.Transforms.TopN("Top", "P", 2));
        var path = Path.Combine(folder, "nan.zip");
        Context.Model.Save(estimator.Fit(source), source.Schema, path);
        var after = Load(path).Transform(source);

        Assert.AreEqual("NaN NaN NaN", after.Lines("P")[70]);
        Assert.AreEqual("'' ''", after.Lines("Top.Label")[70]);
        Assert.AreEqual("-1 -1", after.Lines("Top.Index")[70]);
    }

    [TestMethod]
    public void Columns_of_the_user_that_are_named_as_the_model_s_tensors_are_left_alone()
    {
        var rows = Context.Data.LoadFromEnumerable<Confusing>([new()]);
        using var transformer = Context.Transforms.ScoreOnnx("Score", "Pixels", SampleRows.Model()).Fit(rows);
        var path = Path.Combine(folder, "confusing.zip");
        Context.Model.Save(transformer, rows.Schema, path);
        var after = Load(path).Transform(rows);

        Assert.AreEqual("41 42 43", after.Lines("Score").Single());
        Assert.AreEqual("mine", after.Lines("x").Single());
        Assert.AreEqual("mine too", after.Lines("scores").Single());
    }

    [TestMethod]
    public void The_bytes_of_a_model_file_travel()
    {
        var model = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(model, SampleRows.Model());
        var source = Finite();
        var path = Path.Combine(folder, "saved.zip");
        using (var transformer = Context.Transforms.ScoreOnnx("Score", "Pixels", model).Fit(source))
            Context.Model.Save(transformer, source.Schema, path);
        File.Delete(model);

        Assert.HasCount(149, Load(path).Transform(source).Lines("Score"));
    }

    [TestMethod]
    public void A_model_file_that_changed_is_not_saved()
    {
        var model = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(model, SampleRows.Model());
        using var transformer = Context.Transforms.ScoreOnnx("Score", "Pixels", model).Fit(Finite());
        File.AppendAllText(model, "more");

        Assert.Contains("was changed", Assert.ThrowsExactly<InvalidDataException>(
            () => Context.Model.Save(transformer, Finite().Schema, Path.Combine(folder, "saved.zip"))).Message);
    }

    // ML.NET's own ONNX transformer leaves NaN pixels to the network; that row is compared elsewhere.
    private static IDataView Finite() => Context.Data.LoadFromEnumerable(SampleRows.All.Where(row => !float.IsNaN(row.Pixels[0])));

    private static ITransformer Load(string path) => Context.Model.Load(path, out _);

    private string Save(TransformerContractTests.EstimatorCase estimator, string name = "model.zip")
    {
        var source = Finite();
        var path = Path.Combine(folder, name);
        Context.Model.Save(estimator.Create(Context).Fit(source), source.Schema, path);
        return path;
    }

    private static string ColumnsInWords(IDataView view) =>
        string.Join(' ', view.Schema.Where(column => !column.IsHidden).Select(column => $"{column.Name} {column.Type}").Order());

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: 0 } => "''",
        JsonValueKind.String => value.GetString()!,
        _ when value.TryGetInt64(out var whole) => whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => value.GetSingle().ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Run(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLPipelines.Tests.FreshProcess.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output;
    }

    private sealed class Confusing
    {
        [VectorType(1, 2, 2)]
        public float[] Pixels { get; set; } = [1, 2, 3, 4];

        [ColumnName("x")]
        public string Mine { get; set; } = "mine";

        [ColumnName("scores")]
        public string MineToo { get; set; } = "mine too";
    }
}
