using Microsoft.ML.OnnxRuntime;

namespace MLPipelines.Onnx;

/// <summary>ONNX Runtime refused a model or a run. The message says what was asked and carries the library's own text.</summary>
public sealed class OnnxModelException : Exception
{
    internal OnnxModelException(string asked, OnnxRuntimeException failure)
        : base($"{asked} ONNX Runtime says: {failure.Message}", failure)
    {
    }
}
