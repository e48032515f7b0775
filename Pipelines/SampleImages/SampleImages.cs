using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Which sample images are drawn.</summary>
public sealed record SampleImageSettings
{
    /// <summary>The side of the images in pixels, 8 to 1024.</summary>
    public int Size { get; init; } = 32;

    /// <summary>The number of training images per class.</summary>
    public int TrainPerClass { get; init; } = 500;

    /// <summary>The number of test images per class.</summary>
    public int TestPerClass { get; init; } = 100;

    /// <summary>From 0, all shapes upright, central, light on dark and clean, over 0.5, about as hard as photos of single things, to 1:
    /// turned anyhow, small, faded, uneven, among clutter and often partly hidden. From 0.5 on, one shape in twenty is close to half-way to
    /// a look-alike.</summary>
    public double Difficulty { get; init; } = 0.5;

    /// <summary>Another seed draws other images.</summary>
    public int Seed { get; init; } = 1;

    internal SampleImageSettings Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Size, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Size, 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(TrainPerClass);
        ArgumentOutOfRangeException.ThrowIfNegative(TestPerClass);
        if (!(Difficulty is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Difficulty), Difficulty, "The difficulty must lie between 0 and 1.");
        return this;
    }
}

/// <summary>Draws the data set that the demo learns from: twelve shapes, from arrow to triangle, so that everything can be tried without
/// any data.</summary>
/// <remarks>Every image depends on the settings, its part, class and number alone, so that images can be drawn in any order and any number.</remarks>
public static class SampleImages
{
    private const string SettingsFile = "sample-images.json";

    /// <summary>The class names, in ordinal order.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. Glyphs.All.Select(glyph => glyph.Name)];

    /// <summary>Draws one image, RGB.</summary>
    /// <param name="label">The index in <see cref="Classes"/>.</param>
    /// <param name="index">The image's number within its class and part.</param>
    /// <param name="part"><see cref="DatasetParts.Train"/> or <see cref="DatasetParts.Test"/>.</param>
    /// <param name="settings">Size, difficulty and seed; null for the defaults.</param>
    public static RasterImage Draw(int label, int index, string part = DatasetParts.Train, SampleImageSettings? settings = null)
    {
        settings = (settings ?? new SampleImageSettings()).Validate();
        var random = SampleRandom.For(settings.Seed, part == DatasetParts.Train ? 0 : 1, label, index);
        return GlyphPainter.Draw(Glyphs.All[label].Shape, settings.Size, settings.Difficulty, random);
    }

    /// <summary>Writes <c>train/CLASS/NNNN.png</c> and <c>test/CLASS/NNNN.png</c>. A folder that holds the same images already is left as
    /// it is.</summary>
    /// <param name="folder">An empty or new folder, or one that this has written before.</param>
    /// <param name="settings">How many, how large and how difficult; null for the defaults.</param>
    /// <param name="progress">Told about every hundredth image.</param>
    /// <param name="cancellation">Stops drawing; what was written stays, without the file that says that all is there.</param>
    /// <exception cref="IOException">The folder holds something else.</exception>
    public static void Write(
        string folder, SampleImageSettings? settings = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings = (settings ?? new SampleImageSettings()).Validate();
        var settingsPath = Path.Combine(folder, SettingsFile);
        var settingsJson = JsonSerializer.Serialize(settings, SampleImagesJson.Default.SampleImageSettings);
        if (File.Exists(settingsPath) && File.ReadAllText(settingsPath) == settingsJson) return;
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException(
                $"The folder '{folder}' is not empty and does not hold sample images of these settings. Choose another folder, or delete it first.");

        var parts = new[] { (Name: DatasetParts.Train, Count: settings.TrainPerClass), (Name: DatasetParts.Test, Count: settings.TestPerClass) };
        var images = (from part in parts
                      from label in Enumerable.Range(0, Classes.Count)
                      from index in Enumerable.Range(0, part.Count)
                      select (Part: part.Name, Label: label, Index: index)).ToArray();
        foreach (var (part, label) in images.Select(image => (image.Part, image.Label)).Distinct())
            Directory.CreateDirectory(Path.Combine(folder, part, Classes[label]));

        var done = 0;
        Parallel.ForEach(images, new ParallelOptions { CancellationToken = cancellation }, image =>
        {
            var name = image.Index.ToString("D4", CultureInfo.InvariantCulture) + ".png";
            var png = ImageCodec.Encode(Draw(image.Label, image.Index, image.Part, settings), ImageFileFormat.Png);
            File.WriteAllBytes(Path.Combine(folder, image.Part, Classes[image.Label], name), png);
            var count = Interlocked.Increment(ref done);
            if (count % 100 == 0 || count == images.Length) progress?.Report(new PipelineProgress("Draw", count, images.Length));
        });
        File.WriteAllText(settingsPath, settingsJson);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(SampleImageSettings))]
internal sealed partial class SampleImagesJson : JsonSerializerContext;
