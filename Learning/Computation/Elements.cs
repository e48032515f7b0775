using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Loops over the elements of a sample, channels padded to whole vectors of 16.</summary>
internal static unsafe class Elements
{
    /// <summary>Sets gradients to zero where the value is not above zero: back through a ReLU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask(float* gradient, FeatureMap gradientMap, float* values, FeatureMap valueMap)
    {
        var (height, count) = (valueMap.Height, valueMap.Width * valueMap.Pitch);
        for (var y = 0; y < height; y++)
        {
            var g = gradient + (long)y * gradientMap.RowStride;
            var v = values + (long)y * valueMap.RowStride;
            for (var i = 0; i < count; i += 16)
            {
                var isAbove = Vector512.GreaterThan(Vector512.Load(v + i), Vector512<float>.Zero);
                Vector512.ConditionalSelect(isAbove, Vector512.Load(g + i), Vector512<float>.Zero).Store(g + i);
            }
        }
    }

    /// <summary>Adds all pixels of a sample to a sum per channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddPixels(float* values, FeatureMap map, float* sums)
    {
        var (height, width, pitch, rowStride) = (map.Height, map.Width, map.Pitch, map.RowStride);
        for (var c = 0; c < pitch; c += 16)
        {
            Vector512<float> even = Vector512<float>.Zero, odd = even;
            for (var y = 0; y < height; y++)
            {
                var line = values + (long)y * rowStride + c;
                var x = 0;
                for (; x + 2 <= width; x += 2)
                {
                    even += Vector512.Load(line + x * pitch);
                    odd += Vector512.Load(line + (x + 1) * pitch);
                }

                if (x < width) even += Vector512.Load(line + x * pitch);
            }

            (Vector512.Load(sums + c) + (even + odd)).Store(sums + c);
        }
    }

    /// <summary>Sets a sample to zero.</summary>
    public static void Clear(float* values, FeatureMap map)
    {
        for (var y = 0; y < map.Height; y++) new Span<float>(values + (long)y * map.RowStride, map.Width * map.Pitch).Clear();
    }

    /// <summary>Copies or adds a sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transfer(float* from, FeatureMap fromMap, float* to, FeatureMap toMap, bool adds)
    {
        var count = fromMap.Width * fromMap.Pitch;
        for (var y = 0; y < fromMap.Height; y++)
        {
            var f = from + (long)y * fromMap.RowStride;
            var t = to + (long)y * toMap.RowStride;
            if (adds)
            {
                for (var i = 0; i < count; i += 16) (Vector512.Load(t + i) + Vector512.Load(f + i)).Store(t + i);
            }
            else
            {
                new ReadOnlySpan<float>(f, count).CopyTo(new Span<float>(t, count));
            }
        }
    }
}
