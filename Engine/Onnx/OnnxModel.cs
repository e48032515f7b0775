using System.Collections.ObjectModel;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An opened model with the inputs and outputs that are used of it. Safe for several threads.</summary>
/// <remarks>
/// Unless told otherwise, runs over many rows have one thread each and go on side by side: the runtime's own threads wait in a spin, which costs
/// more than they bring as soon as the machine has anything else to do. A single row of a large model is run on all cores.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    // A model of so few input values is too small for its operators to be shared among threads.
    private const long SmallInput = 4096;

    private readonly OnnxSession _session;
    private readonly Lazy<OnnxSession> _sessionOnAllCores;
    private volatile Batching _batching;
    private volatile bool _disposed;

    /// <param name="bytes">The model file's content; kept, not copied.</param>
    /// <param name="settings">What is used of the model, and how.</param>
    /// <param name="name">What error messages call the model.</param>
    /// <exception cref="InvalidOperationException">It is no model that can be run.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input or output of a given name, or a given shape contradicts the model.</exception>
    public OnnxModel(byte[] bytes, OnnxModelSettings settings, string name)
    {
        (Bytes, Settings) = (bytes, settings);
        var isFree = settings.Threads.IntraOpThreads == 0;
        _session = Open(bytes, isFree ? settings.Threads with { IntraOpThreads = 1 } : settings.Threads, name);
        try
        {
            Inputs = Ports(settings.Inputs, _session.Inputs, "input");
            Outputs = Ports(settings.Outputs, _session.Outputs, "output");
            RequireAllInputs();
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _batching = Inputs.All(port => port.HasRowDimension) && Outputs.All(port => port.HasRowDimension) ? Batching.Untried : Batching.Impossible;
        RunsAtOnce = isFree || settings.Threads.IntraOpThreads == 1 ? Environment.ProcessorCount : 1;
        _sessionOnAllCores = isFree && Inputs.Sum(port => port.KnownRowSize) > SmallInput ? new(() => Open(bytes, settings.Threads, name)) : new(_session);
    }

    private enum Batching
    {
        Impossible,
        Untried,
        Proven,
    }

    /// <summary>The model file's content.</summary>
    public byte[] Bytes { get; }

    public OnnxModelSettings Settings { get; }

    public OnnxPort[] Inputs { get; }

    public OnnxPort[] Outputs { get; }

    /// <summary>Whether one run computes many rows. False for models with a fixed first size, and for those whose rows turned out not to be independent.</summary>
    public bool RunsRowsTogether => _batching != Batching.Impossible;

    /// <summary>Whether rows were seen to have the same results together as alone.</summary>
    public bool IsProven => _batching == Batching.Proven;

    /// <summary>How many runs side by side keep the machine busy.</summary>
    public int RunsAtOnce { get; }

    /// <summary>Says whether rows have the same results together as alone.</summary>
    public void Prove(bool areIndependent) => _batching = areIndependent ? Batching.Proven : Batching.Impossible;

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for every input.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <param name="isAlone">Whether this is the only run for now: the cores then share the operators of a large model.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed of.</exception>
    public OnnxTensor[] Run(IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs, IReadOnlyList<string> outputs, bool isAlone)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(OnnxTransformer));
        return (isAlone ? _sessionOnAllCores.Value : _session).Run(inputs, outputs);
    }

    public void Dispose()
    {
        _disposed = true;
        _session.Dispose();
        if (_sessionOnAllCores.IsValueCreated)
            _sessionOnAllCores.Value.Dispose();
    }

    private static OnnxSession Open(byte[] bytes, OnnxSessionSettings threads, string name)
    {
        try
        {
            return OnnxSession.Open(bytes, threads);
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or ArgumentException)
        {
            throw new InvalidOperationException($"The ONNX model {name} cannot be opened: {failure.Message}", failure);
        }
    }

    private OnnxPort[] Ports(IReadOnlyList<string> names, IReadOnlyList<TensorInfo> infos, string role) =>
    [
        .. (names ?? [.. infos.Select(info => info.Name)]).Select(name => new OnnxPort(
            infos.FirstOrDefault(info => info.Name == name) ?? throw new ArgumentOutOfRangeException(
                role == "input" ? "inputColumnNames" : "outputColumnNames",
                name,
                $"The ONNX model has no {role} '{name}'; it has {string.Join(", ", infos.Select(info => $"'{info.Name}'"))}."),
            role,
            Settings.Shapes)),
    ];

    private void RequireAllInputs()
    {
        var missing = _session.Inputs.Select(info => info.Name).Except(Inputs.Select(port => port.Name)).ToArray();
        if (missing.Length > 0)
        {
            throw new ArgumentOutOfRangeException(
                "inputColumnNames",
                $"The ONNX model needs {string.Join(" and ", missing.Select(name => $"'{name}'"))} too: name a column for every input ({string.Join("; ", _session.Inputs)}).");
        }
    }
}

/// <summary>What is used of a model, and how.</summary>
/// <param name="Inputs">Their names; null: all.</param>
/// <param name="Outputs">Their names; null: all.</param>
/// <param name="Shapes">Shapes of inputs and outputs that say more than the model does.</param>
/// <param name="Threads">How the model is run.</param>
internal sealed record OnnxModelSettings(
    IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, int[]> Shapes, OnnxSessionSettings Threads)
{
    public static OnnxModelSettings Of(string[] inputs, string[] outputs, IDictionary<string, int[]> shapes = null, OnnxSessionSettings threads = null) => new(
        inputs, outputs, shapes is null ? ReadOnlyDictionary<string, int[]>.Empty : new Dictionary<string, int[]>(shapes), threads ?? new OnnxSessionSettings());
}
