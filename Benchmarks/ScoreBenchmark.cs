using MLPipelines.Onnx;

namespace MLPipelines.Benchmarks;

/// <summary>Against onnxruntime-node (<c>ort_node.js</c>): the same library, so that this is the cost of the way to it.</summary>
internal static class ScoreBenchmark
{
    public static void Run(string model, int[] batches, int threads, int repeats)
    {
        using var session = OnnxSession.Open(model, new OnnxSessionSettings { IntraOpThreads = threads });
        var input = session.Inputs[0];
        string[] outputs = [session.Outputs[0].Name];
        foreach (var batch in batches)
        {
            long[] shape = [batch, .. input.Dimensions.Skip(1)];
            var random = new Random(0);
            float[] values = [.. Enumerable.Range(0, checked((int)shape.Aggregate((a, b) => a * b))).Select(_ => random.NextSingle())];
            KeyValuePair<string, OnnxTensor>[] inputs = [new(input.Name, OnnxTensor.Of<float>(values, shape))];
            var runs = Math.Max(1, 256 / batch);
            var seconds = Measurement.Seconds(repeats, () =>
            {
                for (var run = 0; run < runs; run++)
                    session.Run(inputs, outputs);
            });
            Measurement.Print("score", $"{Path.GetFileNameWithoutExtension(model)} batch {batch}", threads, seconds.Select(value => runs * batch / value), "img/s");
        }
    }
}
