namespace MLPipelines.Native;

/// <summary>ONNX Runtime refused a model or a run.</summary>
/// <param name="message">What was asked, and the library's own text.</param>
/// <param name="code">The library's error code: 2 invalid argument, 7 no valid protobuf, 10 invalid graph, …; see <c>OrtErrorCode</c>.</param>
public sealed class OnnxRuntimeException(string message, int code) : Exception(message)
{
    /// <summary>The library's error code, <c>OrtErrorCode</c>.</summary>
    public int Code => code;
}
