using System.Text.Json.Serialization;

namespace MLPipelines.Images;

/// <summary>Everything that turns an image file into the numbers that a model expects; it belongs to the model and travels with it.</summary>
/// <remarks>
/// value = (byte × <see cref="Scale"/> − <see cref="Mean"/>[c]) / <see cref="StandardDeviation"/>[c], where c counts channels in the order
/// of <see cref="Colors"/>. The tensor's shape, without the batch, is <see cref="Dimensions"/>. Immutable, compared by value, and readable
/// and writable by System.Text.Json as it is. Usual settings are in <see cref="PreprocessingPresets"/>; change one by <c>with</c>.
/// </remarks>
public sealed record ImagePreprocessing
{
    /// <summary>The largest side that is accepted, in pixels.</summary>
    public const int LargestSide = 8192;

    /// <summary>Width of the tensor in pixels, 1 to 8192.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the tensor in pixels, 1 to 8192.</summary>
    public required int Height { get; init; }

    /// <summary>How an image comes to this size.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.CropShorterSide;

    /// <summary>
    /// With <see cref="ResizeMode.CropShorterSide"/>: the length of the shorter side before the crop, at least as long as both sides of the
    /// tensor. Null, the default: resized until the tensor is just covered. Null with every other mode.
    /// </summary>
    public int? ShorterSide { get; init; }

    /// <summary>The filter to resize with.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Which colours the tensor holds, in which order.</summary>
    public ColorOrder Colors { get; init; } = ColorOrder.Rgb;

    /// <summary>The order of the tensor's axes.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.ChannelsFirst;

    /// <summary>What a byte, 0 to 255, is multiplied with first. 1/255, the default, gives 0..1.</summary>
    public float Scale { get; init; } = 1 / 255f;

    /// <summary>What is subtracted after scaling: one number a channel, in the order of <see cref="Colors"/>, or one for all.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0];

    /// <summary>What is divided by at last: one number a channel, in the order of <see cref="Colors"/>, or one for all. Positive.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [1];

    /// <summary>What surrounds the image with <see cref="ResizeMode.Pad"/>, and what lies under transparent pixels. Black by default.</summary>
    public RgbColor Background { get; init; }

    /// <summary>1 for <see cref="ColorOrder.Grey"/>, else 3.</summary>
    [JsonIgnore]
    public int Channels => Colors == ColorOrder.Grey ? 1 : 3;

    /// <summary>How many numbers a tensor holds: channels × height × width.</summary>
    [JsonIgnore]
    public int Length => Channels * Height * Width;

    /// <summary>[channels, height, width] or [height, width, channels].</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Dimensions =>
        Layout == TensorLayout.ChannelsFirst ? [Channels, Height, Width] : [Height, Width, Channels];

    /// <summary>The mean of one channel.</summary>
    /// <param name="channel">From 0, in the order of <see cref="Colors"/>.</param>
    public float MeanOf(int channel) => Mean[Mean.Count == 1 ? 0 : channel];

    /// <summary>The standard deviation of one channel.</summary>
    /// <param name="channel">From 0, in the order of <see cref="Colors"/>.</param>
    public float StandardDeviationOf(int channel) => StandardDeviation[StandardDeviation.Count == 1 ? 0 : channel];

    /// <summary>Checks that the settings fit together; everything that takes preprocessing calls it.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range; the message says which, what it is and what it may be.</exception>
    public ImagePreprocessing Validate()
    {
        Require(Width is >= 1 and <= LargestSide, nameof(Width), Width, $"it must be 1 to {LargestSide} pixels");
        Require(Height is >= 1 and <= LargestSide, nameof(Height), Height, $"it must be 1 to {LargestSide} pixels");
        Require(Enum.IsDefined(Resize), nameof(Resize), Resize, $"it must be one of {string.Join(", ", Enum.GetNames<ResizeMode>())}");
        Require(
            Enum.IsDefined(Interpolation), nameof(Interpolation), Interpolation,
            $"it must be one of {string.Join(", ", Enum.GetNames<Interpolation>())}");
        Require(Enum.IsDefined(Colors), nameof(Colors), Colors, $"it must be one of {string.Join(", ", Enum.GetNames<ColorOrder>())}");
        Require(Enum.IsDefined(Layout), nameof(Layout), Layout, $"it must be one of {string.Join(", ", Enum.GetNames<TensorLayout>())}");
        if (ShorterSide is { } side)
        {
            Require(
                Resize == ResizeMode.CropShorterSide, nameof(ShorterSide), side,
                $"it means something only with Resize = CropShorterSide, not {Resize}; leave it null");
            Require(side <= LargestSide, nameof(ShorterSide), side, $"it must be at most {LargestSide} pixels");
            Require(
                side >= Math.Max(Width, Height), nameof(ShorterSide), side,
                $"a crop of {Width}×{Height} needs at least {Math.Max(Width, Height)}; set it together with the size");
        }

        Require(float.IsFinite(Scale) && Scale != 0, nameof(Scale), Scale, "it must be finite and not 0");
        RequireChannels(Mean, nameof(Mean));
        RequireChannels(StandardDeviation, nameof(StandardDeviation));
        for (var channel = 0; channel < Channels; channel++)
        {
            Require(float.IsFinite(MeanOf(channel)), $"{nameof(Mean)}[{channel}]", MeanOf(channel), "it must be finite");
            var deviation = StandardDeviationOf(channel);
            var name = $"{nameof(StandardDeviation)}[{channel}]";
            Require(float.IsFinite(deviation) && deviation > 0, name, deviation, "it must be finite and positive");
        }

        return this;
    }

    /// <summary>Equal when every setting is, the channels' numbers included.</summary>
    public bool Equals(ImagePreprocessing? other) =>
        other is not null
        && (Width, Height, Resize, ShorterSide, Interpolation, Colors, Layout, Scale, Background)
            == (other.Width, other.Height, other.Resize, other.ShorterSide, other.Interpolation, other.Colors, other.Layout, other.Scale,
                other.Background)
        && Mean.SequenceEqual(other.Mean)
        && StandardDeviation.SequenceEqual(other.StandardDeviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height, Resize, ShorterSide, Interpolation, Colors, Layout, Scale);

    /// <summary>One line for people, such as <c>224×224 Rgb ChannelsFirst, CropShorterSide 256 Bilinear</c>.</summary>
    public override string ToString() =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Width}×{Height} {Colors} {Layout}, {Resize}{(ShorterSide is { } side ? $" {side}" : "")} {Interpolation}, "
            + $"(byte × {Scale} − {Numbers(Mean)}) / {Numbers(StandardDeviation)}");

    private static string Numbers(IReadOnlyList<float> numbers) =>
        numbers.Count == 1
            ? numbers[0].ToString(System.Globalization.CultureInfo.InvariantCulture)
            : $"[{string.Join(", ", numbers.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    private static void Require<T>(bool condition, string setting, T given, string rule)
    {
        if (!condition)
            throw new ArgumentException(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{nameof(ImagePreprocessing)}.{setting} is {given}; {rule}."));
    }

    private void RequireChannels(IReadOnlyList<float>? numbers, string setting) =>
        Require(
            numbers is not null && (numbers.Count == 1 || numbers.Count == Channels),
            setting,
            numbers is null ? "null" : $"{numbers.Count} numbers",
            Channels == 1 ? "Colors = Grey takes one" : $"Colors = {Colors} takes {Channels}, or one for all");
}
