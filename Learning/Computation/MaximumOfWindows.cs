using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Max pooling of whole lines in windows that do not overlap; bias and ReLU come after the maximum, which they do not move.</summary>
internal static unsafe class MaximumOfWindows
{
    /// <summary>The largest side of a window: where the maximum was is kept in a byte.</summary>
    public const int LargestSide = 11;

    /// <summary>One line of maxima from <paramref name="side"/> lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* lines, int lineStride, int side, int width, int pitch, float* bias, bool hasRelu, float* output, byte* places)
    {
        for (var x = 0; x < width; x++)
        {
            for (var c = 0; c < pitch; c += 8)
            {
                var window = lines + (long)x * side * pitch + c;
                var largest = Vector256.Load(window);
                var place = Vector256<int>.Zero;
                for (var i = 1; i < side * side; i++)
                {
                    var value = Vector256.Load(window + i / side * lineStride + i % side * pitch);
                    var isLarger = Vector256.GreaterThan(value, largest);
                    largest = Vector256.ConditionalSelect(isLarger, value, largest);
                    place = Vector256.ConditionalSelect(isLarger.AsInt32(), Vector256.Create(i), place);
                }

                largest += Vector256.Load(bias + c);
                if (hasRelu) largest = Vector256.Max(largest, Vector256<float>.Zero);
                largest.Store(output + x * pitch + c);
                var words = Vector128.Narrow(place.GetLower(), place.GetUpper());
                Vector128.Narrow(words, words).GetLower().AsByte().Store(places + x * pitch + c);
            }
        }
    }

    /// <summary>Writes each gradient to where its maximum was, and zero to the rest of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gradient, float* output, byte* places, int side, int width, int pitch, bool hasRelu, float* lines, int lineStride)
    {
        for (var x = 0; x < width; x++)
        {
            for (var c = 0; c < pitch; c += 8)
            {
                var value = Vector256.Load(gradient + x * pitch + c);
                if (hasRelu) value = Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Load(output + x * pitch + c), Vector256<float>.Zero), value, Vector256<float>.Zero);
                var bytes = Vector128.WidenLower(Vector64.Load(places + x * pitch + c).ToVector128());
                var place = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes)).AsInt32();
                var window = lines + (long)x * side * pitch + c;
                for (var i = 0; i < side * side; i++)
                {
                    var isHere = Vector256.Equals(place, Vector256.Create(i)).AsSingle();
                    Vector256.ConditionalSelect(isHere, value, Vector256<float>.Zero).Store(window + i / side * lineStride + i % side * pitch);
                }
            }
        }
    }
}
