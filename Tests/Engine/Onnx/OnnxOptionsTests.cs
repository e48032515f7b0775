using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace MLPipelines.Tests.Engine.Onnx;

/// <summary>All ways to say the same to ApplyOnnxModel, and what only the options can say.</summary>
[TestClass]
public sealed class OnnxOptionsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.GetTempFileName();
    private readonly Dictionary<string, int[]> _shapes = new() { ["x"] = [1, 3], ["y"] = [1, 3] };

    private IDataView Rows => _ml.Data.LoadFromEnumerable(new[] { new Row { X = [1, 2, 3] } });

    [TestInitialize]
    public void WriteModel() => File.WriteAllBytes(_file, SmallModels.Reverse("N"));

    [TestCleanup]
    public void RemoveModel() => File.Delete(_file);

    [TestMethod]
    public void A_file_with_shapes_is_the_same_however_its_columns_are_named()
    {
        AssertReverses(_ml.Transforms.ApplyOnnxModel(_file, _shapes));
        AssertReverses(_ml.Transforms.ApplyOnnxModel("y", "x", _file, _shapes));
        AssertReverses(_ml.Transforms.ApplyOnnxModel(["y"], ["x"], _file, _shapes));
        AssertReverses(_ml.Transforms.ApplyOnnxModel(
            new OnnxOptions { ModelFile = _file, InputColumns = ["x"], OutputColumns = ["y"], ShapeDictionary = _shapes, InterOpNumThreads = 1 }));
    }

    // O16, O16b: without CUDA a GPU is an error, or the CPU where that is allowed.
    [TestMethod]
    [DataRow(true, DisplayName = "asked for in the call")]
    [DataRow(false, DisplayName = "asked for in the context")]
    public void O16_A_GPU_is_an_error_or_falls_back_with_a_warning(bool inTheCall)
    {
        EmbeddedEngine.Require("it uses the GPU where there is one.");
        List<string> log = [];
        var ml = new MLContext();
        ml.Log += (_, message) => log.Add(message.RawMessage);
        OnnxScoringEstimator Apply(bool fallbackToCpu)
        {
            (ml.GpuDeviceId, ml.FallbackToCpu) = (inTheCall ? null : 0, fallbackToCpu);
            return ml.Transforms.ApplyOnnxModel(
                new OnnxOptions { ModelFile = _file, GpuDeviceId = inTheCall ? 0 : null, FallbackToCpu = fallbackToCpu });
        }

        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Apply(fallbackToCpu: false)).Message, "GPU 0");
        AssertReverses(Apply(fallbackToCpu: true));
        StringAssert.Contains(log.Single(), "CPU");
    }

    private void AssertReverses(OnnxScoringEstimator estimator)
    {
        using var transformer = estimator.Fit(Rows);
        CollectionAssert.AreEqual(new float[] { 3, 2, 1 }, transformer.Transform(Rows).GetColumn<float[]>("y").Single());
    }

    private sealed class Row
    {
        [ColumnName("x"), VectorType(3)]
        public float[] X { get; set; } = [];
    }
}
