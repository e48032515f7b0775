using System.Numerics.Tensors;

namespace MLPipelines.Learning;

/// <summary>The loss of a batch: its gradient goes straight into the network, its sums and what was predicted come back.</summary>
/// <remarks>
/// The loss of a batch is <c>Σ s·loss / Σ s·w</c>: s a sample's weight, w the weight of its class (with a mixed target, mixed), which is
/// already in its loss. That is PyTorch's mean under class weights; without weights it is the mean. Samples are shared out among the network's
/// threads in fixed parts and summed in their order. Allocates nothing after its construction.
/// </remarks>
internal sealed class BatchLoss
{
    private const int SamplesPerItem = 16;

    private readonly Loss loss;
    private readonly ITrainableNetwork network;
    private readonly double[] losses;
    private readonly Action<int, int> computeItem;
    private Batch batch;
    private float[] classWeights = [];
    private double scale;

    public BatchLoss(Loss loss, ITrainableNetwork network)
    {
        this.loss = loss;
        this.network = network;
        losses = new double[network.LargestBatch];
        Predicted = new int[network.LargestBatch];
        computeItem = ComputeItem;
        batch = Batch.Empty;
    }

    /// <summary>The class with the highest logit, for each sample of the last batch; the first of equals.</summary>
    public int[] Predicted { get; }

    /// <summary>Computes loss, gradients and predictions from the logits of the last forward pass.</summary>
    /// <param name="samples">The batch that the network was given.</param>
    /// <param name="weights">One per class; empty for 1.</param>
    public LossSum Compute(Batch samples, float[] weights)
    {
        (batch, classWeights) = (samples, weights);
        var count = 0.0;
        for (var i = 0; i < batch.Count; i++) count += batch.Weights[i] * batch.Targets[i].WeightBy(weights);
        scale = count > 0 ? 1 / count : 0;
        network.Team.For((batch.Count + SamplesPerItem - 1) / SamplesPerItem, computeItem);
        var sum = 0.0;
        for (var i = 0; i < batch.Count; i++) sum += losses[i];
        return new LossSum(sum, count);
    }

    private void ComputeItem(int item, int worker)
    {
        var end = Math.Min((item + 1) * SamplesPerItem, batch.Count);
        for (var i = item * SamplesPerItem; i < end; i++)
        {
            var logits = network.LogitsOf(i);
            double weight = batch.Weights[i];
            losses[i] = weight * loss.Of(logits, batch.Targets[i], classWeights, network.LogitGradientsOf(i), weight * scale);
            Predicted[i] = TensorPrimitives.IndexOfMax<float>(logits);
        }
    }
}

/// <summary>A sum of losses and of what they count.</summary>
/// <param name="Sum">Σ s·loss.</param>
/// <param name="Count">Σ s·w.</param>
internal readonly record struct LossSum(double Sum, double Count)
{
    /// <summary>The mean loss; 0 where nothing counts.</summary>
    public double Mean => Count > 0 ? Sum / Count : Sum;

    public static LossSum operator +(LossSum left, LossSum right) => new(left.Sum + right.Sum, left.Count + right.Count);
}
