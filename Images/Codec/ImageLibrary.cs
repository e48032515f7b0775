using System.Reflection;
using SkiaSharp;

namespace MLPipelines.Images;

/// <summary>The library that images are decoded with.</summary>
public static class ImageLibrary
{
    /// <summary>As people call it.</summary>
    public const string Name = "SkiaSharp";

    /// <summary>The version of the package, as <c>2.88.9</c>. Another version may decode a JPEG to pixels that differ by a rounding.</summary>
    public static string Version { get; } = VersionOf(typeof(SKCodec).Assembly);

    /// <summary>The version of Skia's native code that was loaded, as <c>88.1</c>.</summary>
    /// <exception cref="DllNotFoundException">There is no native library for this system; see SkiaSharp.NativeAssets.*.</exception>
    public static string NativeVersion => SkiaSharpVersion.Native.ToString();

    // "2.88.9.0-1234abc", or with a plus: what follows is the commit. The assembly's own version is 2.88.0.0 in all of 2.88.
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { InformationalVersion: var text }
        && System.Version.TryParse(text.Split('-', '+')[0], out var version) && version.Build >= 0
            ? version.ToString(3)
            : assembly.GetName().Version!.ToString();
}
