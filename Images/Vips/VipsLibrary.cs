using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>The libvips library itself: which version, from where, with how many threads.</summary>
public static unsafe class VipsLibrary
{
    // GLib's G_LOG_LEVEL_CRITICAL, WARNING and MESSAGE: those that it would print.
    private const int PrintedLevels = (1 << 3) | (1 << 4) | (1 << 5);

    /// <summary>Where the library is looked for.</summary>
    public static NativeLibrarySearch Search { get; } = new(
        "libvips",
        "MLPIPELINES_LIBVIPS",
        ["libvips-cpp.so", "libvips.so.42", "libvips-cpp.dylib", "libvips.42.dylib", "libvips-42.dll"],
        "Building MLPipelines on Linux or macOS puts it into the application's folder (npm packages @img/sharp-libvips-*); "
        + "on Windows, or in an application of your own, add the NuGet package NetVips.Native.");

    private static readonly Lazy<LoadedLibrary> Loaded = new(LoadAndInitialize);

    /// <summary>As the library says it: <c>8.18.7</c>.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static string Version
    {
        get
        {
            Start();
            return Marshal.PtrToStringUTF8((nint)VipsApi.vips_version_string())!;
        }
    }

    /// <summary>The file that was loaded.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static string Location => Loaded.Value.Location;

    /// <summary>Threads that share the work of one image; 1 by default, as whole images are decoded in parallel, which is faster.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static int Concurrency
    {
        get
        {
            Start();
            return VipsApi.vips_concurrency_get();
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Start();
            VipsApi.vips_concurrency_set(value);
        }
    }

    /// <summary>Loads and initializes the library on the first call; quick afterwards.</summary>
    internal static void Start() => _ = Loaded.Value;

    private static LoadedLibrary LoadAndInitialize()
    {
        var library = Search.Load();
        NativeLibrary.SetDllImportResolver(typeof(VipsApi).Assembly, (name, _, _) => name switch
        {
            VipsApi.Vips => library.Handle,
            VipsApi.GObject => Companion(library, "libgobject-2.0-0.dll"),
            VipsApi.GLib => Companion(library, "libglib-2.0-0.dll"),
            _ => 0,
        });

        if (VipsApi.vips_init("MLPipelines") != 0)
            throw new InvalidOperationException($"libvips ({library.Location}) does not start: {VipsErrors.Take()}");

        // What goes wrong becomes an exception; the library need not print it too.
        VipsApi.g_log_set_handler("VIPS", PrintedLevels, &Note, null);
        VipsApi.vips_block_untrusted_set(1);
        VipsApi.vips_cache_set_max(0);
        VipsApi.vips_concurrency_set(1);
        return library;
    }

    /// <summary>On Linux and macOS a symbol is found through the library that needs it; on Windows each library is asked for its own.</summary>
    private static nint Companion(LoadedLibrary vips, string windowsFile)
    {
        var beside = Path.Combine(Path.GetDirectoryName(vips.Location) ?? "", windowsFile);
        return OperatingSystem.IsWindows() && NativeLibrary.TryLoad(beside, out var handle) ? handle : vips.Handle;
    }

    [UnmanagedCallersOnly]
    private static void Note(byte* domain, int level, byte* message, void* data) => VipsErrors.Note(Marshal.PtrToStringUTF8((nint)message) ?? "");
}
