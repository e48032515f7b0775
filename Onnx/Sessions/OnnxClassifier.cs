using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>An ONNX model that takes one tensor a row and gives one score a class; arithmetic, no ML.NET.</summary>
/// <remarks>
/// One session, shared by all threads. The output may be [N, K], [N, 1, K], [N, K, 1, 1] or [K]: sizes of 1 are squeezed. A row with a NaN
/// in its input gets NaN scores, whatever the network would make of it: pooling and ReLU may turn NaN into plausible numbers.
/// </remarks>
public sealed class OnnxClassifier : IDisposable
{
    private readonly OnnxSession session;
    private readonly string[] inputNames, outputNames;
    private readonly long[] inputDimensions;
    private readonly bool hasBatchAxis;

    private OnnxClassifier(OnnxSession session, TensorInfo input, TensorInfo output, IReadOnlyList<int> rowDimensions, OnnxModelSource model)
    {
        this.session = session;
        (inputNames, outputNames) = ([input.Name], [output.Name]);
        RowLength = rowDimensions.Aggregate(1, (product, size) => checked(product * size));
        (inputDimensions, FixedBatch, hasBatchAxis) = RowShape(input, rowDimensions, RowLength, model);
        if (FixedBatch is null && !ScoresRowsAlone())
            FixedBatch = 1;
        Classes = CountClasses(output, model);
    }

    /// <summary>The model's input that is fed.</summary>
    public string InputName => inputNames[0];

    /// <summary>The model's output that is read.</summary>
    public string OutputName => outputNames[0];

    /// <summary>Numbers in the tensor of one row.</summary>
    public int RowLength { get; }

    /// <summary>Rows that a run always takes; null: any number.</summary>
    public int? FixedBatch { get; }

    /// <summary>Scores a row.</summary>
    public int Classes { get; }

    /// <summary>Opens a model in memory and finds out how it is fed with rows of the given dimensions.</summary>
    /// <param name="model">The ONNX file's bytes; not needed any more afterwards.</param>
    /// <param name="rowDimensions">The shape of one row's tensor, such as [3, 224, 224].</param>
    /// <param name="inputName">The model's input; null: its only one.</param>
    /// <param name="outputName">The output that holds the scores; null: its only one of type float.</param>
    /// <param name="settings">Threads of ONNX Runtime; null for the defaults.</param>
    /// <exception cref="ArgumentException">The model does not take such rows, or has no such input or output, or gives something else than one score
    /// a class.</exception>
    /// <exception cref="OnnxModelException">The model cannot be opened or run.</exception>
    public static OnnxClassifier Open(
        ReadOnlyMemory<byte> model,
        IReadOnlyList<int> rowDimensions,
        string? inputName = null,
        string? outputName = null,
        OnnxSessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(rowDimensions);
        return Open(OnnxModelSource.Bytes(model), rowDimensions, inputName, outputName, settings ?? new());
    }

    /// <inheritdoc cref="Open(ReadOnlyMemory{byte}, IReadOnlyList{int}, string?, string?, OnnxSessionSettings?)"/>
    public static OnnxClassifier Open(
        OnnxModelSource model, IReadOnlyList<int> rowDimensions, string? inputName, string? outputName, OnnxSessionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rowDimensions);
        ArgumentNullException.ThrowIfNull(settings);
        var session = model.Open(settings);
        try
        {
            var input = Chosen(session.Inputs, inputName, "input", "InputName", model);
            var output = Chosen(session.Outputs, outputName, "output", "OutputName", model);
            return session.Inputs.Count == 1
                ? new OnnxClassifier(session, input, output, rowDimensions, model)
                : throw new ArgumentException(
                    $"{model} has {session.Inputs.Count} inputs ({string.Join("; ", session.Inputs)}); a classifier of images has one.");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Scores rows that lie one after the other.</summary>
    /// <remarks>A model of a fixed batch is run that many rows at a time, the last ones filled up with zeros, whose scores are dropped.</remarks>
    /// <param name="rows">Any number of rows of <see cref="RowLength"/> numbers.</param>
    /// <param name="scores">Receives <see cref="Classes"/> scores a row.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, or not room for exactly their scores.</exception>
    /// <exception cref="InvalidDataException">The model gives another number of scores than it declares.</exception>
    /// <exception cref="ObjectDisposedException">The model was freed.</exception>
    public void Score(ReadOnlyMemory<float> rows, Span<float> scores)
    {
        var count = rows.Length / RowLength;
        if (rows.Length != count * RowLength || scores.Length != count * Classes)
            throw new ArgumentException(
                $"There are {rows.Length} numbers and room for {scores.Length} scores; a row has {RowLength} numbers and gets {Classes} scores.");

        var batch = FixedBatch ?? count;
        for (var first = 0; first < count; first += batch)
        {
            var used = Math.Min(batch, count - first);
            using var output = Run(FilledUp(rows.Slice(first * RowLength, used * RowLength), batch * RowLength), batch);
            var values = output[0].GetTensorDataAsSpan<float>();
            if (values.Length != (long)batch * Classes)
                throw new InvalidDataException(
                    $"The model's output '{OutputName}' has {values.Length} numbers for {batch} rows; {Classes} scores a row were expected.");
            values[..(used * Classes)].CopyTo(scores[(first * Classes)..]);
        }

        for (var row = 0; row < count; row++)
            if (TensorPrimitives.IsNaNAny(rows.Span.Slice(row * RowLength, RowLength)))
                scores.Slice(row * Classes, Classes).Fill(float.NaN);
    }

    /// <summary>Frees the model once no run uses it any more.</summary>
    public void Dispose() => session.Dispose();

    private static ReadOnlyMemory<float> FilledUp(ReadOnlyMemory<float> values, int length)
    {
        if (values.Length == length)
            return values;
        var filled = new float[length];
        values.CopyTo(filled);
        return filled;
    }

    /// <summary>The shape of the model's input for some rows.</summary>
    public long[] InputDimensions(int batch) => hasBatchAxis ? [batch, .. inputDimensions] : inputDimensions;

    private IDisposableReadOnlyCollection<OrtValue> Run(ReadOnlyMemory<float> rows, int batch)
    {
        using var input = OrtTensors.Over(rows, InputDimensions(batch));
        return session.Run(inputNames, [input], outputNames);
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
            using var ofTwo = Run(rows, 2);
            using var ofOne = Run(rows.AsMemory(0, RowLength), 1);
            var together = ofTwo[0].GetTensorDataAsSpan<float>();
            var alone = ofOne[0].GetTensorDataAsSpan<float>();
            var same = together.Length == 2 * alone.Length;
            for (var i = 0; same && i < alone.Length; i++)
                same = Math.Abs(together[i] - alone[i]) <= Tolerance * Math.Max(1, Math.Abs(alone[i]));
            return same;
        }
        catch (OnnxModelException)
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
            : throw new ArgumentException(
                $"{model} has {floats.Length} {what}s of type Float: say which by OnnxScoringOptions.{option}. It has: {list}.");
    }

    /// <summary>Fits a row into the model's input: which sizes it has, and which of them counts rows.</summary>
    private static (long[] Dimensions, int? FixedBatch, bool HasBatchAxis) RowShape(
        TensorInfo input, IReadOnlyList<int> row, int length, OnnxModelSource model)
    {
        var declared = input.Dimensions;
        if (declared.Count > 0 && Filled([.. declared.Skip(1)], row, length) is { } inner)
            return (inner, declared[0] < 0 ? null : (int)declared[0], true);
        if (declared.Count > 0 && declared[0] > 0 && Filled(declared, row, length) is { } whole)
            return (whole, 1, false);
        throw new ArgumentException(
            $"{model} takes {input}; the input column has rows of [{string.Join(",", row)}] = {length} numbers. "
            + "Load images in the size and layout that the model expects.");
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
        var sameOrder = declared.Count != row.Count || filled.Where(size => size != 1)
            .SequenceEqual(row.Where(size => size != 1).Select(size => (long)size));
        return sameOrder && filled.All(size => size > 0) && filled.Aggregate(1L, (product, size) => product * size) == length ? filled : null;
    }

    /// <summary>Scores a row, by the declared output, or where that leaves sizes open by the result for a row of zeros.</summary>
    private int CountClasses(TensorInfo declaredOutput, OnnxModelSource model)
    {
        // A model that takes one row at a time may give its scores without a batch axis.
        var declared = declaredOutput.Dimensions;
        var counts = declared.Count > 0 && (FixedBatch is not { } fixedBatch || declared[0] == fixedBatch || (declared[0] < 0 && declared.Count > 1));
        long[] sizes = counts ? [.. declared.Skip(1)] : [.. declared];
        if (declared.Count == 0 || sizes.Any(size => size < 0) || (!counts && FixedBatch != 1))
        {
            var batch = FixedBatch ?? 1;
            using var output = Run(new float[batch * RowLength], batch);
            var values = (int)output[0].GetTensorTypeAndShape().ElementCount;
            return values % batch == 0 && values > 0
                ? values / batch
                : throw new ArgumentException(
                    $"The output {declaredOutput} of {model} gives {values} numbers for {batch} rows; one score a class is needed.");
        }

        return sizes.Count(size => size > 1) <= 1 && sizes.All(size => size > 0)
            ? (int)sizes.Aggregate(1L, (product, size) => product * size)
            : throw new ArgumentException(
                $"The output {declaredOutput} of {model} is no list of scores: [N, K], [N, 1, K] or [N, K, 1, 1] are. "
                + "Choose another by OutputName.");
    }
}
