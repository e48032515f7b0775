using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

/// <summary>What every estimator of MLPipelines.Transforms keeps, whatever it computes.</summary>
[TestClass]
public sealed class TransformerContractTests
{
    private static readonly MLContext Context = new(seed: 1);

    public static IEnumerable<EstimatorCase> Cases =>
    [
        new("TemperatureSoftmax", "Scores", ["Out"], (ml, input) => ml.Transforms.TemperatureSoftmax("Out", input, temperature: 1.7)),
        new("TemperatureSoftmax fitted", "Scores", ["Out"], (ml, input) =>
            ml.Transforms.TemperatureSoftmax("Out", input, labelColumnName: "Label"), Learns: true),
        new("Calibrated", "Scores", ["Out"], (ml, input) => ml.MulticlassClassification.Trainers.Calibrated(
            new EstimatorChain<ITransformer>(), "Out", input, rows: new HeldOutShare()), Learns: true),
        new("TopN", "Scores", ["Out.Label", "Out.Probability", "Out.Index"], (ml, input) => ml.Transforms.TopN("Out", input, n: 2)),
        new("ScoreOnnx", "Pixels", ["Out"], (ml, input) =>
            ml.Transforms.ScoreOnnx("Out", input, SampleRows.Model(), new() { Labels = ["a", "b", "c"] })),
        new("LoadImageTensors", "Image", ["Out"], (ml, input) =>
            ml.Transforms.LoadImageTensors("Out", input, PreprocessingPresets.Get("mnist") with { Width = 3, Height = 3 }), Saves: false),
    ];

    public static IEnumerable<EstimatorCase> Saving => Cases.Where(estimator => estimator.Saves);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Nothing_is_read_before_a_cursor_moves(EstimatorCase estimator)
    {
        var spy = new SpyView(SampleRows.View(Context));
        var view = estimator.Create(Context).Fit(spy).Transform(spy);

        Assert.AreEqual(estimator.Learns ? SampleRows.All.Count : 0, spy.RowsRead);
        Assert.AreEqual(SampleRows.All.Count, view.GetRowCount() ?? SampleRows.All.Count);
        Assert.AreEqual(estimator.Learns ? SampleRows.All.Count : 0, spy.RowsRead);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Only_the_columns_that_are_needed_are_read(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var spy = new SpyView(source);
        var view = estimator.Create(Context).Fit(source).Transform(spy);

        view.Lines("Id");
        Assert.AreEqual("Id", string.Join(' ', spy.ColumnsAskedFor));

        spy.ColumnsAskedFor.Clear();
        view.Lines(estimator.Outputs[0]);
        Assert.AreEqual(estimator.Input, string.Join(' ', spy.ColumnsAskedFor));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Other_columns_pass_through_untouched(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var view = estimator.Create(Context).Fit(source).Transform(source);

        foreach (var column in source.Schema)
            CollectionAssert.AreEqual(source.Lines(column.Name), view.Lines(column.Name));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Every_pass_gives_the_same(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var view = estimator.Create(Context).Fit(source).Transform(source);

        foreach (var output in estimator.Outputs)
            CollectionAssert.AreEqual(view.Lines(output), view.Lines(output));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Parallel_cursors_together_give_every_row_once(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var view = estimator.Create(Context).Fit(source).Transform(source);
        foreach (var output in estimator.Outputs)
        {
            var column = view.Schema[output];
            var cursors = view.GetRowCursorSet([column], 3);
            string[] lines = [.. cursors.SelectMany(cursor => ViewReading.Lines(cursor, column))];
            foreach (var cursor in cursors)
                cursor.Dispose();

            CollectionAssert.AreEquivalent(view.Lines(output), lines);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_shape_that_is_promised_is_the_shape_that_comes(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var promised = estimator.Create(Context).GetOutputSchema(ViewReading.ShapeOf(source.Schema));
        var transformer = estimator.Create(Context).Fit(source);

        Assert.AreEqual(ViewReading.ShapeOf(transformer.GetOutputSchema(source.Schema)).InWords(), promised.InWords());
        Assert.AreEqual(
            string.Join(' ', transformer.GetOutputSchema(source.Schema).Select(column => $"{column.Name} {column.Type}")),
            string.Join(' ', transformer.Transform(source).Schema.Select(column => $"{column.Name} {column.Type}")));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void It_works_in_a_chain_behind_a_cache_and_before_another(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var alone = estimator.Create(Context).Fit(source).Transform(source);
        var chained = Context.Transforms.CopyColumns("Copy", estimator.Input)
            .AppendCacheCheckpoint(Context)
            .Append(estimator.Create(Context, "Copy"))
            .Append(Context.Transforms.CopyColumns("Again", estimator.Outputs[0]))
            .Fit(source).Transform(source);

        CollectionAssert.AreEqual(alone.Lines(estimator.Outputs[0]), chained.Lines("Again"));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void It_can_be_cross_validated_in_front_of_a_classifier(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var pipeline = estimator.Create(Context)
            .Append(Context.Transforms.CopyColumns("Score", "Scores"))
            .Append(Context.Transforms.TemperatureSoftmax("Score"))
            .Append(Context.Transforms.CopyColumns("PredictedLabel", "Label"));

        var folds = Context.MulticlassClassification.CrossValidate(source, pipeline, numberOfFolds: 3);

        Assert.HasCount(3, folds);
        CollectionAssert.AreEquivalent(source.Lines("Id"), folds.SelectMany(fold => fold.ScoredHoldOutSet.Lines("Id")).ToArray());
        foreach (var fold in folds)
            Assert.HasCount(fold.ScoredHoldOutSet.Lines("Id").Length, fold.ScoredHoldOutSet.Lines(estimator.Outputs[0]));

        // The row of NaN cannot be counted.
        Assert.AreEqual(SampleRows.All.Count - 1, folds.Sum(fold => fold.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void One_row_at_a_time_gives_what_many_give(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var transformer = estimator.Create(Context).Fit(source);
        var expected = Context.Data.CreateEnumerable<SampleOutput>(
            transformer.Transform(source), reuseRowObject: false, ignoreMissingColumns: true).ToArray();
        using var engine = Context.Model.CreatePredictionEngine<SampleRow, SampleOutput>(transformer);

        for (var i = 0; i < expected.Length; i++)
            AssertSame(expected[i], engine.Predict(SampleRows.All[i]));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Two_transformers_in_a_row_replace_a_column_of_the_same_name(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        var twice = estimator.Create(Context).Append(estimator.Create(Context)).Fit(source).Transform(source);
        var once = estimator.Create(Context).Fit(source).Transform(source);

        CollectionAssert.AreEqual(once.Lines(estimator.Outputs[0]), twice.Lines(estimator.Outputs[0]));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_missing_column_is_named_beside_those_that_there_are(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        foreach (var work in (Action[])[
            () => estimator.Create(Context, "Nope").Fit(source),
            () => estimator.Create(Context, "Nope").GetOutputSchema(ViewReading.ShapeOf(source.Schema)),
            () => estimator.Create(Context).Fit(source).Transform(Context.Transforms.DropColumns(estimator.Input).Fit(source).Transform(source))])
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(work);
            Assert.Contains("Could not find input column '", error.Message);
            Assert.Contains("'Id'", error.Message);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_column_of_another_type_is_named_with_both_types(EstimatorCase estimator)
    {
        var source = SampleRows.View(Context);
        foreach (var work in (Action[])[
            () => estimator.Create(Context, "Label").Fit(source),
            () => estimator.Create(Context, "Label").GetOutputSchema(ViewReading.ShapeOf(source.Schema))])
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(work);
            Assert.Contains("Schema mismatch for input column 'Label': expected", error.Message);
            Assert.Contains("Key<UInt32", error.Message);
        }
    }

    // ML.NET hands vectors of a wrong length on as they are; what is missing would be taken from the row before.
    [TestMethod]
    [DynamicData(nameof(OfVectors))]
    public void A_vector_of_a_wrong_length_is_refused_on_its_own_row_by_column_and_lengths(EstimatorCase estimator)
    {
        var transformer = estimator.Create(Context).Fit(SampleRows.View(Context));
        SampleRow[] rows = [SampleRows.All[0], new() { Scores = [9, 5], Pixels = [9, 5] }, SampleRows.All[2]];
        var view = transformer.Transform(Context.Data.LoadFromEnumerable(rows));
        using var cursor = view.GetRowCursor([view.Schema[estimator.Outputs[0]]]);
        var lines = ViewReading.Lines(cursor, view.Schema[estimator.Outputs[0]]).GetEnumerator();

        Assert.IsTrue(lines.MoveNext());
        foreach (var read in (Action[])[
            () => lines.MoveNext(),
            () => Context.Model.CreatePredictionEngine<SampleRow, SampleOutput>(transformer).Predict(rows[1])])
        {
            var error = Assert.ThrowsExactly<InvalidDataException>(read);
            Assert.Contains($"'{estimator.Input}' is of type", error.Message);
            Assert.Contains("a vector of 2", error.Message);
        }
    }

    public static IEnumerable<EstimatorCase> OfVectors => Cases.Where(estimator => estimator.Input != "Image");

    [TestMethod]
    public void Loading_images_says_that_the_bundle_saves_it()
    {
        var source = SampleRows.View(Context);
        var transformer = Cases.Single(estimator => !estimator.Saves).Create(Context).Fit(source);

        Assert.Contains("model bundle", Assert.ThrowsExactly<NotSupportedException>(
            () => Context.Model.Save(transformer, source.Schema, new MemoryStream())).Message);
    }

    private static void AssertSame(SampleOutput expected, SampleOutput actual)
    {
        CollectionAssert.AreEqual(expected.Out, actual.Out);
        CollectionAssert.AreEqual(expected.Labels, actual.Labels);
        CollectionAssert.AreEqual(expected.Probabilities, actual.Probabilities);
        CollectionAssert.AreEqual(expected.Indices, actual.Indices);
    }

    /// <param name="Name">In the list of tests.</param>
    /// <param name="Input">The column that it reads.</param>
    /// <param name="Outputs">The columns that it adds.</param>
    /// <param name="Make">Makes the estimator for an input column.</param>
    /// <param name="Learns">Whether Fit reads rows.</param>
    /// <param name="Saves">Whether ML.NET's own saving works.</param>
    public sealed record EstimatorCase(
        string Name, string Input, string[] Outputs, Func<MLContext, string, IEstimator<ITransformer>> Make, bool Learns = false, bool Saves = true)
    {
        public IEstimator<ITransformer> Create(MLContext ml, string? input = null) => Make(ml, input ?? Input);

        public override string ToString() => Name;
    }
}
