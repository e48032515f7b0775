namespace MLPipelines.Pipelines;

/// <summary>Decoded images of one size, wherever they are. Safe on several threads at once.</summary>
internal interface IPixels : IDisposable
{
    /// <summary>Writes an image's bytes as numbers from 0 to 255.</summary>
    void CopyTo(int row, Span<float> values);

    /// <summary>Writes a row's bytes as they are.</summary>
    void CopyTo(int row, Span<byte> bytes);
}
