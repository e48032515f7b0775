using Microsoft.ML.OnnxRuntime;

namespace MLPipelines.Onnx;

/// <summary>A model opened by ONNX Runtime, on the CPU.</summary>
/// <remarks>It may be run by several threads at once; disposing waits for none of them, and frees the model after the last run.</remarks>
public sealed class OnnxSession : IDisposable
{
    private static readonly RunOptions QuietRun = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    private readonly SessionOwner owner;
    private readonly string modelName;

    private OnnxSession(InferenceSession session, string modelName)
    {
        owner = new SessionOwner(session);
        this.modelName = modelName;
        Inputs = [.. session.InputNames.Select(name => Declared(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => Declared(name, session.OutputMetadata[name]))];
    }

    /// <summary>What the model wants, in its order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What the model gives, in its order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Opens a model file. Weights that the model keeps in files beside it are found.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxModelException">The file is no model that the library can run; the message carries its text.</exception>
    public static OnnxSession Open(string path, OnnxSessionSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path)
            ? Open($"The model {path}", settings, options => new InferenceSession(path, options))
            : throw new FileNotFoundException($"There is no model file {Path.GetFullPath(path)}.", path);
    }

    /// <summary>Opens a model held in memory, which is not used any more afterwards.</summary>
    /// <exception cref="OnnxModelException">The bytes are no model that the library can run; the message carries its text.</exception>
    public static OnnxSession Open(byte[] model, OnnxSessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Length > 0
            ? Open($"The model of {model.Length:N0} bytes", settings, options => new InferenceSession(model, options))
            : throw new ArgumentException("The model has no bytes.", nameof(model));
    }

    private static OnnxSession Open(string modelName, OnnxSessionSettings? settings, Func<SessionOptions, InferenceSession> create)
    {
        settings ??= new OnnxSessionSettings();
        ArgumentOutOfRangeException.ThrowIfNegative(settings.IntraOpThreads, nameof(settings.IntraOpThreads));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.InterOpThreads, nameof(settings.InterOpThreads));

        // What goes wrong becomes an exception; the library need not print it too.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = settings.InterOpThreads,
            GraphOptimizationLevel = settings.Optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return new OnnxSession(create(options), modelName);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new OnnxModelException($"{modelName} cannot be opened.", failure);
        }
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for every input of the model, by name.</param>
    /// <param name="outputNames">The outputs wanted; only what they need is computed.</param>
    /// <returns>The outputs, in the order of <paramref name="outputNames"/>, in memory of their own.</returns>
    /// <exception cref="OnnxModelException">A name, type or shape does not fit, or the model fails; the message carries the library's text, what
    /// was given and what the model declares.</exception>
    /// <exception cref="ArgumentException">An input has no values.</exception>
    /// <exception cref="NotSupportedException">An output is no tensor.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed of.</exception>
    public IReadOnlyList<OnnxTensor> Run(IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs, IReadOnlyList<string> outputNames)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputNames);
        foreach (var (name, tensor) in inputs)
        {
            // Not left to the library: some of its operators divide by the number of rows, and the processor then ends the process.
            if (tensor.Dimensions.Contains(0))
                throw new ArgumentException($"The input '{name}' is {tensor}, which has no values; give at least one row.", nameof(inputs));
        }

        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var (_, tensor) in inputs)
                values.Add(OrtTensors.Over(tensor));
            using var outputs = Run([.. inputs.Select(input => input.Key)], values, outputNames);
            return [.. outputs.Select((output, i) => OrtTensors.Copy(output, outputNames[i]))];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    /// <summary>Runs a model of one input for one output.</summary>
    /// <param name="input">The tensor for the model's only input.</param>
    /// <param name="outputName">The output wanted; null, the default: the model's first.</param>
    /// <exception cref="InvalidOperationException">The model has more than one input.</exception>
    /// <inheritdoc cref="Run(IReadOnlyList{KeyValuePair{string, OnnxTensor}}, IReadOnlyList{string})"/>
    public OnnxTensor Run(OnnxTensor input, string? outputName = null) => Inputs.Count == 1
        ? Run([KeyValuePair.Create(Inputs[0].Name, input)], [outputName ?? Outputs[0].Name])[0]
        : throw new InvalidOperationException($"{modelName} has {Inputs.Count} inputs ({string.Join("; ", Inputs)}); name the tensor for each.");

    /// <summary>Runs the model on values of ONNX Runtime's own, without a copy of anything.</summary>
    /// <param name="inputNames">The name of each input.</param>
    /// <param name="inputs">A value for every input of the model, none of them empty; they stay the caller's.</param>
    /// <param name="outputNames">The outputs wanted; only what they need is computed.</param>
    /// <returns>The outputs, in the order of <paramref name="outputNames"/>, to be disposed of by the caller.</returns>
    /// <exception cref="OnnxModelException">As for the other forms.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed of.</exception>
    internal IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyList<string> inputNames, IReadOnlyList<OrtValue> inputs, IReadOnlyList<string> outputNames)
    {
        using var use = owner.InUse();
        try
        {
            return use.Session.Run(QuietRun, inputNames, inputs, outputNames);
        }
        catch (OnnxRuntimeException failure)
        {
            var given = inputs.Select((input, i) => $"{inputNames[i]}: {OrtTensors.Describe(input)}");
            throw new OnnxModelException(
                $"{modelName} could not be run. Given {string.Join("; ", given)}; asked for {string.Join(", ", outputNames)}. "
                + $"The model declares inputs {string.Join("; ", Inputs)} and outputs {string.Join("; ", Outputs)}.", failure);
        }
    }

    /// <summary>Frees the model, once no run uses it any more.</summary>
    public void Dispose() => owner.Dispose();

    private static TensorInfo Declared(string name, NodeMetadata metadata) => metadata.IsTensor
        ? new TensorInfo(name, metadata.ElementDataType, [.. metadata.Dimensions.Select(size => (long)size)])
        : new TensorInfo(name, null, []);
}
