using System.Runtime.InteropServices;

namespace MLPipelines.Native;

/// <summary>The raw functions of ONNX Runtime's C API, by their slot in version 1 of its function table.</summary>
/// <remarks>
/// The table only grows at its end, so that a slot number is a contract. Every function here but <see cref="Release"/> answers a status,
/// null for success, which goes through <see cref="Check(nint, Func{string})"/>. <c>size_t</c> is <c>nint</c>;
/// <c>ORTCHAR_T</c> is UTF-16 on Windows, UTF-8 elsewhere. A table can only be asked for when the library is there, so that
/// a missing library is an exception of <see cref="Start"/> and not of a type initializer.
/// </remarks>
internal static unsafe class OrtApi
{
    public const int ReleaseEnv = 92, ReleaseMemoryInfo = 94, ReleaseSession = 95, ReleaseValue = 96, ReleaseTypeInfo = 98,
        ReleaseTensorTypeAndShapeInfo = 99, ReleaseSessionOptions = 100;

    private const int GetErrorCodeSlot = 1, GetErrorMessageSlot = 2, ReleaseStatusSlot = 93;
    private const uint ApiVersion = 1;

    private static readonly Lazy<nint> Table = new(Start);

    private static nint* Slots => (nint*)Table.Value;

    private static nint Start()
    {
        var table = ((delegate* unmanaged<uint, nint>)OnnxRuntimeLibrary.ApiBase[0])(ApiVersion);
        return table != 0
            ? table
            : throw new NotSupportedException(
                $"{OnnxRuntimeLibrary.Location} (ONNX Runtime {OnnxRuntimeLibrary.Version}) has no version {ApiVersion} of the C API.");
    }

    public static nint CreateEnv(int severity, byte* id, nint* environment) =>
        ((delegate* unmanaged<int, byte*, nint*, nint>)Slots[3])(severity, id, environment);

    public static nint CreateSession(nint environment, void* path, nint options, nint* session) =>
        ((delegate* unmanaged<nint, void*, nint, nint*, nint>)Slots[7])(environment, path, options, session);

    public static nint CreateSessionFromArray(nint environment, void* model, nint length, nint options, nint* session) =>
        ((delegate* unmanaged<nint, void*, nint, nint, nint*, nint>)Slots[8])(environment, model, length, options, session);

    public static nint Run(
        nint session, nint options, byte** inputNames, nint* inputs, nint inputCount, byte** outputNames, nint outputCount, nint* outputs) =>
        ((delegate* unmanaged<nint, nint, byte**, nint*, nint, byte**, nint, nint*, nint>)Slots[9])(
            session, options, inputNames, inputs, inputCount, outputNames, outputCount, outputs);

    public static nint CreateSessionOptions(nint* options) => ((delegate* unmanaged<nint*, nint>)Slots[10])(options);

    public static nint SetSessionGraphOptimizationLevel(nint options, int level) => ((delegate* unmanaged<nint, int, nint>)Slots[23])(options, level);

    public static nint SetIntraOpNumThreads(nint options, int threads) => ((delegate* unmanaged<nint, int, nint>)Slots[24])(options, threads);

    public static nint SetInterOpNumThreads(nint options, int threads) => ((delegate* unmanaged<nint, int, nint>)Slots[25])(options, threads);

    public static nint SessionGetInputCount(nint session, nint* count) => ((delegate* unmanaged<nint, nint*, nint>)Slots[30])(session, count);

    public static nint SessionGetOutputCount(nint session, nint* count) => ((delegate* unmanaged<nint, nint*, nint>)Slots[31])(session, count);

    public static nint SessionGetInputTypeInfo(nint session, nint index, nint* info) =>
        ((delegate* unmanaged<nint, nint, nint*, nint>)Slots[33])(session, index, info);

    public static nint SessionGetOutputTypeInfo(nint session, nint index, nint* info) =>
        ((delegate* unmanaged<nint, nint, nint*, nint>)Slots[34])(session, index, info);

    public static nint SessionGetInputName(nint session, nint index, nint allocator, byte** name) =>
        ((delegate* unmanaged<nint, nint, nint, byte**, nint>)Slots[36])(session, index, allocator, name);

    public static nint SessionGetOutputName(nint session, nint index, nint allocator, byte** name) =>
        ((delegate* unmanaged<nint, nint, nint, byte**, nint>)Slots[37])(session, index, allocator, name);

    public static nint CreateTensorAsOrtValue(nint allocator, long* dimensions, nint rank, int elementType, nint* value) =>
        ((delegate* unmanaged<nint, long*, nint, int, nint*, nint>)Slots[48])(allocator, dimensions, rank, elementType, value);

    public static nint CreateTensorWithDataAsOrtValue(
        nint memory, void* data, nint bytes, long* dimensions, nint rank, int elementType, nint* value) =>
        ((delegate* unmanaged<nint, void*, nint, long*, nint, int, nint*, nint>)Slots[49])(memory, data, bytes, dimensions, rank, elementType, value);

    public static nint IsTensor(nint value, int* answer) => ((delegate* unmanaged<nint, int*, nint>)Slots[50])(value, answer);

    public static nint GetTensorMutableData(nint value, void** data) => ((delegate* unmanaged<nint, void**, nint>)Slots[51])(value, data);

    public static nint FillStringTensor(nint value, byte** texts, nint count) =>
        ((delegate* unmanaged<nint, byte**, nint, nint>)Slots[52])(value, texts, count);

    public static nint GetStringTensorDataLength(nint value, nint* bytes) => ((delegate* unmanaged<nint, nint*, nint>)Slots[53])(value, bytes);

    public static nint GetStringTensorContent(nint value, byte* texts, nint bytes, nint* starts, nint count) =>
        ((delegate* unmanaged<nint, byte*, nint, nint*, nint, nint>)Slots[54])(value, texts, bytes, starts, count);

    /// <summary>Null for what is no tensor. The answer belongs to <paramref name="type"/> and is not released.</summary>
    public static nint CastTypeInfoToTensorInfo(nint type, nint* tensor) => ((delegate* unmanaged<nint, nint*, nint>)Slots[55])(type, tensor);

    public static nint GetTensorElementType(nint info, int* elementType) => ((delegate* unmanaged<nint, int*, nint>)Slots[60])(info, elementType);

    public static nint GetDimensionsCount(nint info, nint* rank) => ((delegate* unmanaged<nint, nint*, nint>)Slots[61])(info, rank);

    public static nint GetDimensions(nint info, long* dimensions, nint rank) =>
        ((delegate* unmanaged<nint, long*, nint, nint>)Slots[62])(info, dimensions, rank);

    public static nint GetTensorTypeAndShape(nint value, nint* info) => ((delegate* unmanaged<nint, nint*, nint>)Slots[65])(value, info);

    public static nint CreateCpuMemoryInfo(int allocatorType, int memoryType, nint* info) =>
        ((delegate* unmanaged<int, int, nint*, nint>)Slots[69])(allocatorType, memoryType, info);

    public static nint AllocatorFree(nint allocator, void* memory) => ((delegate* unmanaged<nint, void*, nint>)Slots[76])(allocator, memory);

    /// <summary>The library's own allocator; never released.</summary>
    public static nint GetAllocatorWithDefaultOptions(nint* allocator) => ((delegate* unmanaged<nint*, nint>)Slots[78])(allocator);

    /// <summary>Frees what one of the Release slots frees; this cannot fail.</summary>
    public static void Release(int slot, nint handle) => ((delegate* unmanaged<nint, void>)Slots[slot])(handle);

    /// <summary>Throws if a status is not success, and frees it.</summary>
    /// <param name="status">What a function answered.</param>
    /// <param name="asked">What was asked, a whole sentence; only called on failure.</param>
    public static void Check(nint status, Func<string> asked)
    {
        if (status == 0)
            return;
        var code = ((delegate* unmanaged<nint, int>)Slots[GetErrorCodeSlot])(status);
        var text = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<nint, byte*>)Slots[GetErrorMessageSlot])(status));
        Release(ReleaseStatusSlot, status);
        throw new OnnxRuntimeException($"{asked()} ONNX Runtime says: {text}", code);
    }

    /// <summary>For what only fails when this project or the library is broken.</summary>
    public static void Check(nint status) => Check(status, () => "An internal call failed.");
}
