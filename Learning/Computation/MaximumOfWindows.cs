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
            for (var c = 0; c < pitch; c += 16)
            {
                var window = lines + (long)x * side * pitch + c;
                var largest = Vector512.Load(window);
                var place = Vector512<int>.Zero;
                var number = 0;
                for (var row = 0; row < side; row++, window += lineStride)
                {
                    for (var column = 0; column < side; column++, number++)
                    {
                        var value = Vector512.Load(window + column * pitch);
                        var isLarger = Vector512.GreaterThan(value, largest);
                        largest = Vector512.ConditionalSelect(isLarger, value, largest);
                        place = Vector512.ConditionalSelect(isLarger.AsInt32(), Vector512.Create(number), place);
                    }
                }

                largest += Vector512.Load(bias + c);
                if (hasRelu) largest = Vector512.Max(largest, Vector512<float>.Zero);
                largest.Store(output + x * pitch + c);
                var words = Vector256.Narrow(place.GetLower(), place.GetUpper());
                Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(places + x * pitch + c);
            }
        }
    }

    /// <summary>Writes each gradient to where its maximum was, and zero to the rest of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gradient, float* output, byte* places, int side, int width, int pitch, bool hasRelu, float* lines, int lineStride)
    {
        for (var x = 0; x < width; x++)
        {
            for (var c = 0; c < pitch; c += 16)
            {
                var value = Vector512.Load(gradient + x * pitch + c);
                if (hasRelu) value = Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(output + x * pitch + c), Vector512<float>.Zero), value, Vector512<float>.Zero);
                var bytes = Vector128.Load(places + x * pitch + c);
                var words = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
                var place = Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
                var window = lines + (long)x * side * pitch + c;
                var number = 0;
                for (var row = 0; row < side; row++, window += lineStride)
                {
                    for (var column = 0; column < side; column++, number++)
                    {
                        var isHere = Vector512.Equals(place, Vector512.Create(number)).AsSingle();
                        Vector512.ConditionalSelect(isHere, value, Vector512<float>.Zero).Store(window + column * pitch);
                    }
                }
            }
        }
    }
}
