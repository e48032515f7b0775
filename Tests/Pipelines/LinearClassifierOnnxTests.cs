using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class LinearClassifierOnnxTests
{
    private const int Length = 12;
    private const int Classes = 4;

    // Logits by hand: (1·1 + 2·2 + 10, 3·1 + 4·2 + 20).
    [TestMethod]
    public void The_output_is_weights_times_input_plus_biases()
    {
        using var session = OnnxSession.Open(LinearClassifierOnnx.Write([[1, 2], [3, 4]], [10, 20], [1, 1, 2]));

        CollectionAssert.AreEqual(new float[] { 15, 31 }, session.Run(OnnxTensor.Of<float>([1, 2], 1, 1, 1, 2)).Values<float>().ToArray());
    }

    [TestMethod]
    public void ONNX_Runtime_gives_the_scores_of_ML_NET()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200).Select(i => new Row { Label = (uint)(i % Classes),
            Features = [.. Enumerable.Range(0, Length).Select(j => random.NextSingle() + (j == i % Classes ? 0.5f : 0))] }).ToArray();
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(rows);
        var model = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(nameof(Row.Label), nameof(Row.Features)).Fit(data);
        var expected = model.Transform(data).GetColumn<float[]>("Score").ToArray();

        using var session = OnnxSession.Open(LinearClassifierOnnx.Write(model.Model, [3, 2, 2]));
        var logits = session.Run(OnnxTensor.Of([.. rows.SelectMany(row => row.Features)], rows.Length, 3, 2, 2)).Values<float>().ToArray();

        foreach (var (i, row) in logits.Chunk(Classes).Index())
        {
            var sum = row.Sum(logit => Math.Exp(logit));
            for (var c = 0; c < Classes; c++) Assert.AreEqual(expected[i][c], Math.Exp(row[c]) / sum, 1e-5);
        }
    }

    [TestMethod]
    public void Weights_that_do_not_fit_are_a_mistake()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LinearClassifierOnnx.Write([[1, 2]], [1], [3, 1, 1])).Message, "needs 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() =>
            LinearClassifierOnnx.Write([[1, 2]], [1, 2], [2])).Message, "biases for 2");
    }

    private sealed class Row
    {
        [KeyType(Classes)]
        public uint Label { get; set; }

        [VectorType(Length)]
        public float[] Features { get; set; } = [];
    }
}
