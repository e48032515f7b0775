using System.Text.Json.Serialization;

namespace MLPipelines.Transforms;

/// <summary>How an image of any size is brought to the size that the model expects.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResizeMode>))]
public enum ResizeMode
{
    /// <summary>Both sides are resized to the target, whatever that does to the proportions.</summary>
    Stretch,

    /// <summary>
    /// Resized in proportion until the shorter side is <see cref="ImagePreprocessing.ShorterSide"/> (null: until the target is just
    /// covered), then the centre is cut out. The sizes and the offset round as torchvision's <c>Resize</c> and <c>CenterCrop</c> do.
    /// </summary>
    CropShorterSide,

    /// <summary>
    /// Resized in proportion until it just fits, then centred on <see cref="ImagePreprocessing.Background"/> (letterbox). The sizes and
    /// the offset round as Pillow's <c>ImageOps.pad</c> does.
    /// </summary>
    Pad,

    /// <summary>Never resized: an image of another size is an error.</summary>
    None,
}

/// <summary>The filter that resizing samples with; all but <see cref="Nearest"/> widen with the reduction (antialiasing), as in Pillow.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Interpolation>))]
public enum Interpolation
{
    /// <summary>The source pixel under the centre of the target pixel; no antialiasing.</summary>
    Nearest,

    /// <summary>The mean of the source pixels that the target pixel covers.</summary>
    Box,

    /// <summary>A triangle of radius 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic convolution with a = −0.5, radius 2. Overshoots; clamped to 0..255.</summary>
    Bicubic,

    /// <summary>A sinc windowed by a wider sinc, radius 3. Overshoots; clamped to 0..255.</summary>
    Lanczos3,
}

/// <summary>Which colours a tensor holds, and in which order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColorOrder>))]
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red (models that come from Caffe or OpenCV).</summary>
    Bgr,

    /// <summary>One channel; from colours it is (19595 R + 38470 G + 7471 B + 32768) / 65536, ITU-R 601 luma as Pillow's <c>L</c> rounds it.</summary>
    Grey,
}

/// <summary>The order of a tensor's axes, without the batch.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TensorLayout>))]
public enum TensorLayout
{
    /// <summary>[channels, height, width]: PyTorch, Caffe, most ONNX models (NCHW).</summary>
    ChannelsFirst,

    /// <summary>[height, width, channels]: TensorFlow, Keras (NHWC).</summary>
    ChannelsLast,
}

/// <summary>A colour, 8 bits a channel.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>(0, 0, 0), the default.</summary>
    public static RgbColor Black => default;

    /// <summary>(255, 255, 255).</summary>
    public static RgbColor White => new(255, 255, 255);
}
