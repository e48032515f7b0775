using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>Models through memory.</summary>
internal static class ModelFiles
{
    public static byte[] Save(MLContext ml, ITransformer model, DataViewSchema? schema = null)
    {
        using var file = new MemoryStream();
        ml.Model.Save(model, schema, file);
        return file.ToArray();
    }

    public static ITransformer Load(MLContext ml, byte[] file, out DataViewSchema schema) => ml.Model.Load(new MemoryStream(file), out schema);

    public static ITransformer Reload(MLContext ml, ITransformer model) => Load(ml, Save(ml, model), out _);
}
