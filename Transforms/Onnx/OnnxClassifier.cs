using System.Numerics.Tensors;
using MLPipelines.Native;

namespace MLPipelines.Transforms;

/// <summary>An ONNX model that takes one tensor a row and gives one score a class; arithmetic, no ML.NET.</summary>
/// <remarks>
/// One session, shared by all threads. The output may be [N, K], [N, 1, K], [N, K, 1, 1] or [K]: sizes of 1 are squeezed. A row with a NaN
/// in its input gets NaN scores, whatever the network would make of it: pooling and ReLU may turn NaN into plausible numbers.
/// </remarks>
internal sealed class OnnxClassifier : IDisposable
{
    private readonly OnnxSession session;
    private readonly long[] inputDimensions;
    private readonly bool hasBatchAxis;

    private OnnxClassifier(OnnxSession session, TensorInfo input, TensorInfo output, IReadOnlyList<int> rowDimensions, int rowLength, OnnxModelSource model)
    {
        this.session = session;
        (InputName, OutputName, RowLength) = (input.Name, output.Name, rowLength);
        (inputDimensions, FixedBatch, hasBatchAxis) = RowShape(input, rowDimensions, rowLength, model);
        if (FixedBatch is null && !ScoresRowsAlone())
            FixedBatch = 1;
        Classes = CountClasses(output, model);
    }

    /// <summary>The model's input that is fed.</summary>
    public string InputName { get; }

    /// <summary>The model's output that is read.</summary>
    public string OutputName { get; }

    /// <summary>Numbers in the tensor of one row.</summary>
    public int RowLength { get; }

    /// <summary>Rows that a run always takes; null: any number.</summary>
    public int? FixedBatch { get; }

    /// <summary>Scores a row.</summary>
    public int Classes { get; }

    /// <summary>Opens a model and finds out how it is fed with rows of the given dimensions.</summary>
    /// <exception cref="ArgumentException">The model does not take such rows, or has no such input or output, or gives something else than one score a class.</exception>
    public static OnnxClassifier Open(OnnxModelSource model, OnnxScoringOptions options, IReadOnlyList<int> rowDimensions, int rowLength)
    {
        var session = model.Open(new OnnxSessionSettings { IntraOpThreads = options.IntraOpThreads });
        try
        {
            var input = Chosen(session.Inputs, options.InputName, "input", nameof(options.InputName), model);
            var output = Chosen(session.Outputs, options.OutputName, "output", nameof(options.OutputName), model);
            return session.Inputs.Count == 1
                ? new OnnxClassifier(session, input, output, rowDimensions, rowLength, model)
                : throw new ArgumentException($"{model} has {session.Inputs.Count} inputs ({string.Join("; ", session.Inputs)}); a classifier of images has one.");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Scores rows that lie one after the other.</summary>
    /// <param name="rows">Room for <see cref="FixedBatch"/> rows of <see cref="RowLength"/> numbers; what is behind the rows is overwritten.</param>
    /// <param name="count">How many rows; at most <see cref="FixedBatch"/>.</param>
    /// <param name="scores">Receives count × <see cref="Classes"/> scores.</param>
    public void Score(float[] rows, int count, Span<float> scores)
    {
        var batch = FixedBatch ?? count;
        rows.AsSpan(count * RowLength, (batch - count) * RowLength).Clear();
        var result = Run(rows, batch);
        if (result.Length != (long)batch * Classes)
            throw new InvalidDataException($"The model's output '{OutputName}' has {result.Length} numbers for {batch} rows; {Classes} scores a row were expected.");

        result.Span[..scores.Length].CopyTo(scores);
        for (var row = 0; row < count; row++)
            if (TensorPrimitives.IsNaNAny<float>(rows.AsSpan(row * RowLength, RowLength)))
                scores.Slice(row * Classes, Classes).Fill(float.NaN);
    }

    /// <summary>Frees the model once no run uses it any more.</summary>
    public void Dispose() => session.Dispose();

    private ReadOnlyMemory<float> Run(float[] rows, int batch)
    {
        long[] shape = hasBatchAxis ? [batch, .. inputDimensions] : inputDimensions;
        var input = OnnxTensor.Of(new ReadOnlyMemory<float>(rows, 0, batch * RowLength), shape);
        return session.Run([KeyValuePair.Create(InputName, input)], [OutputName])[0].Memory<float>();
    }

    /// <summary>Whether a row gets the same scores in company as alone.</summary>
    /// <remarks>A model whose first size is open may still have a batch of 1 written into a reshape, or average over the batch.</remarks>
    private bool ScoresRowsAlone()
    {
        // Any two different rows will do. Kernels for one row and for two add up in different orders: far less than the tolerance.
        const float Tolerance = 1e-3f;
        var rows = new float[2 * RowLength];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = (i * 0.618034f) % 1;
        try
        {
            var together = Run(rows, 2).Span;
            var alone = Run(rows, 1).Span;
            var same = together.Length == 2 * alone.Length;
            for (var i = 0; same && i < alone.Length; i++)
                same = Math.Abs(together[i] - alone[i]) <= Tolerance * Math.Max(1, Math.Abs(alone[i]));
            return same;
        }
        catch (OnnxRuntimeException)
        {
            // Two rows are more than it takes; if one is as well, the first run of that says why.
            return false;
        }
    }

    private static TensorInfo Chosen(IReadOnlyList<TensorInfo> tensors, string? name, string what, string option, OnnxModelSource model)
    {
        var list = string.Join("; ", tensors);
        if (name is not null)
        {
            var named = tensors.FirstOrDefault(tensor => tensor.Name == name)
                ?? throw new ArgumentException($"{model} has no {what} '{name}'. It has: {list}.");
            return named.ElementType == TensorElementType.Float
                ? named
                : throw new ArgumentException($"The {what} '{name}' of {model} is {named}; only Float is supported. It has: {list}.");
        }

        var floats = tensors.Where(tensor => tensor.ElementType == TensorElementType.Float).ToArray();
        return floats.Length == 1
            ? floats[0]
            : throw new ArgumentException($"{model} has {floats.Length} {what}s of type Float: say which by {nameof(OnnxScoringOptions)}.{option}. It has: {list}.");
    }

    /// <summary>Fits a row into the model's input: which sizes it has, and which of them counts rows.</summary>
    private static (long[] Dimensions, int? FixedBatch, bool HasBatchAxis) RowShape(TensorInfo input, IReadOnlyList<int> row, int length, OnnxModelSource model)
    {
        var declared = input.Dimensions;
        if (declared.Count > 0 && Filled([.. declared.Skip(1)], row, length) is { } inner)
            return (inner, declared[0] < 0 ? null : (int)declared[0], true);
        if (declared.Count > 0 && declared[0] > 0 && Filled(declared, row, length) is { } whole)
            return (whole, 1, false);
        throw new ArgumentException(
            $"{model} takes {input}; the input column has rows of [{string.Join(",", row)}] = {length} numbers. Load images in the size and layout that the model expects.");
    }

    /// <summary>The declared sizes with the unknown ones taken from the row, or null if the row does not fit.</summary>
    private static long[]? Filled(IReadOnlyList<long> declared, IReadOnlyList<int> row, int length)
    {
        long[] filled = [.. declared];
        if (declared.Count == row.Count)
            for (var i = 0; i < filled.Length; i++)
                filled[i] = filled[i] < 0 ? row[i] : filled[i];
        else if (filled.Count(size => size < 0) == 1)
        {
            var known = filled.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
            filled[Array.FindIndex(filled, size => size < 0)] = known > 0 && length % known == 0 ? length / known : -1;
        }

        // [28, 28, 1] fits [1, 28, 28], the same numbers in the same order; [224, 224, 3] does not fit [3, 224, 224].
        var sameOrder = declared.Count != row.Count || filled.Where(size => size != 1).SequenceEqual(row.Where(size => size != 1).Select(size => (long)size));
        return sameOrder && filled.All(size => size > 0) && filled.Aggregate(1L, (product, size) => product * size) == length ? filled : null;
    }

    /// <summary>Scores a row, by the declared output, or where that leaves sizes open by the result for a row of zeros.</summary>
    private int CountClasses(TensorInfo output, OnnxModelSource model)
    {
        // A model that takes one row at a time may give its scores without a batch axis.
        var declared = output.Dimensions;
        var counts = declared.Count > 0 && (FixedBatch is not { } fixedBatch || declared[0] == fixedBatch || (declared[0] < 0 && declared.Count > 1));
        long[] sizes = counts ? [.. declared.Skip(1)] : [.. declared];
        if (declared.Count == 0 || sizes.Any(size => size < 0) || (!counts && FixedBatch != 1))
        {
            var batch = FixedBatch ?? 1;
            var values = Run(new float[batch * RowLength], batch).Length;
            return values % batch == 0 && values > 0
                ? values / batch
                : throw new ArgumentException($"The output {output} of {model} gives {values} numbers for {batch} rows; one score a class is needed.");
        }

        return sizes.Count(size => size > 1) <= 1 && sizes.All(size => size > 0)
            ? (int)sizes.Aggregate(1L, (product, size) => product * size)
            : throw new ArgumentException(
                $"The output {output} of {model} is no list of scores: [N, K], [N, 1, K] or [N, K, 1, 1] are. Choose another by {nameof(OnnxScoringOptions)}.{nameof(OnnxScoringOptions.OutputName)}.");
    }
}
