using System.Globalization;
using MLPipelines.Evaluation;
using MLPipelines.Learning;
using MLPipelines.Images;
using MLPipelines.Onnx;

namespace MLPipelines.Pipelines;

/// <summary>What a model came to on a data set: the evaluation, and what a report says beside it.</summary>
/// <param name="Evaluation">The evaluation of the calibrated probabilities.</param>
/// <param name="Rows">The calibrated probabilities.</param>
/// <param name="Details">Pictures of the mistakes, the evaluation before calibration, and what was used.</param>
public sealed record BundleEvaluation(ClassificationEvaluation Evaluation, ScoredRows Rows, ReportDetails Details)
{
    /// <summary>The longer side of the pictures in a report, in pixels.</summary>
    public const int ThumbnailSide = 160;

    /// <summary>Scores a data set and evaluates the scores, as they are and as they were before calibration.</summary>
    /// <param name="bundle">The model.</param>
    /// <param name="dataset">The images, all of them: choose the part first.</param>
    /// <param name="options">Settings of the evaluation; null for the defaults.</param>
    /// <param name="progress">Told about the stages <c>Score</c> and <c>Evaluate</c>.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidDataException">An image is bad and the data set's policy is to fail.</exception>
    public static BundleEvaluation Of(
        ModelBundle bundle,
        ImageDataset dataset,
        EvaluationOptions? options = null,
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var scored = ScoredDataset.Of(bundle, dataset, "Score", progress, cancellation);
        progress?.Report(new PipelineProgress("Evaluate", 0, 1));
        var rows = scored.Rows(bundle.Temperature);
        var evaluation = ClassificationEvaluation.Of(rows, options);
        var builtIn = ScoredDataView.Evaluate(new(), rows);
        var before = bundle.Manifest.Calibration is null ? null : ClassificationEvaluation.Of(scored.Rows(temperature: 1), options);
        progress?.Report(new PipelineProgress("Evaluate", 1, 1));

        var (history, unreadable) = HistoryOf(bundle);
        var summary = dataset.Summary();
        var images = dataset.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        return new(evaluation with { MLNet = builtIn }, rows, new ReportDetails
        {
            Title = bundle.Manifest.Name,
            Subtitle = dataset.Name,
            Calibration = before is null ? null : new(bundle.Temperature, before),
            Thumbnails = id => images.TryGetValue(id, out var item) ? ThumbnailOf(item.ReadBytes()) : null,
            SkippedImages = summary.Skipped.Count,
            History = history,
            Warnings = [.. Warnings(bundle, dataset, summary, cancellation), .. unreadable is null ? (string[])[] : [unreadable]],
            Used = [Model(bundle), Data(dataset, summary, cancellation), Software()],
        });
    }

    /// <summary>How the model was trained; what is wrong with the history where it cannot be read, which says nothing against the model.</summary>
    private static (TrainingHistory? History, string? Warning) HistoryOf(ModelBundle bundle)
    {
        try
        {
            return (bundle.History, null);
        }
        catch (InvalidDataException failure)
        {
            return (null, $"How the model was trained cannot be shown. {failure.Message}");
        }
    }

    /// <summary>A small PNG of an image, as a report shows it; null where the bytes are no image.</summary>
    public static byte[]? ThumbnailOf(ReadOnlySpan<byte> encoded)
    {
        try
        {
            var image = ImageCodec.Decode(encoded, new ImageDecodeSettings { ShrinkToAtLeast = (2 * ThumbnailSide, 2 * ThumbnailSide) });
            var scale = Math.Min(1, (double)ThumbnailSide / Math.Max(image.Width, image.Height));
            var small = scale == 1
                ? image
                : ImageCodec.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)), Interpolation.Lanczos3);
            return ImageCodec.Encode(small, ImageFileFormat.Png);
        }
        catch (InvalidDataException)
        {
            // A picture that cannot be shown is shown as a gap; that it cannot be read was said where it was scored.
            return null;
        }
    }

    /// <summary>The facts about a model that a report and a terminal list.</summary>
    public static ReportGroup Model(ModelBundle bundle)
    {
        var manifest = bundle.Manifest;
        List<ReportFact> facts =
        [
            new("name", manifest.Name),
            new("classes", manifest.Labels.Count.ToString(CultureInfo.InvariantCulture)),
            new("preprocessing", manifest.Preprocessing.ToString()),
            new("output", $"{manifest.Model.Output} ({manifest.Model.OutputKind.ToString().ToLowerInvariant()})"),
        ];
        if (manifest.Training is { } training)
        {
            var settings = training.Settings.Select(setting => (Name: SettingText.NameOf(setting.Key), Value: SettingText.ValueOf(setting.Value)))
                .Where(setting => setting.Value is not ("" or "none"));
            facts.Add(new("trainer", string.Join("; ", settings.Select(setting => $"{setting.Name} {setting.Value}").Prepend(training.Trainer))));
            facts.Add(new("seed", training.Seed.ToString(CultureInfo.InvariantCulture)));
            facts.Add(new("trained on", $"{training.Rows.ToString("N0", CultureInfo.InvariantCulture)} images of {training.Data}"));
        }

        facts.Add(new("temperature", manifest.Calibration is { } fit
            ? string.Create(CultureInfo.InvariantCulture, $"{fit.Temperature:0.0000}, fitted on {fit.Rows:N0} images of {fit.Data}")
            : "1 (not fitted)"));
        facts.Add(new("made", manifest.CreatedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)));
        facts.Add(new("bundle", bundle.Hash, IsCode: true));
        return new("Model", facts);
    }

    /// <summary>The software and the machine that a report was made with.</summary>
    public static ReportGroup Software()
    {
        var engine = EngineRecord.Current();
        return new("Software",
        [
            new("MLPipelines", engine.MLPipelines),
            new("ML.NET", engine.MLNet),
            new("ONNX Runtime", OnnxRuntimeLibrary.Version),
            new(ImageLibrary.Name, ImageLibrary.Version),
            new("runtime", engine.Runtime),
        ]);
    }

    private static ReportGroup Data(ImageDataset dataset, DataSummary summary, CancellationToken cancellation) => new("Data",
    [
        new("data set", dataset.Name),
        new("format", dataset.Format.ToString()),
        new("images", string.Create(
            CultureInfo.InvariantCulture, $"{summary.Read:N0} read = {summary.Used:N0} used + {summary.Skipped.Count:N0} skipped")),
        new("content", dataset.ContentHash(cancellation), IsCode: true),
    ]);

    private static IEnumerable<string> Warnings(ModelBundle bundle, ImageDataset dataset, DataSummary summary, CancellationToken cancellation)
    {
        const int Listed = 5;
        if (summary.Skipped.Count > 0)
        {
            var names = summary.Skipped.Take(Listed).Select(item => $"{item.Id} ({item.Reason.TrimEnd('.')})");
            var more = summary.Skipped.Count > Listed ? "; …" : "";
            yield return $"{summary.Skipped.Count} of {summary.Read} images were left out: {string.Join("; ", names)}{more}.";
        }

        var content = dataset.ContentHash(cancellation);
        if (content == bundle.Manifest.Training?.DataHash)
            yield return "The model was trained on these very images; what it gets right here says little about images that it has not seen.";
        if (content == bundle.Manifest.Calibration?.DataHash)
            yield return "The temperature was fitted on these very images; calibration looks better here than it is.";
    }
}
