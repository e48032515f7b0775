using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLPipelines.Tests.Structure;

/// <summary>The assemblies that an assembly refers to, read from its file.</summary>
internal static class References
{
    public static IReadOnlyList<string> Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }
}
