using System.Text.Json.Serialization;

namespace MLPipelines.Pipelines;

/// <summary>The JSON of a bundle's parts: camelCase, indented, LF, generated code and no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(ReferenceStatistics))]
internal sealed partial class BundleJson : JsonSerializerContext;
