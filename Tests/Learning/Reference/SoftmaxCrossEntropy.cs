namespace MLPipelines.Tests.Learning.Reference;

/// <summary>The mean over samples of <c>−log softmax(logits)[label]</c>, plainly; sample s has the label (7 s + 3) mod classes.</summary>
internal static class SoftmaxCrossEntropy
{
    public static (double Loss, double[] LogitGradients) Of(double[] logits, int classes)
    {
        var samples = logits.Length / classes;
        var (loss, gradients) = (0.0, new double[logits.Length]);
        for (var sample = 0; sample < samples; sample++)
        {
            var row = logits.AsSpan(sample * classes, classes);
            var label = (7 * sample + 3) % classes;
            var sum = 0.0;
            foreach (var logit in row) sum += Math.Exp(logit);
            loss -= (row[label] - Math.Log(sum)) / samples;
            for (var c = 0; c < classes; c++) gradients[sample * classes + c] = (Math.Exp(row[c]) / sum - (c == label ? 1 : 0)) / samples;
        }

        return (loss, gradients);
    }
}
