namespace MLPipelines.Learning;

/// <summary>A run of <paramref name="Length"/> weights of a network, all of which decay or none.</summary>
internal readonly record struct WeightChunk(int Start, int Length, bool Decays)
{
    /// <summary>The most weights of a chunk: with gradients and two moments a quarter of a megabyte, which a processor's own cache holds.</summary>
    public const int Largest = 16384;

    /// <summary>Cuts a network's weights into chunks; the cuts depend on its tensors alone.</summary>
    public static WeightChunk[] Of(IReadOnlyList<ParameterTensor> tensors)
    {
        List<WeightChunk> chunks = [];
        for (var first = 0; first < tensors.Count;)
        {
            var next = first + 1;
            while (next < tensors.Count && tensors[next].Decays == tensors[first].Decays) next++;
            var end = tensors[next - 1].Offset + tensors[next - 1].Length;
            for (var start = tensors[first].Offset; start < end; start += Largest)
                chunks.Add(new WeightChunk(start, Math.Min(Largest, end - start), tensors[first].Decays));
            first = next;
        }

        return [.. chunks];
    }
}
