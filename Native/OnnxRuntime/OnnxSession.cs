using System.Runtime.InteropServices;

namespace MLPipelines.Native;

/// <summary>A model opened by ONNX Runtime, on the CPU.</summary>
/// <remarks><c>Run</c> may be called by several threads at once; disposing waits for none of them, and frees the model after the last run.</remarks>
public sealed unsafe class OnnxSession : IDisposable
{
    private const int LogFatalOnly = 4, NoOptimization = 0, AllOptimizations = 99;

    // The library allows one environment a process; it lives as long as the process.
    private static readonly Lazy<OrtHandle> Environment = new(() =>
    {
        nint made;
        fixed (byte* id = "MLPipelines\0"u8)
        {
            // What goes wrong comes back as a status and becomes an exception; the library need not print it too.
            OrtApi.Check(OrtApi.CreateEnv(LogFatalOnly, id, &made));
        }

        return OrtHandle.Own(OrtApi.ReleaseEnv, made);
    });

    private readonly OrtHandle handle;
    private readonly string modelName;

    private OnnxSession(OrtHandle handle, string modelName)
    {
        this.handle = handle;
        this.modelName = modelName;
        using var session = handle.InUse();
        nint inputs, outputs;
        OrtApi.Check(OrtApi.SessionGetInputCount(session.Pointer, &inputs));
        OrtApi.Check(OrtApi.SessionGetOutputCount(session.Pointer, &outputs));
        Inputs = Declared(session.Pointer, inputs, &OrtApi.SessionGetInputName, &OrtApi.SessionGetInputTypeInfo);
        Outputs = Declared(session.Pointer, outputs, &OrtApi.SessionGetOutputName, &OrtApi.SessionGetOutputTypeInfo);
    }

    /// <summary>What the model wants, in its order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What the model gives, in its order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Opens a model file. Weights that the model keeps in files beside it are found.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxRuntimeException">The file is no model that the library can run; the message carries its text.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime is missing; the message says where it was looked for.</exception>
    public static OnnxSession Open(string path, OnnxSessionSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model file {Path.GetFullPath(path)}.", path);

        var nativePath = OperatingSystem.IsWindows() ? Marshal.StringToHGlobalUni(path) : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            return Open(path, settings, (environment, options) =>
            {
                nint made;
                OrtApi.Check(OrtApi.CreateSession(environment, (void*)nativePath, options, &made), () => $"The model {path} cannot be opened.");
                return made;
            });
        }
        finally
        {
            if (OperatingSystem.IsWindows())
                Marshal.FreeHGlobal(nativePath);
            else
                Marshal.FreeCoTaskMem(nativePath);
        }
    }

    /// <summary>Opens a model held in memory, which is not used any more afterwards.</summary>
    /// <exception cref="OnnxRuntimeException">The bytes are no model that the library can run; the message carries its text.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime is missing; the message says where it was looked for.</exception>
    public static OnnxSession Open(ReadOnlySpan<byte> model, OnnxSessionSettings? settings = null)
    {
        if (model.IsEmpty)
            throw new ArgumentException("The model has no bytes.", nameof(model));

        var length = model.Length;
        fixed (byte* first = model)
        {
            var data = (nint)first;
            return Open($"of {length:N0} bytes", settings, (environment, options) =>
            {
                nint made;
                OrtApi.Check(
                    OrtApi.CreateSessionFromArray(environment, (void*)data, length, options, &made),
                    () => $"The model of {length:N0} bytes cannot be opened.");
                return made;
            });
        }
    }

    private static OnnxSession Open(string modelName, OnnxSessionSettings? settings, Func<nint, nint, nint> create)
    {
        settings ??= new OnnxSessionSettings();
        ArgumentOutOfRangeException.ThrowIfNegative(settings.IntraOpThreads, nameof(settings.IntraOpThreads));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.InterOpThreads, nameof(settings.InterOpThreads));

        nint made;
        OrtApi.Check(OrtApi.CreateSessionOptions(&made));
        using var optionsOwner = OrtHandle.Own(OrtApi.ReleaseSessionOptions, made);
        using var options = optionsOwner.InUse();
        OrtApi.Check(OrtApi.SetIntraOpNumThreads(options.Pointer, settings.IntraOpThreads));
        OrtApi.Check(OrtApi.SetInterOpNumThreads(options.Pointer, settings.InterOpThreads));
        OrtApi.Check(OrtApi.SetSessionGraphOptimizationLevel(options.Pointer, settings.Optimize ? AllOptimizations : NoOptimization));

        using var environment = Environment.Value.InUse();
        var handle = OrtHandle.Own(OrtApi.ReleaseSession, create(environment.Pointer, options.Pointer));
        try
        {
            return new OnnxSession(handle, modelName);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for every input of the model, by name.</param>
    /// <param name="outputNames">The outputs wanted; only what they need is computed.</param>
    /// <returns>The outputs, in the order of <paramref name="outputNames"/>, in memory of their own.</returns>
    /// <exception cref="OnnxRuntimeException">A name, type or shape does not fit, or the model fails; the message carries the library's text, what
    /// was given and what the model declares.</exception>
    /// <exception cref="ArgumentException">An input has no values.</exception>
    /// <exception cref="NotSupportedException">An output is no tensor.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public OnnxTensor[] Run(IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs, IReadOnlyList<string> outputNames)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputNames);
        foreach (var (name, tensor) in inputs)
        {
            // Not left to the library: some of its operators divide by the number of rows, and the processor then ends the process.
            if (tensor.Dimensions.Contains(0))
                throw new ArgumentException($"The input '{name}' is {tensor}, which has no values; give at least one row.", nameof(inputs));
        }

        using var session = handle.InUse();
        using var nativeInputNames = new Utf8Names([.. inputs.Select(input => input.Key)]);
        using var nativeOutputNames = new Utf8Names([.. outputNames]);
        var given = new OrtTensor?[inputs.Count];
        var outputs = new OrtHandle?[outputNames.Count];
        try
        {
            var inputPointers = new nint[inputs.Count];
            for (var i = 0; i < inputs.Count; i++)
            {
                given[i] = new OrtTensor(inputs[i].Value);
                inputPointers[i] = given[i]!.Pointer;
            }

            var outputPointers = new nint[outputNames.Count];
            fixed (nint* input = inputPointers, output = outputPointers)
            {
                OrtApi.Check(
                    OrtApi.Run(
                        session.Pointer, 0, nativeInputNames.Pointers, input, inputs.Count, nativeOutputNames.Pointers, outputNames.Count, output),
                    () => Asked(inputs, outputNames));
            }

            for (var i = 0; i < outputs.Length; i++)
                outputs[i] = OrtHandle.Own(OrtApi.ReleaseValue, outputPointers[i]);
            return [.. outputs.Select((output, i) => OrtTensor.Read(output!, outputNames[i]))];
        }
        finally
        {
            foreach (var output in outputs)
                output?.Dispose();
            foreach (var input in given)
                input?.Dispose();
        }
    }

    /// <summary>Runs a model of one input for one output.</summary>
    /// <param name="input">The tensor for the model's only input.</param>
    /// <param name="outputName">The output wanted; null, the default: the model's first.</param>
    /// <exception cref="InvalidOperationException">The model has more than one input.</exception>
    /// <inheritdoc cref="Run(IReadOnlyList{KeyValuePair{string, OnnxTensor}}, IReadOnlyList{string})"/>
    public OnnxTensor Run(OnnxTensor input, string? outputName = null) => Inputs.Count == 1
        ? Run([KeyValuePair.Create(Inputs[0].Name, input)], [outputName ?? Outputs[0].Name])[0]
        : throw new InvalidOperationException(
            $"The model {modelName} has {Inputs.Count} inputs ({string.Join("; ", Inputs)}); name the tensor for each.");

    /// <summary>Frees the model, once no run uses it any more.</summary>
    public void Dispose() => handle.Dispose();

    private string Asked(IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs, IReadOnlyList<string> outputNames) =>
        $"The model {modelName} could not be run. Given {string.Join("; ", inputs.Select(input => $"{input.Key}: {input.Value}"))}; "
        + $"asked for {string.Join(", ", outputNames)}. The model declares inputs {string.Join("; ", Inputs)} and outputs "
        + $"{string.Join("; ", Outputs)}.";

    private static TensorInfo[] Declared(
        nint session, nint count, delegate*<nint, nint, nint, byte**, nint> getName, delegate*<nint, nint, nint*, nint> getType)
    {
        nint allocator;
        OrtApi.Check(OrtApi.GetAllocatorWithDefaultOptions(&allocator));
        var infos = new TensorInfo[count];
        for (nint i = 0; i < count; i++)
        {
            byte* text;
            OrtApi.Check(getName(session, i, allocator, &text));
            var name = Marshal.PtrToStringUTF8((nint)text)!;
            OrtApi.Check(OrtApi.AllocatorFree(allocator, text));

            nint type, tensor;
            OrtApi.Check(getType(session, i, &type));
            using var owner = OrtHandle.Own(OrtApi.ReleaseTypeInfo, type);
            OrtApi.Check(OrtApi.CastTypeInfoToTensorInfo(type, &tensor));
            var (elementType, dimensions) = tensor == 0 ? (TensorElementType.Undefined, []) : OrtTensor.ReadShape(tensor);
            infos[i] = new TensorInfo(name, elementType, dimensions);
        }

        return infos;
    }
}
