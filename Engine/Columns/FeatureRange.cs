namespace Microsoft.ML.Transforms;

/// <summary>The smallest and largest finite value of each feature.</summary>
internal sealed class FeatureRange
{
    private readonly float[] _minimum;
    private readonly float[] _maximum;

    internal FeatureRange(int features)
    {
        (_minimum, _maximum) = (new float[features], new float[features]);
        Array.Fill(_minimum, float.PositiveInfinity);
        Array.Fill(_maximum, float.NegativeInfinity);
    }

    /// <summary>Whether no row has been seen.</summary>
    internal bool IsEmpty { get; private set; } = true;

    internal void Widen(ReadOnlySpan<float> row)
    {
        IsEmpty = false;
        for (var j = 0; j < row.Length; j++)
        {
            if (!float.IsFinite(row[j]))
                continue;
            _minimum[j] = Math.Min(_minimum[j], row[j]);
            _maximum[j] = Math.Max(_maximum[j], row[j]);
        }
    }

    /// <summary>The numbers of (x − offset) · scale. Where the range is one point, or empty, both are 0, so that the feature becomes 0.</summary>
    /// <param name="fixZero">Whether 0 stays 0: the offset is 0 and the scale 1 / max(|min|, |max|).</param>
    internal (float[] Offset, float[] Scale) ToAffine(bool fixZero)
    {
        var (offset, scale) = (new float[_minimum.Length], new float[_minimum.Length]);
        for (var j = 0; j < offset.Length; j++)
        {
            var (minimum, maximum) = (_minimum[j], _maximum[j]);
            if (minimum > maximum)
                continue;
            // In double: max − min may be beyond the largest float.
            var range = fixZero ? Math.Max(Math.Abs((double)minimum), Math.Abs((double)maximum)) : (double)maximum - minimum;
            if (range > 0)
                (offset[j], scale[j]) = (fixZero ? 0 : minimum, (float)(1 / range));
        }
        return (offset, scale);
    }
}
