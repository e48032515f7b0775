using System.Text;
using MLPipelines.Learning;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>Writes small image files for tests: PGM and PPM, which are decoded without a library.</summary>
internal static class DrawnFolder
{
    /// <summary>Images of random pixels, three classes in turn: <c>a/0000.pgm</c>, <c>b/0001.pgm</c>, ….</summary>
    public static string Write(TemporaryFolder folder, string name, int count, int width, int height, int channels = 1)
    {
        for (var i = 0; i < count; i++) folder.Write($"{name}/{"abc"[i % 3]}/{i:0000}.pgm", Image(i, width, height, channels));
        return folder[name];
    }

    /// <summary>A PGM (1 channel) or PPM (3) file of random pixels.</summary>
    public static byte[] Image(int seed, int width, int height, int channels = 1)
    {
        var random = new SeededRandom((ulong)seed);
        var pixels = new byte[width * height * channels];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.Next(256);
        return [.. Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)}\n{width} {height}\n255\n"), .. pixels];
    }

    /// <summary>Every value of every sample.</summary>
    public static float[] ValuesOf(ISampleSource source)
    {
        var values = new float[source.Count * source.Shape.Size];
        for (var i = 0; i < source.Count; i++) source.CopyTo(i, values.AsSpan(i * source.Shape.Size, source.Shape.Size));
        return values;
    }

    /// <summary>The same images; each reading of one is told.</summary>
    public static ImageDataset Counted(string folder, Action read) => ImageDataset.Of("counted", ImageDataset.Open(folder).Items.Select(item =>
        new ImageItem(item.Id, item.Label, null, () =>
        {
            read();
            return item.ReadBytes();
        })
        { File = item.File }));
}
