using Microsoft.ML.OnnxRuntime;
using MLPipelines.Onnx;

namespace MLPipelines.Benchmarks;

/// <summary>Against plain <see cref="InferenceSession.Run(RunOptions, IReadOnlyCollection{string}, IReadOnlyCollection{OrtValue}, IReadOnlyCollection{string})"/>:
/// the same library and the same settings, so that this is the cost of the way to it. Scores end in an array on both sides.</summary>
internal static class ScoreBenchmark
{
    public static void Run(string model, int[] batches, int threads, int repeats)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        using var plain = new InferenceSession(model, options);
        using var run = new RunOptions();
        string[] inputs = [plain.InputNames[0]], outputs = [plain.OutputNames[0]];
        var declared = plain.InputMetadata[inputs[0]].Dimensions;
        int[] row = [.. declared[1..]];
        using var ours = OnnxClassifier.Open(
            File.ReadAllBytes(model), row, inputs[0], outputs[0], new OnnxSessionSettings { IntraOpThreads = threads });
        foreach (var batch in batches)
        {
            // A model of a fixed batch is run as often as that takes, on both sides.
            var each = declared[0] > 0 ? declared[0] : batch;
            var random = new Random(0);
            float[] values = [.. Enumerable.Range(0, batch * ours.RowLength).Select(_ => random.NextSingle())];
            var scores = new float[batch * ours.Classes];
            long[] shape = [each, .. row.Select(size => (long)size)];
            var times = Math.Max(1, 256 / batch);
            var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(model)))}/{Path.GetFileNameWithoutExtension(model)} batch {batch}";

            Measurement.Compare("score", name, threads, repeats, "img/s", times * batch,
                ("ours", () =>
                {
                    for (var time = 0; time < times; time++)
                        ours.Score(values, scores);
                }),
                ("InferenceSession.Run", () =>
                {
                    for (var time = 0; time < times; time++)
                    {
                        for (var first = 0; first < batch; first += each)
                        {
                            var memory = values.AsMemory(first * ours.RowLength, each * ours.RowLength);
                            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
                            using var output = plain.Run(run, inputs, [input], outputs);
                            output[0].GetTensorDataAsSpan<float>().CopyTo(scores.AsSpan(first * ours.Classes));
                        }
                    }
                }));
        }
    }
}
