using System.Text.Json.Serialization;

namespace MLPipelines.Images;

/// <summary>The order of a tensor's axes, without the batch.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TensorLayout>))]
public enum TensorLayout
{
    /// <summary>[channels, height, width]: PyTorch, Caffe, most ONNX models (NCHW).</summary>
    ChannelsFirst,

    /// <summary>[height, width, channels]: TensorFlow, Keras (NHWC).</summary>
    ChannelsLast,
}
