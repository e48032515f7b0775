using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>The architecture of a network, without weights: layers that follow each other, with branches in <see cref="Residual"/>.</summary>
/// <remarks>
/// Written as JSON: <c>{ "name": "tiny", "layers": [ { "type": "conv2d", "filters": 16, "padding": "same" }, { "type": "relu" },
/// { "type": "globalavgpool" }, { "type": "dense" } ] }</c>. The last layer must give one number per class; a <see cref="Dense"/> without
/// units does.
/// </remarks>
public sealed record NetworkDefinition
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What the architecture is called.</summary>
    public string Name { get; init; } = "network";

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<LayerDefinition> Layers { get; init; }

    /// <summary>Reads the JSON form.</summary>
    /// <param name="json">The text; comments and trailing commas are let pass, unknown members are not.</param>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <exception cref="InvalidDataException">It is no JSON, or not of this form.</exception>
    public static NetworkDefinition Parse(string json, string source = "The network")
    {
        try
        {
            return JsonSerializer.Deserialize<NetworkDefinition>(json, Json)
                ?? throw new InvalidDataException($"{source} is the JSON value null; it must be an object with \"layers\".");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"{source} does not describe a network: {error.Message} Known layer types: conv2d, dense, batchnorm, relu, maxpool, avgpool, "
                + "globalavgpool, dropout, flatten, residual.",
                error);
        }
    }

    /// <summary>Reads a file in the JSON form.</summary>
    /// <exception cref="InvalidDataException">The file does not describe a network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkDefinition Read(string path) => Parse(File.ReadAllText(path), $"'{path}'");

    /// <summary>The JSON form, which <see cref="Parse"/> reads back.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
