using Google.Protobuf;
using MLPipelines.Onnx.Format;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>Writes an ONNX model: declare inputs, constants, nodes in an order in which they can run, and
/// outputs; then <see cref="ToBytes"/>.</summary>
/// <remarks>
/// <code>
/// var model = new OnnxGraphBuilder("temperature_softmax")
///     .Input("logits", TensorElementType.Float, "N", 10)
///     .Initializer("temperature", OnnxTensor.Of([1.5f]))
///     .Node("Div", ["logits", "temperature"], ["scaled"])
///     .Node("Softmax", ["scaled"], ["probabilities"], new() { ["axis"] = 1 })
///     .Output("probabilities", TensorElementType.Float, "N", 10)
///     .ToBytes();
/// </code>
/// What it does not check (operator names, types, shapes), ONNX Runtime does when the model is opened.
/// </remarks>
public sealed class OnnxGraphBuilder
{
    /// <summary>The version of ONNX's own operators that graphs are written for, unless said otherwise.</summary>
    public const int DefaultOpset = 13;

    // The version of the file format that came with opset 13 to 14; every runtime since 2021 reads it.
    private const int IrVersion = 7;

    private readonly ModelProto model;
    private readonly HashSet<string> known;

    /// <summary>An empty graph.</summary>
    /// <param name="name">The graph's name; not empty.</param>
    /// <param name="opset">The version of ONNX's own operators.</param>
    public OnnxGraphBuilder(string name, int opset = DefaultOpset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        known = [];
        model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MLPipelines",
            ProducerVersion = typeof(OnnxGraphBuilder).Assembly.GetName().Version!.ToString(3),
            Graph = new GraphProto { Name = name },
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
        };
    }

    private OnnxGraphBuilder(ModelProto model)
    {
        this.model = model;
        known =
        [
            .. Graph.Input.Select(input => input.Name), .. Graph.Initializer.Select(tensor => tensor.Name),
            .. Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0),
        ];
    }

    /// <summary>The names of all inputs, constants, values and nodes so far.</summary>
    public IReadOnlyCollection<string> Names => [.. known, .. Graph.Node.Select(node => node.Name)];

    private GraphProto Graph => model.Graph;

    internal static OnnxGraphBuilder Continuing(ModelProto model) => new(model);

    /// <summary>Declares an input.</summary>
    /// <param name="name">New in this graph.</param>
    /// <param name="elementType">What it holds.</param>
    /// <param name="dimensions">Outermost first: sizes, or names such as <c>"N"</c> for sizes decided at run time.</param>
    public OnnxGraphBuilder Input(string name, TensorElementType elementType, params ReadOnlySpan<OnnxDimension> dimensions)
    {
        Define(name, "input");
        Graph.Input.Add(Declared(name, elementType, dimensions));
        return this;
    }

    /// <summary>Declares an output: a value defined before, by a node or as an input or constant.</summary>
    /// <inheritdoc cref="Input"/>
    public OnnxGraphBuilder Output(string name, TensorElementType elementType, params ReadOnlySpan<OnnxDimension> dimensions)
    {
        Require(name, $"The output '{name}'");
        if (Graph.Output.Any(output => output.Name == name))
            throw new ArgumentException($"The graph '{Graph.Name}' has an output '{name}' already.", nameof(name));
        Graph.Output.Add(Declared(name, elementType, dimensions));
        return this;
    }

    /// <summary>Adds a constant: weights, a shape, labels.</summary>
    /// <param name="name">New in this graph.</param>
    /// <param name="values">Copied.</param>
    public OnnxGraphBuilder Initializer(string name, OnnxTensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Define(name, "initializer");
        Graph.Initializer.Add(OnnxTensorFormat.Write(values, name));
        return this;
    }

    /// <summary>Adds an operator.</summary>
    /// <param name="operatorType"><c>Conv</c>, <c>Gemm</c>, …</param>
    /// <param name="inputs">Values defined before; empty for an optional input left out.</param>
    /// <param name="outputs">New values; empty for an optional output left out.</param>
    /// <param name="attributes">Its constant arguments.</param>
    /// <param name="name">For people; the first output's name when null.</param>
    /// <param name="domain">The set of operators; ONNX's own when empty. Declare another with <see cref="Opset"/>.</param>
    public OnnxGraphBuilder Node(
        string operatorType,
        ReadOnlySpan<string> inputs,
        ReadOnlySpan<string> outputs,
        Dictionary<string, OnnxAttributeValue>? attributes = null,
        string? name = null,
        string domain = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(operatorType);
        if (outputs.IsEmpty)
            throw new ArgumentException($"The node {operatorType} has no outputs.", nameof(outputs));
        if (!model.OpsetImport.Any(opset => opset.Domain == domain))
            throw new ArgumentException(
                $"The node {operatorType} is from the domain '{domain}': declare its version with Opset first.", nameof(domain));

        var node = new NodeProto { OpType = operatorType, Domain = domain, Name = name ?? outputs[0] };
        foreach (var input in inputs)
        {
            if (input.Length > 0)
                Require(input, $"The input '{input}' of the node {operatorType}");
            node.Input.Add(input);
        }

        foreach (var output in outputs)
        {
            if (output.Length > 0)
                Define(output, $"output of the node {operatorType}");
            node.Output.Add(output);
        }

        foreach (var (key, value) in attributes ?? [])
            node.Attribute.Add(value.Write(key));
        Graph.Node.Add(node);
        return this;
    }

    /// <summary>Repeats every operator that depends on a value, so that the same is computed from another value as well, with the same
    /// constants.</summary>
    /// <param name="from">A value that operators read.</param>
    /// <param name="instead">A value of the same shape, which their copies read.</param>
    /// <param name="suffix">What the copies' values and names end in; makes them new in this graph.</param>
    /// <exception cref="ArgumentException">One of the values is not defined, or a name with the suffix is defined already.</exception>
    public OnnxGraphBuilder Repeat(string from, string instead, string suffix)
    {
        Require(from, $"The value '{from}' to repeat from");
        Require(instead, $"The value '{instead}' to repeat with");
        var copyOf = new Dictionary<string, string>(StringComparer.Ordinal) { [from] = instead };
        foreach (var node in Graph.Node.ToList())
        {
            // What makes the other value from this one is not to be made of itself.
            if (node.Output.Contains(instead) || !node.Input.Any(copyOf.ContainsKey)) continue;
            var copy = node.Clone();
            if (copy.Name.Length > 0) copy.Name += suffix;
            for (var i = 0; i < copy.Input.Count; i++) copy.Input[i] = copyOf.GetValueOrDefault(copy.Input[i], copy.Input[i]);
            for (var i = 0; i < copy.Output.Count; i++)
            {
                if (copy.Output[i].Length == 0) continue;
                copyOf[node.Output[i]] = copy.Output[i] += suffix;
                Define(copy.Output[i], $"output of the repeated node {copy.OpType}");
            }
            Graph.Node.Add(copy);
        }
        return this;
    }

    /// <summary>Declares the version of a further set of operators, such as <c>ai.onnx.ml</c>.</summary>
    public OnnxGraphBuilder Opset(string domain, int version)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>Adds a text that travels with the model.</summary>
    public OnnxGraphBuilder Metadata(string key, string value)
    {
        if (model.MetadataProps.Any(entry => entry.Key == key))
            throw new ArgumentException($"The model has metadata '{key}' already.", nameof(key));
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    /// <summary>The model as the bytes of an ONNX file; the same calls give the same bytes.</summary>
    /// <exception cref="InvalidOperationException">There is no output.</exception>
    public byte[] ToBytes() => Graph.Output.Count > 0
        ? model.ToByteArray()
        : throw new InvalidOperationException($"The graph '{Graph.Name}' has no outputs.");

    private void Define(string name, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!known.Add(name))
            throw new ArgumentException(
                $"'{name}' ({what}) is defined already in the graph '{Graph.Name}'; every value is defined once.", nameof(name));
    }

    private void Require(string name, string what)
    {
        if (!known.Contains(name))
            throw new ArgumentException(
                $"{what} is not defined yet in the graph '{Graph.Name}'. Defined are {string.Join(", ", known)}.", nameof(name));
    }

    internal static ValueInfoProto Declared(string name, TensorElementType elementType, ReadOnlySpan<OnnxDimension> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            var declared = new TensorShapeProto.Types.Dimension();
            if (dimension.Size is { } size)
                declared.DimValue = size;
            else if (dimension.Name is { } symbol)
                declared.DimParam = symbol;
            shape.Dim.Add(declared);
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)elementType, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
