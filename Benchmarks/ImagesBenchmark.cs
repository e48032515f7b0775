using MLPipelines.Images;

namespace MLPipelines.Benchmarks;

/// <summary>Against Pillow (<c>decode_pil.py</c>): decode, stretch, normalise to float [3, size, size]; the files are in memory.</summary>
internal static class ImagesBenchmark
{
    public static void Run(string folder, int size, int repeats)
    {
        byte[][] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var loader = new ImageTensorLoader(PreprocessingPresets.Get("imagenet-torch") with { Width = size, Height = size, Resize = ResizeMode.Stretch, ShorterSide = null });
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var seconds = Measurement.Seconds(repeats, () => Parallel.ForEach(
                files, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new float[loader.Length],
                (file, _, tensor) =>
                {
                    loader.Load(file, tensor);
                    return tensor;
                },
                _ => { }));
            Measurement.Print("images", $"{Path.GetFileName(Path.GetFullPath(folder))} to {size}", threads, seconds.Select(value => files.Length / value), "img/s");
        }
    }
}
