using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>The options that say how images become numbers.</summary>
internal sealed class PixelOptions
{
    private readonly Option<string?> preset = new("--preset") { Description = $"How pixels become numbers: {string.Join(", ", PreprocessingPresets.All.Select(each => each.Name))}. Default: networks measure mean and deviation, maxent takes 0 to 1.", HelpName = "NAME" };
    private readonly Option<(int Width, int Height)?> size = new("--size") { Description = "The size that images are brought to. Default: that of the first image, where it is small.", HelpName = "N|WxH", CustomParser = ParseSize };
    private readonly Option<ColorOrder?> colors = new("--colors") { Description = "rgb, bgr or grey. Default: those of the first image." };

    public PixelOptions(Command command)
    {
        foreach (var option in new Option[] { preset, size, colors })
            command.Options.Add(option);
    }

    /// <summary>The preset; null where none is given.</summary>
    public string? Preset(ParseResult parsed) => parsed.GetValue(preset);

    /// <summary>What the caller said about pixels, on top of what the training suggests; null where nothing was said.</summary>
    public ImagePreprocessing? Preprocessing(ParseResult parsed, ImageDataset dataset, ClassifierTraining training)
    {
        var (named, sides, order) = (parsed.GetValue(preset), parsed.GetValue(size), parsed.GetValue(colors));
        if (training is HeadTraining)
        {
            // The backbone has read the preset; its images are of its own size.
            return sides is null && order is null ? null : throw new ArgumentException("--trainer head takes size and colours from its backbone; leave out --size and --colors.");
        }

        if (named is null && sides is null && order is null) return null;
        var preprocessing = named is null ? ImageClassificationPipeline.PreprocessingFor(dataset, training) : PreprocessingPresets.Get(named);
        if (sides is var (width, height))
        {
            var side = preprocessing.ShorterSide is { } shorter ? shorter * Math.Max(width, height) / Math.Max(preprocessing.Width, preprocessing.Height) : (int?)null;
            preprocessing = preprocessing with { Width = width, Height = height, ShorterSide = side };
        }

        return order is { } wanted ? preprocessing with { Colors = wanted } : preprocessing;
    }

    private static (int Width, int Height)? ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        int[] sides = [.. text.Split('x').Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? pixels : 0)];
        if (sides.Length is 1 or 2 && sides.All(side => side is >= 1 and <= ImagePreprocessing.LargestSide))
            return (sides[0], sides[^1]);
        result.AddError($"--size was '{text}'; it must be a side in pixels (28) or WIDTHxHEIGHT (32x24), each 1 to {ImagePreprocessing.LargestSide}.");
        return null;
    }
}
