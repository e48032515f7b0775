using Microsoft.ML.OnnxRuntime;

namespace MLPipelines.Onnx;

/// <summary>The ONNX Runtime library itself.</summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>As the library says it: <c>1.31.1</c>.</summary>
    /// <exception cref="DllNotFoundException">The package has no library for this platform; docs/install.md names those that it has.</exception>
    public static string Version => OrtEnv.Instance().GetVersionString();
}
