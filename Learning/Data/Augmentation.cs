using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>Random changes to training images that leave their class what it is, so that a network sees a new image in every epoch.</summary>
/// <remarks>
/// <para>
/// Works on raw pixel values, 0 to 255, before they are normalised; everything is off by default. The order is: flips, scale, rotation and shift in
/// one resampling; contrast and brightness; noise; erasing. Everything random comes from a key, so that the same key gives the same image on
/// every thread; where there is rotation, noise or a ratio, to the last bit only on the same kind of processor.
/// </para>
/// <para>
/// For users of torchvision: <c>RandomCrop(n, padding=4)</c> on images of n pixels is <see cref="ShiftPixels"/> = 4,
/// <c>ColorJitter(brightness, contrast)</c> are <see cref="Brightness"/> and <see cref="Contrast"/>, <c>RandomErasing</c> is
/// <see cref="EraseShare"/> = 0.33. For users of Keras: <c>RandomTranslation(f, f)</c> is <see cref="ShiftShare"/>, <c>RandomRotation(f)</c> is
/// <see cref="RotateDegrees"/> = 360 f, <c>RandomZoom(f)</c> is <see cref="ScaleRange"/>.
/// </para>
/// </remarks>
public sealed record Augmentation
{
    // Zhong et al. 2020, "Random Erasing Data Augmentation": probability, smallest share and range of the sides' ratio.
    private const float EraseProbability = 0.5f, SmallestErased = 0.02f, FlattestErased = 0.3f;

    /// <summary>Images stay as they are.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>Shifts of up to 2 pixels and horizontal flips: for clothes and objects. Not for digits, letters and traffic signs, which are
    /// something else in the mirror.</summary>
    public static Augmentation Light { get; } = new() { FlipHorizontally = true, ShiftPixels = 2 };

    /// <summary>Whether every second image, at random, is mirrored left to right.</summary>
    public bool FlipHorizontally { get; init; }

    /// <summary>Whether every second image, at random, is mirrored top to bottom.</summary>
    public bool FlipVertically { get; init; }

    /// <summary>Shifts by whole pixels, each number from −n to n alike, along both axes; exact, nothing is interpolated. 0 is off.</summary>
    public int ShiftPixels { get; init; }

    /// <summary>Shifts along each axis by up to this share of the side either way, 0 to 1; in parts of pixels. 0 is off.</summary>
    public float ShiftShare { get; init; }

    /// <summary>Rotates about the centre by up to so many degrees either way, 0 to 180. 0 is off.</summary>
    public float RotateDegrees { get; init; }

    /// <summary>Scales about the centre by a factor from 1 − r to 1 + r, the same along both axes; 0 to below 1. 0 is off.</summary>
    public float ScaleRange { get; init; }

    /// <summary>Multiplies all values by one factor from 1 − b to 1 + b; 0 to 1. 0 is off.</summary>
    public float Brightness { get; init; }

    /// <summary>Multiplies the distance of all values from the image's mean by one factor from 1 − c to 1 + c; 0 to 1. 0 is off.</summary>
    public float Contrast { get; init; }

    /// <summary>Adds to each value a number of its own from the normal distribution with this standard deviation, 0 to 255. 0 is off.</summary>
    public float NoiseDeviation { get; init; }

    /// <summary>Overwrites in every second image, at random, a rectangle with <see cref="FillValue"/>: its area from 2 % up to this share of the
    /// image, its sides in a ratio from 0.3 to 1/0.3; 0 to 1. 0 is off.</summary>
    public float EraseShare { get; init; }

    /// <summary>What is seen where an image was shifted, rotated or shrunk away from its border.</summary>
    public BorderFill Fill { get; init; } = BorderFill.Value;

    /// <summary>The value, 0 to 255, of what is erased, and of what lies around the image with <see cref="BorderFill.Value"/>; 0 (black) by
    /// default.</summary>
    public float FillValue { get; init; }

    /// <summary>Whether everything is off.</summary>
    [JsonIgnore]
    public bool IsNone => !MovesByPixels && !Interpolates && !ChangesValues && EraseShare == 0;

    private bool MovesByPixels => FlipHorizontally || FlipVertically || ShiftPixels != 0;

    private bool Interpolates => ShiftShare != 0 || RotateDegrees != 0 || ScaleRange != 0;

    private bool ChangesValues => Brightness != 0 || Contrast != 0 || NoiseDeviation != 0;

    /// <summary>Checks the settings.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range; the message says which, what it is and what it may be.</exception>
    public Augmentation Validate()
    {
        Require(ShiftPixels >= 0, nameof(ShiftPixels), ShiftPixels, "it must be 0 or more; shifts go either way");
        Require(ShiftShare is >= 0 and <= 1, nameof(ShiftShare), ShiftShare, "it must be 0 to 1, a share of the image's side");
        Require(RotateDegrees is >= 0 and <= 180, nameof(RotateDegrees), RotateDegrees, "it must be 0 to 180 degrees; rotations go either way");
        Require(ScaleRange is >= 0 and < 1, nameof(ScaleRange), ScaleRange, "it must be 0 to below 1; 0.1 scales by 0.9 to 1.1");
        Require(Brightness is >= 0 and <= 1, nameof(Brightness), Brightness, "it must be 0 to 1; 0.2 multiplies by 0.8 to 1.2");
        Require(Contrast is >= 0 and <= 1, nameof(Contrast), Contrast, "it must be 0 to 1; 0.2 multiplies by 0.8 to 1.2");
        Require(NoiseDeviation is >= 0 and <= 255, nameof(NoiseDeviation), NoiseDeviation, "it must be 0 to 255, in the unit of the pixels");
        Require(EraseShare is >= 0 and <= 1, nameof(EraseShare), EraseShare, "it must be 0 to 1, a share of the image's area");
        Require(Enum.IsDefined(Fill), nameof(Fill), Fill, $"it must be one of {string.Join(", ", Enum.GetNames<BorderFill>())}");
        Require(FillValue is >= 0 and <= 255, nameof(FillValue), FillValue, "it must be 0 to 255, in the unit of the pixels");
        return this;
    }

    /// <summary>Checks the settings for samples of one shape, too: a shift must leave something of the image, and plain vectors are no
    /// images.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Validate()"/>, or the shape does not take them.</exception>
    public Augmentation Validate(ImageShape shape)
    {
        Validate();
        if (IsNone) return this;
        var side = Math.Min(shape.Height, shape.Width);
        if (shape.Height == 1 && shape.Width == 1)
        {
            throw new ArgumentException(
                $"Augmentation ({Described()}) is for images, and the samples are vectors of {shape.Channels} numbers; use "
                + $"{nameof(Augmentation)}.{nameof(None)}.");
        }
        Require(ShiftPixels < side, nameof(ShiftPixels), ShiftPixels, $"images of {shape} can be shifted by {side - 1} at most");
        return this;
    }

    /// <summary>Changes one image in place. Allocates nothing; safe on several threads at once.</summary>
    /// <param name="values">Raw values, 0 to 255, channels last; they stay in this range.</param>
    /// <param name="scratch">At least as many numbers, of no meaning before and after.</param>
    /// <param name="shape">The shape of the image.</param>
    /// <param name="key">What to draw the random numbers from, such as <c>SeededRandom.Key(seed, epoch, sample)</c>.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Apply(Span<float> values, Span<float> scratch, ImageShape shape, ulong key)
    {
        if (values.Length != shape.Size || scratch.Length < shape.Size)
        {
            throw new ArgumentException(
                $"An image of {shape} has {shape.Size} values and needs as much scratch; {values.Length} and {scratch.Length} were given.");
        }

        var random = new SeededRandom(key);
        if (MovesByPixels || Interpolates) Move(values, scratch[..shape.Size], shape, ref random);
        if (Brightness != 0 || Contrast != 0) ChangeTone(values, ref random);
        if (NoiseDeviation != 0) AddNoise(values, ref random);
        if (ChangesValues) TensorPrimitives.Clamp<float>(values, 0, 255, values);
        if (EraseShare != 0) Erase(values, shape, ref random);
    }

    /// <summary>What is on, in one line for people: <c>flip horizontally, shift ±2 px</c>; <c>none</c> where nothing is.</summary>
    public string Described()
    {
        var parts = new List<string>();
        if (FlipHorizontally) parts.Add("flip horizontally");
        if (FlipVertically) parts.Add("flip vertically");
        Add(ShiftPixels, $"shift ±{ShiftPixels} px");
        Add(ShiftShare, $"shift ±{Percent(ShiftShare)}");
        Add(RotateDegrees, string.Create(CultureInfo.InvariantCulture, $"rotate ±{RotateDegrees}°"));
        Add(ScaleRange, $"scale ±{Percent(ScaleRange)}");
        Add(Brightness, $"brightness ±{Percent(Brightness)}");
        Add(Contrast, $"contrast ±{Percent(Contrast)}");
        Add(NoiseDeviation, string.Create(CultureInfo.InvariantCulture, $"noise σ {NoiseDeviation}"));
        Add(EraseShare, $"erase up to {Percent(EraseShare)}");
        return parts.Count == 0 ? "none" : string.Join(", ", parts);

        void Add(float amount, string text)
        {
            if (amount != 0) parts.Add(text);
        }

        static string Percent(float share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
    }

    private void Move(Span<float> values, Span<float> scratch, ImageShape shape, ref SeededRandom random)
    {
        var flipX = FlipHorizontally && random.Next(2) == 1;
        var flipY = FlipVertically && random.Next(2) == 1;
        var (shiftX, shiftY) = ShiftPixels == 0 ? (0, 0)
            : (random.Next(2 * ShiftPixels + 1) - ShiftPixels, random.Next(2 * ShiftPixels + 1) - ShiftPixels);
        if (!Interpolates)
        {
            if (!flipX && !flipY && (shiftX, shiftY) == (0, 0)) return;
            MoveByPixels(values, scratch, shape, flipX, flipY, shiftX, shiftY);
        }
        else
        {
            var map = AffineMap.Of(
                shape,
                RotateDegrees == 0 ? 0 : RotateDegrees * EitherWay(ref random),
                ScaleRange == 0 ? 1 : 1 + ScaleRange * EitherWay(ref random),
                shiftX + (ShiftShare == 0 ? 0 : ShiftShare * shape.Width * EitherWay(ref random)),
                shiftY + (ShiftShare == 0 ? 0 : ShiftShare * shape.Height * EitherWay(ref random)),
                flipX,
                flipY);
            map.Resample(values, scratch, shape, Fill, FillValue);
        }
        scratch.CopyTo(values);
    }

    private void MoveByPixels(ReadOnlySpan<float> source, Span<float> target, ImageShape shape, bool flipX, bool flipY, int shiftX, int shiftY)
    {
        var (height, width, channels) = (shape.Height, shape.Width, shape.Channels);
        var rowLength = width * channels;
        for (var y = 0; y < height; y++)
        {
            var row = target.Slice(y * rowLength, rowLength);
            var fromY = AffineMap.Inside(y - shiftY, height, Fill);
            if (fromY < 0)
            {
                row.Fill(FillValue);
                continue;
            }
            var sourceRow = source.Slice((flipY ? height - 1 - fromY : fromY) * rowLength, rowLength);
            var (first, end) = (Math.Max(0, shiftX), Math.Min(width, width + shiftX));
            if (flipX && channels > 1)
            {
                for (var x = first; x < end; x++) CopyPixel(sourceRow, width - 1 - (x - shiftX), row, x, channels);
            }
            else
            {
                var inside = row[(first * channels)..(end * channels)];
                sourceRow.Slice((flipX ? width - end + shiftX : first - shiftX) * channels, inside.Length).CopyTo(inside);
                if (flipX) inside.Reverse();
            }
            for (var x = 0; x < first; x++) FillPixel(sourceRow, row, x);
            for (var x = end; x < width; x++) FillPixel(sourceRow, row, x);
        }

        void FillPixel(ReadOnlySpan<float> sourceRow, Span<float> row, int x)
        {
            var fromX = AffineMap.Inside(x - shiftX, width, Fill);
            if (fromX < 0) row.Slice(x * channels, channels).Fill(FillValue);
            else CopyPixel(sourceRow, flipX ? width - 1 - fromX : fromX, row, x, channels);
        }

        static void CopyPixel(ReadOnlySpan<float> source, int from, Span<float> target, int to, int channels) =>
            source.Slice(from * channels, channels).CopyTo(target[(to * channels)..]);
    }

    // (v − mean) contrast + mean, times brightness.
    private void ChangeTone(Span<float> values, ref SeededRandom random)
    {
        var brightness = 1 + Brightness * EitherWay(ref random);
        var contrast = 1 + Contrast * EitherWay(ref random);
        var mean = TensorPrimitives.Sum<float>(values) / values.Length;
        TensorPrimitives.Multiply(values, brightness * contrast, values);
        TensorPrimitives.Add(values, brightness * (1 - contrast) * mean, values);
    }

    /// <summary>Box and Muller 1958, two numbers from two, many at a time.</summary>
    private void AddNoise(Span<float> values, ref SeededRandom random)
    {
        const int Most = 128;
        Span<float> radii = stackalloc float[Most], angles = stackalloc float[Most], sines = stackalloc float[Most];
        while (values.Length > 0)
        {
            var pairs = Math.Min(Most, (values.Length + 1) / 2);
            Span<float> radius = radii[..pairs], angle = angles[..pairs], sine = sines[..pairs];
            for (var i = 0; i < pairs; i++)
            {
                // One draw of 64 bits holds both: 24 bits each, the first never 0, as its logarithm is taken.
                var bits = random.NextBits();
                radius[i] = ((bits >> 40) + 0.5f) * (1f / (1 << 24));
                angle[i] = (bits & 0xFFFFFF) * (MathF.Tau / (1 << 24));
            }
            TensorPrimitives.Log<float>(radius, radius);
            TensorPrimitives.Multiply(radius, -2 * NoiseDeviation * NoiseDeviation, radius);
            TensorPrimitives.Sqrt<float>(radius, radius);
            TensorPrimitives.Sin<float>(angle, sine);
            TensorPrimitives.Cos<float>(angle, angle);

            Span<float> first = values[..pairs], second = values[pairs..Math.Min(2 * pairs, values.Length)];
            TensorPrimitives.MultiplyAdd<float>(radius, angle, first, first);
            TensorPrimitives.MultiplyAdd<float>(radius[..second.Length], sine[..second.Length], second, second);
            values = values[(first.Length + second.Length)..];
        }
    }

    private void Erase(Span<float> values, ImageShape shape, ref SeededRandom random)
    {
        if (random.NextSingle() >= EraseProbability) return;
        var smallest = Math.Min(SmallestErased, EraseShare);
        var area = shape.Height * shape.Width * (smallest + (EraseShare - smallest) * random.NextSingle());
        var ratio = MathF.Pow(FlattestErased, EitherWay(ref random));
        var height = Math.Clamp((int)MathF.Round(MathF.Sqrt(area * ratio)), 1, shape.Height);
        var width = Math.Clamp((int)MathF.Round(MathF.Sqrt(area / ratio)), 1, shape.Width);
        var (top, left) = (random.Next(shape.Height - height + 1), random.Next(shape.Width - width + 1));
        for (var y = top; y < top + height; y++)
            values.Slice((y * shape.Width + left) * shape.Channels, width * shape.Channels).Fill(FillValue);
    }

    // From −1 to below 1.
    private static float EitherWay(ref SeededRandom random) => 2 * random.NextSingle() - 1;

    private static void Require<T>(bool condition, string setting, T given, string rule)
    {
        if (!condition)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{nameof(Augmentation)}.{setting} is {given}; {rule}."));
    }
}
