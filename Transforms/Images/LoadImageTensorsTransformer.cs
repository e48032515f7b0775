using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Images;

namespace MLPipelines.Transforms;

/// <summary>Adds the tensor of each row's image.</summary>
/// <remarks>Not saved by <c>mlContext.Model.Save</c>: the model bundle carries the preprocessing.</remarks>
public sealed class LoadImageTensorsTransformer : RowTransformer
{
    private readonly string outputColumnName, inputColumnName;
    private readonly ImageTensorLoader loader;
    private readonly ImageErrorPolicy onError;
    private readonly ImageLoadingOptions options;

    internal LoadImageTensorsTransformer(
        string outputColumnName, string inputColumnName, ImageTensorLoader loader, ImageErrorPolicy onError, ImageLoadingOptions options) =>
        (this.outputColumnName, this.inputColumnName, this.loader, this.onError, this.options) =
            (outputColumnName, inputColumnName, loader, onError, options);

    /// <summary>What the tensors are made to.</summary>
    public ImagePreprocessing Preprocessing => loader.Preprocessing;

    internal static DataViewSchema.DetachedColumn Added(string name, ImagePreprocessing preprocessing) =>
        new(name, new VectorDataViewType(NumberDataViewType.Single, preprocessing.Dimensions.ToArray()));

    internal static ArgumentOutOfRangeException Mismatch(string name, string actual) =>
        Columns.Mismatch(name, "String (paths) or a vector of Byte (the bytes of image files)", actual);

    private protected override BatchMapping Bind(DataViewSchema inputSchema)
    {
        var images = Columns.Find(inputSchema, inputColumnName);
        var isFile = images.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte;
        if (!isFile && images.Type is not TextDataViewType)
            throw Mismatch(inputColumnName, images.Type.ToString()!);

        List<DataViewSchema.Column> inputs = [images];
        if (options.NameColumn is { } name)
        {
            var names = Columns.Find(inputSchema, name);
            inputs.Add(names.Type is TextDataViewType ? names : throw Columns.Mismatch(name, "String", names.Type.ToString()!));
        }

        return new Mapping(this, inputSchema, inputs, isFile);
    }

    private protected override void Save(ModelSaveContext context) => throw new NotSupportedException(
        "LoadImageTensors cannot be saved by mlContext.Model.Save: ML.NET has no built-in transformer that decodes and "
        + "resizes images as this one does. "
        + "Save a model bundle, which carries the preprocessing, or save the part of the pipeline after this step.");

    private sealed class Mapping(LoadImageTensorsTransformer owner, DataViewSchema schema, IReadOnlyList<DataViewSchema.Column> inputs, bool isFile)
        : BatchMapping(schema, inputs, [Added(owner.outputColumnName, owner.Preprocessing)])
    {
        // Enough rows to keep every core busy, few enough that their tensors stay within about 64 MiB.
        public override int BatchSize => Math.Clamp((16 << 20) / owner.loader.Length, 1, 64);

        public override IBatchComputation Begin(BatchBuffers buffers) =>
            new Computation(owner, isFile, owner.options.NameColumn is not null, buffers);
    }

    private sealed class Computation(LoadImageTensorsTransformer owner, bool isFile, bool isNamed, BatchBuffers buffers) : IBatchComputation
    {
        private readonly VBuffer<byte>[]? files = isFile ? buffers.Input<VBuffer<byte>>(0) : null;
        private readonly ReadOnlyMemory<char>[]? paths = isFile ? null : buffers.Input<ReadOnlyMemory<char>>(0);
        private readonly ReadOnlyMemory<char>[]? names = isNamed ? buffers.Input<ReadOnlyMemory<char>>(1) : null;
        private readonly VBuffer<float>[] tensors = buffers.Output<VBuffer<float>>(0);

        public void Compute(int first, int count) => ParallelRows.For(first, count, LoadRow);

        private void LoadRow(int row)
        {
            var path = paths?[row].ToString();
            var name = names?[row].ToString() ?? path ?? $"An image of column '{owner.inputColumnName}'";
            var editor = VBufferEditor.Create(ref tensors[row], owner.loader.Length);
            try
            {
                if (path is null)
                    LoadFile(files![row], editor.Values, name);
                else
                    ReadFile(path, editor.Values, name);
            }
            catch (InvalidDataException failure) when (owner.onError == ImageErrorPolicy.Missing)
            {
                editor.Values.Fill(float.NaN);
                owner.options.Skipped?.Report(new(name, failure.Message));
            }

            tensors[row] = editor.Commit();
        }

        private void LoadFile(in VBuffer<byte> file, Span<float> tensor, string name)
        {
            if (file.IsDense)
                owner.loader.Load(file.GetValues(), tensor, name);
            else
                owner.loader.Load(file.DenseValues().ToArray(), tensor, name);
        }

        private void ReadFile(string path, Span<float> tensor, string name)
        {
            if (path.Length == 0)
                throw new InvalidDataException($"A row of column '{owner.inputColumnName}' has an empty path.");
            try
            {
                owner.loader.Read(owner.options.ImageFolder is { } folder ? Path.Combine(folder, path) : path, tensor);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new InvalidDataException($"{name} cannot be read: {failure.Message}", failure);
            }
        }
    }
}
