using Google.Protobuf;
using MLPipelines.Onnx.Format;

namespace MLPipelines.Onnx;

/// <summary>A file with one tensor (<c>.pb</c>), as model collections give reference inputs and outputs in.</summary>
/// <param name="Name">The input's or output's name; often empty.</param>
/// <param name="Tensor">Its values.</param>
public sealed record OnnxTensorFile(string Name, OnnxTensor Tensor)
{
    /// <summary>Reads a tensor file.</summary>
    /// <exception cref="InvalidDataException">The file is no tensor, or damaged.</exception>
    /// <exception cref="NotSupportedException">The element type is one that .NET lacks, or the values are kept in another file.</exception>
    public static OnnxTensorFile Read(string path)
    {
        try
        {
            var proto = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
            return new OnnxTensorFile(proto.Name, OnnxTensorFormat.Read(proto, path));
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException($"{path} is no ONNX tensor file, or a damaged one: {failure.Message}", failure);
        }
    }

    /// <summary>Writes the tensor as a file that <see cref="Read"/> and other tools read.</summary>
    public void Write(string path) => File.WriteAllBytes(path, OnnxTensorFormat.Write(Tensor, Name).ToByteArray());
}
