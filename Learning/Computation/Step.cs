namespace MLPipelines.Learning;

/// <summary>How the batch is cut: into a number of slots that depends on the batch alone, each computed by one worker in order.</summary>
/// <remarks>Sums over the batch are taken per slot and then over the slots, so that they do not depend on how many workers there are.</remarks>
internal static class Slots
{
    /// <summary>The most.</summary>
    public const int Most = 16;

    /// <summary>How many slots a batch has.</summary>
    public static int Count(int samples) => Math.Min(Most, samples);

    /// <summary>The first sample of a slot; that of the slot after the last is the number of samples.</summary>
    public static int First(int slot, int samples) => (int)((long)slot * samples / Count(samples));
}

/// <summary>What a pass over the batch is about.</summary>
/// <param name="Samples">How many samples the batch has.</param>
/// <param name="IsTraining">With dropout and the batch's own statistics.</param>
/// <param name="Noise">Decides what dropout drops.</param>
internal readonly record struct Pass(int Samples, bool IsTraining, ulong Noise);

/// <summary>One operation of a network that is ready to run, forward and backward.</summary>
internal abstract class Step
{
    /// <summary>The tensors that are read.</summary>
    public abstract IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>The tensor that is written.</summary>
    public abstract Tensor Output { get; }

    /// <summary>The tensors whose gradients <c>Backward</c> writes.</summary>
    public virtual IReadOnlyList<Tensor> GradientTargets => Inputs;

    /// <summary>The maps that <c>Forward</c> reads or writes.</summary>
    public virtual IEnumerable<FeatureMap?> UsedForward => [.. Inputs.Select(input => input.Values), Output.Values];

    /// <summary>The maps that <c>Backward</c> reads or writes.</summary>
    public virtual IEnumerable<FeatureMap?> UsedBackward => [.. UsedForward, .. Inputs.Select(input => input.Gradient), Output.Gradient];

    /// <summary>Whether the gradient of an input has been written before this step comes to it.</summary>
    protected bool AddsTo(Tensor input) => input.FirstGradientWriter != this;

    /// <summary>Compiles kernels and reserves room, once the maps have theirs.</summary>
    /// <param name="workers">How many work at once.</param>
    /// <param name="largestBatch">The most samples.</param>
    public virtual void Build(int workers, int largestBatch)
    {
    }

    /// <summary>Makes ready for a pass forward: the weights may have changed.</summary>
    public virtual void Prepare(Pass pass, ThreadTeam team)
    {
    }
}

/// <summary>A step that treats every sample by itself, so that a worker can take a sample through several of them while it is in its cache.</summary>
internal abstract class SampleStep : Step
{
    /// <summary>Whether what follows needs the whole batch to be done.</summary>
    public virtual bool EndsForward => false;

    /// <summary>Whether what comes before needs the gradients of the whole batch.</summary>
    public virtual bool EndsBackward => false;

    /// <summary>Computes a sample's output.</summary>
    public abstract void Forward(Pass pass, int sample, int slot, int worker);

    /// <summary>Computes the gradients of a sample's inputs, and adds to the slot's gradients of the weights.</summary>
    public abstract void Backward(Pass pass, int sample, int slot, int worker);

    /// <summary>Follows <see cref="Forward"/> of all samples.</summary>
    public virtual void FinishForward(Pass pass, ThreadTeam team)
    {
    }

    /// <summary>Follows <see cref="Backward"/> of all samples: adds up the slots.</summary>
    public virtual void FinishBackward(Pass pass, ThreadTeam team)
    {
    }
}

/// <summary>A step that takes the whole batch at once.</summary>
internal abstract class BatchStep : Step
{
    /// <summary>Computes all outputs.</summary>
    public abstract void Forward(Pass pass, ThreadTeam team);

    /// <summary>Computes the gradients of the inputs and of the weights.</summary>
    public abstract void Backward(Pass pass, ThreadTeam team);
}
