using System.Text.Json.Serialization;

namespace MLPipelines.Images;

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
