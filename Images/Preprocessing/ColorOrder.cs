using System.Text.Json.Serialization;

namespace MLPipelines.Images;

/// <summary>Which colours a tensor holds, and in which order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColorOrder>))]
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red (models that come from Caffe or OpenCV).</summary>
    Bgr,

    /// <summary>One channel; from colours it is (19595 R + 38470 G + 7471 B + 32768) / 65536, ITU-R 601 luma
    /// as Pillow's <c>L</c> rounds it.</summary>
    Grey,
}
