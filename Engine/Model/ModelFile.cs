using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A whole model file: the schema and the transformer.</summary>
internal static class ModelFile
{
    public static void Save(MLContext context, ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using var archive = new ModelArchiveWriter(stream);
        if (inputSchema is not null)
        {
            var schema = SavedSchema.Of(inputSchema, left => context.Write(ChannelMessageKind.Warning, "Model.Save", left));
            archive.WriteJson(ModelArchive.SchemaEntry, schema);
        }
        using var root = new ModelSaveContext(archive, ModelArchive.RootFolder);
        root.Write(model);
        archive.Complete();
    }

    public static ITransformer Load(MLContext context, Stream stream, string name, out DataViewSchema inputSchema)
    {
        using var archive = new ModelArchiveReader(stream, name);
        inputSchema = archive.Has(ModelArchive.SchemaEntry) ? archive.ReadJson<SavedSchema>(ModelArchive.SchemaEntry).ToSchema() : null;
        return new ModelLoadContext(context, archive, ModelArchive.RootFolder).ReadTransformer();
    }
}
