using Google.Protobuf;
using MLPipelines.Onnx.Format;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>What stands in an ONNX file, read without running it.</summary>
/// <remarks>Immutable. What this project does not know of the format is kept, and written by <see cref="WithOutputs"/> as it was.</remarks>
public sealed class OnnxModelFile
{
    private const long ConstantsNeedNotBeInputs = 4;

    private readonly ModelProto model;
    private readonly string source;

    private OnnxModelFile(ModelProto model, string source)
    {
        this.model = model;
        this.source = source;
        var graph = model.Graph;
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();

        // Before version 4 of the format, constants had to stand among the inputs as well.
        Inputs = [.. graph.Input.Where(input => !constants.Contains(input.Name)).Select(Value)];
        Outputs = [.. graph.Output.Select(Value)];
        Nodes = [.. graph.Node.Select(node => new OnnxNode(
            node.OpType, node.Domain, node.Name, [.. node.Input], [.. node.Output], [.. node.Attribute.Select(attribute => attribute.Name)]))];
        Initializers = [.. graph.Initializer.Select(tensor => new TensorInfo(tensor.Name, (TensorElementType)tensor.DataType, [.. tensor.Dims]))];
        OpsetVersions = model.OpsetImport.GroupBy(opset => Domain(opset.Domain)).ToDictionary(group => group.Key, group => group.Last().Version);
        Metadata = model.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
    }

    /// <summary>The version of the file format.</summary>
    public long IrVersion => model.IrVersion;

    /// <summary>The version of ONNX's own operators; 1 where the file does not say.</summary>
    public long Opset => OpsetVersions.GetValueOrDefault("", 1);

    /// <summary>The version of every set of operators used, by domain; ONNX's own is the empty one.</summary>
    public IReadOnlyDictionary<string, long> OpsetVersions { get; }

    /// <summary>The tool that wrote the file; may be empty.</summary>
    public string ProducerName => model.ProducerName;

    /// <summary>The version of that tool; may be empty.</summary>
    public string ProducerVersion => model.ProducerVersion;

    /// <summary>The graph's name.</summary>
    public string GraphName => model.Graph.Name;

    /// <summary>What the model wants from outside; no constants.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    /// <summary>What the model gives.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>The operators, in an order in which they can run.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>The constants: mostly weights.</summary>
    public IReadOnlyList<TensorInfo> Initializers { get; }

    /// <summary>The number of values in all constants together.</summary>
    public long ParameterCount => Initializers.Sum(tensor => tensor.Dimensions.Aggregate(1L, (product, size) => product * size));

    /// <summary>Texts that travel with the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The model keeps weights in other files.</exception>
    public static OnnxModelFile Read(string path) => Read(File.ReadAllBytes(path), path);

    /// <summary>Reads a model held in memory.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="name">What error messages call the model.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static OnnxModelFile Read(ReadOnlySpan<byte> model, string? name = null)
    {
        var source = name ?? "the model";
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException($"{source} ({model.Length:N0} bytes) is no ONNX model, or a damaged one: {failure.Message}", failure);
        }

        // Few bytes suffice to look like an empty message of this format.
        if (proto.Graph is not { } graph || graph.Output.Count == 0 || !proto.HasIrVersion)
            throw new InvalidDataException($"{source} ({model.Length:N0} bytes) is no ONNX model: it has no graph with an output.");
        if (graph.Initializer.FirstOrDefault(tensor => tensor.Dims.Any(size => size < 0)) is { } broken)
            throw new InvalidDataException($"{source} is damaged: the dimensions of the tensor '{broken.Name}' are {string.Join(",", broken.Dims)}.");
        foreach (var tensor in graph.Initializer)
            OnnxTensorFormat.RefuseExternal(tensor, source);
        return new OnnxModelFile(proto, source);
    }

    /// <summary>The values of a constant.</summary>
    /// <exception cref="ArgumentException">The model has no constant of this name.</exception>
    public OnnxTensor Initializer(string name) => OnnxTensorFormat.Read(
        model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new ArgumentException(
                $"{source} has no constant '{name}'. It has {Some(Initializers.Select(tensor => tensor.Name))}.", nameof(name)),
        source);

    /// <summary>Whether the graphs are alike in everything: nodes, attributes, inputs, outputs, names and numbers.</summary>
    public bool HasGraphOf(OnnxModelFile other) => model.Graph.Equals(other.model.Graph);

    /// <summary>The same model with further values as outputs, after those it has: the way to see what happens inside.</summary>
    /// <param name="tensorNames">Names of values that nodes make. Those that are outputs already change nothing.</param>
    /// <returns>The bytes of an ONNX file.</returns>
    /// <exception cref="ArgumentException">No node makes a value of this name.</exception>
    public byte[] WithOutputs(params ReadOnlySpan<string> tensorNames)
    {
        var extended = model.Clone();
        var made = Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).ToHashSet();
        foreach (var name in tensorNames)
        {
            if (!made.Contains(name))
                throw new ArgumentException($"No node of {source} makes a value '{name}'. They make {Some(made)}.", nameof(tensorNames));
            if (extended.Graph.Output.Any(output => output.Name == name))
                continue;

            // Without a declared type the runtime infers it.
            extended.Graph.Output.Add(
                model.Graph.ValueInfo.FirstOrDefault(value => value.Name == name)?.Clone() ?? new ValueInfoProto { Name = name });
        }

        return extended.ToByteArray();
    }

    /// <summary>This model with one of its outputs for a single row, as a plain list of numbers instead of [1, length].</summary>
    /// <param name="input">The input whose shape is written down: readers that do not choose sizes themselves need them all.</param>
    /// <param name="dimensions">The shape of that input for one row, [1, C, H, W] as a rule.</param>
    /// <param name="output">The output that is kept.</param>
    /// <param name="length">How many numbers it has for one row.</param>
    /// <param name="name">What the list shall be called.</param>
    /// <returns>The bytes of an ONNX file, and what the list is called there: as wished, with underscores behind if the model has that name.</returns>
    public (byte[] Model, string Name) ForOneRow(string input, IReadOnlyList<long> dimensions, string output, int length, string name)
    {
        var taken = Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs)).Concat(model.Graph.Input.Select(value => value.Name))
            .Concat(model.Graph.Initializer.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        while (taken.Contains(name) || taken.Contains(name + ".shape"))
            name += "_";

        // Before version 5 the shape of a Reshape was an attribute.
        const int ShapeIsInput = 5;
        var single = model.Clone();
        var graph = single.Graph;
        Replace(graph.Input.First(value => value.Name == input).Type.TensorType.Shape.Dim,
            [.. dimensions.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size })]);
        var reshape = new NodeProto { OpType = "Reshape", Name = name, Input = { output }, Output = { name } };
        if (Opset >= ShapeIsInput)
        {
            var shape = name + ".shape";
            graph.Initializer.Add(OnnxTensorFormat.Write(OnnxTensor.Of([(long)length], 1), shape));
            reshape.Input.Add(shape);
            single.IrVersion = Math.Max(single.IrVersion, ConstantsNeedNotBeInputs);
        }
        else
        {
            reshape.Attribute.Add(((OnnxAttributeValue)new long[] { length }).Write("shape"));
        }

        graph.Node.Add(reshape);
        graph.Output.Clear();
        graph.Output.Add(OnnxGraphBuilder.Declared(name, TensorElementType.Float, [length]));
        return (single.ToByteArray(), name);
    }

    /// <summary>The beginning of this model, up to one value, to be built on: only the nodes, constants and inputs that the
    /// value needs, and no outputs yet.</summary>
    /// <param name="tensorName">Name of a value that a node makes.</param>
    /// <returns>A builder that writes for this model's version of ONNX's operators. The model's metadata is left behind.</returns>
    /// <exception cref="ArgumentException">No node makes a value of this name.</exception>
    /// <exception cref="NotSupportedException">The value depends on a node with graphs of its own (a loop or a branch).</exception>
    public OnnxGraphBuilder UpTo(string tensorName)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { tensorName };
        var nodes = new List<NodeProto>();
        foreach (var node in model.Graph.Node.Reverse())
        {
            if (!node.Output.Any(needed.Contains)) continue;
            if (node.Attribute.Any(attribute => attribute.G is not null))
                throw new NotSupportedException(
                    $"{source} cannot be cut at '{tensorName}': the node '{node.Name}' ({node.OpType}) before it has graphs of its own.");
            needed.UnionWith(node.Input);
            nodes.Add(node.Clone());
        }

        if (nodes.Count == 0)
            throw new ArgumentException(
                $"No node of {source} makes a value '{tensorName}'. They make "
                + $"{Some(Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0))}.", nameof(tensorName));
        nodes.Reverse();

        var cut = model.Clone();
        cut.MetadataProps.Clear();
        cut.Graph.Output.Clear();
        Replace(cut.Graph.Node, nodes);
        var made = nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        Replace(cut.Graph.Initializer, [.. cut.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name))]);
        Replace(cut.Graph.ValueInfo, [.. cut.Graph.ValueInfo.Where(value => made.Contains(value.Name))]);
        Replace(cut.Graph.Input, [.. cut.Graph.Input.Where(input => Inputs.Any(own => own.Name == input.Name) && needed.Contains(input.Name))]);
        cut.IrVersion = Math.Max(cut.IrVersion, ConstantsNeedNotBeInputs);
        return OnnxGraphBuilder.Continuing(cut);
    }

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> list, IReadOnlyList<T> items)
    {
        list.Clear();
        list.AddRange(items);
    }

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= 20 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(20))} and {all.Count - 20} more";
    }

    private static OnnxValueInfo Value(ValueInfoProto value)
    {
        var tensor = value.Type?.TensorType;
        return new OnnxValueInfo(
            value.Name, tensor?.ElemType is null or 0 ? null : (TensorElementType)tensor.ElemType, tensor?.Shape?.Dim.Select(dimension => dimension.ValueCase switch
            {
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => new OnnxDimension(dimension.DimValue, null),
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => new OnnxDimension(null, dimension.DimParam),
                _ => default,
            }).ToArray());
    }
}
