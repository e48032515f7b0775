namespace MLPipelines.Learning;

/// <summary>Where the numbers of the network lie that steps read and write.</summary>
internal sealed unsafe record Parameters(VectorSet Vectors, nint WeightsAddress, nint GradientsAddress, nint StateAddress)
{
    /// <summary>What is learnt.</summary>
    public float* Weights(ParameterTensor tensor) => (float*)WeightsAddress + tensor.Offset;

    /// <summary>The gradients of what is learnt.</summary>
    public float* Gradients(ParameterTensor tensor) => (float*)GradientsAddress + tensor.Offset;

    /// <summary>What is measured.</summary>
    public float* State(ParameterTensor tensor) => (float*)StateAddress + tensor.Offset;

    /// <summary>The floats that a pixel of so many channels takes: whole vectors of 512 bits, whichever the kernels use, so that the order of
    /// sums is the same for all.</summary>
    public static int Pitch(int channels) => (channels + 15) / 16 * 16;
}
