using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLPipelines.Onnx;

/// <summary>Where an ONNX model comes from: a file, or bytes in memory.</summary>
public abstract class OnnxModelSource
{
    private protected OnnxModelSource()
    {
    }

    /// <summary>Opens the model.</summary>
    /// <exception cref="InvalidDataException">The file was changed since it was named.</exception>
    /// <exception cref="OnnxModelException">It is no model that can be run.</exception>
    public abstract OnnxSession Open(OnnxSessionSettings settings);

    /// <summary>What stands in the model.</summary>
    /// <exception cref="NotSupportedException">It keeps weights in other files.</exception>
    public abstract OnnxModelFile Read();

    /// <summary>A model in a file, which must stay as it is.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OnnxModelSource File(string path) => new FromFile(path);

    /// <summary>A model in memory.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    public static OnnxModelSource Bytes(ReadOnlyMemory<byte> model) => new FromBytes(model);

    private sealed class FromFile : OnnxModelSource
    {
        private readonly string path;
        private readonly byte[] hash;

        public FromFile(string path)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            this.path = Path.GetFullPath(path);
            if (!System.IO.File.Exists(this.path))
                throw new FileNotFoundException($"There is no ONNX model {this.path}.", this.path);
            hash = Hash(this.path);
        }

        public override OnnxSession Open(OnnxSessionSettings settings)
        {
            Check();
            return OnnxSession.Open(path, settings);
        }

        public override OnnxModelFile Read()
        {
            Check();
            return OnnxModelFile.Read(path);
        }

        public override string ToString() => $"The model {path}";

        private void Check()
        {
            if (!Hash(path).AsSpan().SequenceEqual(hash))
                throw new InvalidDataException($"The model {path} was changed since it was named; make the pipeline anew.");
        }

        private static byte[] Hash(string path)
        {
            using var file = System.IO.File.OpenRead(path);
            return SHA256.HashData(file);
        }
    }

    private sealed class FromBytes(ReadOnlyMemory<byte> model) : OnnxModelSource
    {
        public override OnnxSession Open(OnnxSessionSettings settings) => OnnxSession.Open(Array(), settings);

        public override OnnxModelFile Read() => OnnxModelFile.Read(model.Span);

        // ONNX Runtime takes a whole array; it is mostly given one, and then nothing is copied.
        private byte[] Array() =>
            MemoryMarshal.TryGetArray(model, out var bytes) && bytes.Array!.Length == model.Length ? bytes.Array : model.ToArray();

        public override string ToString() => $"The model ({model.Length} bytes)";
    }
}
