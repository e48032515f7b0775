using System.Runtime.InteropServices;

namespace MLPipelines.Native;

/// <summary>The ONNX Runtime library itself: which version, from where.</summary>
public static unsafe class OnnxRuntimeLibrary
{
    /// <summary>Where the library is looked for.</summary>
    public static NativeLibrarySearch Search { get; } = new(
        "ONNX Runtime",
        "MLPIPELINES_ONNXRUNTIME",
        ["libonnxruntime.so", "libonnxruntime.so.1", "libonnxruntime.dylib", "onnxruntime.dll"],
        "Building MLPipelines puts it into the application's folder (npm package onnxruntime-node); in an application of your own, add the NuGet "
        + "package Microsoft.ML.OnnxRuntime.");

    private static readonly Lazy<LoadedLibrary> Loaded = new(Search.Load);

    /// <summary>As the library says it: <c>1.30.0</c>.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static string Version => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)ApiBase[1])())!;

    /// <summary>The file that was loaded.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static string Location => Loaded.Value.Location;

    /// <summary>The library's one export: { GetApi(version), GetVersionString() }.</summary>
    internal static nint* ApiBase =>
        ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(Loaded.Value.Handle, "OrtGetApiBase"))();
}
