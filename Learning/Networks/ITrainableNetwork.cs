namespace MLPipelines.Learning;

/// <summary>What the training loop asks of a network: samples in, logits out; gradients of the logits in, gradients of the weights out.</summary>
/// <remarks>Buffers belong to the network and are written anew by every call; a network serves one caller at a time.</remarks>
public interface ITrainableNetwork
{
    /// <summary>What the network was made from: its name in histories, and part of what a checkpoint must fit; null where it was made by hand.</summary>
    NetworkDefinition? Definition => null;

    /// <summary>The shape of a sample.</summary>
    ImageShape Input { get; }

    /// <summary>How many logits a sample gets.</summary>
    int Classes { get; }

    /// <summary>The most samples in a batch.</summary>
    int LargestBatch { get; }

    /// <summary>The threads that the network computes on; the loop prepares its batches on them too.</summary>
    ThreadTeam Team { get; }

    /// <summary>All that is learnt, one tensor after the other.</summary>
    Span<float> Weights { get; }

    /// <summary>The gradient of the loss for each of <see cref="Weights"/>, as <see cref="Backward"/> left it.</summary>
    Span<float> Gradients { get; }

    /// <summary>What is measured and not learnt: the running means and variances of batch normalisation.</summary>
    Span<float> State { get; }

    /// <summary>The tensors of <see cref="Weights"/>, in order and without gaps.</summary>
    IReadOnlyList<ParameterTensor> WeightTensors { get; }

    /// <summary>The tensors of <see cref="State"/>, in order and without gaps.</summary>
    IReadOnlyList<ParameterTensor> StateTensors { get; }

    /// <summary>Puts a sample into the batch; may be called from several threads for different samples.</summary>
    /// <param name="sample">Its place in the batch.</param>
    /// <param name="values">Normalised, channels last.</param>
    void SetInput(int sample, ReadOnlySpan<float> values);

    /// <summary>Computes the logits of the first <paramref name="samples"/> samples.</summary>
    /// <param name="samples">From 1 to <see cref="LargestBatch"/>.</param>
    /// <param name="training">With dropout and the batch's own statistics (which also move <see cref="State"/>), or as in use.</param>
    /// <param name="noise">Decides what dropout drops; a number that is another for every step of training.</param>
    void Forward(int samples, bool training, ulong noise = 0);

    /// <summary>The logits of a sample.</summary>
    Span<float> LogitsOf(int sample);

    /// <summary>Where the gradient of the loss for each logit of a sample goes before <see cref="Backward"/>.</summary>
    Span<float> LogitGradientsOf(int sample);

    /// <summary>Computes <see cref="Gradients"/> from the gradients of the logits; follows a <see cref="Forward"/> in training over the same samples.</summary>
    void Backward(int samples);
}
