using System.Globalization;
using MLPipelines.Learning;

namespace MLPipelines.Cli.Commands;

/// <summary>Random changes to images as a word on the command line: <c>light</c>, or <c>flip,shift=2,rotate=10</c>.</summary>
internal static class AugmentationText
{
    private static readonly Dictionary<string, Augmentation> named = new(StringComparer.Ordinal) { ["none"] = Augmentation.None, ["light"] = Augmentation.Light };

    private static readonly Dictionary<string, (float Default, Func<Augmentation, float, Augmentation> Set)> parts = new(StringComparer.Ordinal)
    {
        ["flip"] = (1, (all, _) => all with { FlipHorizontally = true }),
        ["flip-vertical"] = (1, (all, _) => all with { FlipVertically = true }),
        ["shift"] = (2, (all, pixels) => all with { ShiftPixels = (int)pixels }),
        ["rotate"] = (10, (all, degrees) => all with { RotateDegrees = degrees }),
        ["scale"] = (0.1f, (all, range) => all with { ScaleRange = range }),
        ["brightness"] = (0.2f, (all, range) => all with { Brightness = range }),
        ["contrast"] = (0.2f, (all, range) => all with { Contrast = range }),
        ["noise"] = (8, (all, deviation) => all with { NoiseDeviation = deviation }),
        ["erase"] = (0.2f, (all, share) => all with { EraseShare = share }),
    };

    /// <summary>What there is, for help and errors.</summary>
    public static string Known => $"{string.Join(", ", named.Keys)}, or a list of {string.Join(", ", parts.Keys)}, each with =AMOUNT where wanted";

    /// <summary>Reads the word.</summary>
    /// <exception cref="ArgumentException">It names a change that there is not, or an amount that is no number; the message lists what there is.</exception>
    public static Augmentation Parse(string text)
    {
        if (named.TryGetValue(text, out var augmentation)) return augmentation;
        return text.Split(',', StringSplitOptions.TrimEntries).Aggregate(Augmentation.None, (all, part) =>
        {
            var (name, amount) = part.Split('=', 2) is [var before, var after] ? (before, after) : (part, null);
            if (!parts.TryGetValue(name, out var change)) throw new ArgumentException($"--augment was '{text}', which has '{name}'; there is {Known}.");
            var value = change.Default;
            if (amount is not null && !float.TryParse(amount, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                throw new ArgumentException($"--augment was '{text}', and '{amount}' is no number.");
            return change.Set(all, value);
        }).Validate();
    }
}
