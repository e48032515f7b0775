using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>The objective of multinomial logistic regression in plain double arithmetic: what the fast one must equal.</summary>
internal static class MaximumEntropyReference
{
    /// <summary>(1/N) Σ wᵢ · −ln softmax(W xᵢ + b)_{yᵢ}.</summary>
    public static double MeanLoss(IReadOnlyList<Labelled> rows, double[][] weights, double[] biases, bool weighted)
    {
        var sum = 0d;
        foreach (var row in rows)
        {
            var z = Scores(row.Features, weights, biases);
            var highest = z.Max();
            sum += (weighted ? row.Weight : 1) * (highest + Math.Log(z.Sum(value => Math.Exp(value - highest))) - z[row.Label]);
        }
        return sum / rows.Count;
    }

    /// <summary>W x + b.</summary>
    public static double[] Scores(float[] features, double[][] weights, double[] biases) =>
        [.. weights.Select((row, k) => biases[k] + row.Zip(features, (w, x) => w * x).Sum())];

    /// <summary>What was learned, as doubles.</summary>
    public static (double[][] Weights, double[] Biases) Parameters(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out var classes);
        Assert.HasCount(classes, weights);
        return ([.. weights.Select(row => row.DenseValues().Select(w => (double)w).ToArray())], [.. model.GetBiases().Select(b => (double)b)]);
    }
}
