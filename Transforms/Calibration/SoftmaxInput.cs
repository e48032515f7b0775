using System.Text.Json.Serialization;

namespace MLPipelines.Transforms;

/// <summary>What a softmax is given.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SoftmaxInput>))]
public enum SoftmaxInput
{
    /// <summary>Any numbers; only their differences matter.</summary>
    Logits,

    /// <summary>Numbers from 0 to 1; their logarithms are the logits.</summary>
    Probabilities,
}
