using System.Runtime.InteropServices;
using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>What <see cref="ReferenceStatistics"/> wants to know of the pixels of one image: four numbers a channel, in bytes' values from 0 to
/// 255.</summary>
internal readonly struct PixelSummary
{
    private const int NumbersPerChannel = 4;

    private readonly double[] numbers;

    private PixelSummary(double[] numbers) => this.numbers = numbers;

    /// <summary>How many channels the image has.</summary>
    public int Channels => numbers.Length / NumbersPerChannel;

    /// <summary>Sum, sum of squares, least and greatest value of a channel.</summary>
    public (double Sum, double Squares, double Minimum, double Maximum) this[int channel] =>
        numbers.AsSpan(NumbersPerChannel * channel, NumbersPerChannel) is [var sum, var squares, var minimum, var maximum]
            ? (sum, squares, minimum, maximum)
            : throw new ArgumentOutOfRangeException(nameof(channel), channel, $"The image has {Channels} channels.");

    /// <summary>How many bytes <see cref="Write"/> takes.</summary>
    public static int LengthOf(int channels) => NumbersPerChannel * sizeof(double) * channels;

    /// <summary>Measures an image as the model sees it; normalisation is undone.</summary>
    // byte = (value × deviation + mean) / scale
    public static PixelSummary Of(ReadOnlySpan<float> tensor, ImagePreprocessing preprocessing) => Of(
        tensor, preprocessing.Channels, preprocessing.Layout == TensorLayout.ChannelsFirst,
        c => preprocessing.StandardDeviationOf(c) / preprocessing.Scale, c => preprocessing.MeanOf(c) / preprocessing.Scale);

    /// <summary>Measures an image whose values are bytes, channels last.</summary>
    public static PixelSummary Of(ReadOnlySpan<float> bytes, int channels) => Of(bytes, channels, isFirst: false, _ => 1, _ => 0);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static PixelSummary Read(ReadOnlySpan<byte> bytes) => new(MemoryMarshal.Cast<byte, double>(bytes).ToArray());

    /// <summary>The numbers as bytes.</summary>
    public void Write(Span<byte> bytes) => MemoryMarshal.AsBytes<double>(numbers).CopyTo(bytes);

    private static PixelSummary Of(ReadOnlySpan<float> values, int channels, bool isFirst, Func<int, double> slopeOf, Func<int, double> offsetOf)
    {
        var pixels = values.Length / channels;
        var numbers = new double[NumbersPerChannel * channels];
        for (var c = 0; c < channels; c++)
        {
            var (slope, offset) = (slopeOf(c), offsetOf(c));
            var (begin, step) = isFirst ? (c * pixels, 1) : (c, channels);
            var (sum, squares, minimum, maximum) = (0.0, 0.0, double.PositiveInfinity, double.NegativeInfinity);
            for (var i = 0; i < pixels; i++)
            {
                var value = values[begin + i * step] * slope + offset;
                sum += value;
                squares += value * value;
                minimum = Math.Min(minimum, value);
                maximum = Math.Max(maximum, value);
            }
            ReadOnlySpan<double> measured = [sum, squares, minimum, maximum];
            measured.CopyTo(numbers.AsSpan(NumbersPerChannel * c));
        }
        return new PixelSummary(numbers);
    }
}
