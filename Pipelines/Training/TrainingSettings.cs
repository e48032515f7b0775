using System.Globalization;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>How <see cref="ImageClassificationPipeline.Train"/> trains: a maximum-entropy model (multinomial logistic regression) on the
/// pixels, by L-BFGS.</summary>
public sealed record TrainingSettings
{
    /// <summary>What the model is to be called.</summary>
    public string Name { get; init; } = "model";

    /// <summary>When the model is made, as the caller says; the same data, settings and time give the same bundle.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How images become the model's input; null takes the size (at most 32 × 32, or 64 × 64 where grey) and the colours of the
    /// first image.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The share of the training images, class by class, that is held out from fitting the weights and used to fit the
    /// temperature; 0 leaves the temperature at 1.</summary>
    public double CalibrationShare { get; init; } = 0.1;

    /// <summary>Decides which images are held out.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The weight of the sum of the weights' absolute values; above 0 it makes weights exactly 0.</summary>
    public float L1Regularization { get; init; }

    /// <summary>The weight of the sum of the weights' squares; larger values give smoother models.</summary>
    public float L2Regularization { get; init; } = 1;

    /// <summary>The most steps of L-BFGS.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>Steps end when the relative improvement falls below this.</summary>
    public float Tolerance { get; init; } = 1e-5f;

    /// <summary>The <see cref="ModelBundle.Hash"/> of the model that this one is to replace; null where there is none.</summary>
    public string? Parent { get; init; }

    internal IReadOnlyDictionary<string, string> Described() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["calibrationShare"] = CalibrationShare.ToString(CultureInfo.InvariantCulture),
        ["l1Regularization"] = L1Regularization.ToString(CultureInfo.InvariantCulture),
        ["l2Regularization"] = L2Regularization.ToString(CultureInfo.InvariantCulture),
        ["maximumIterations"] = MaximumIterations.ToString(CultureInfo.InvariantCulture),
        ["tolerance"] = Tolerance.ToString(CultureInfo.InvariantCulture),
    };

    internal TrainingSettings Validate()
    {
        if (!(CalibrationShare is >= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(CalibrationShare), CalibrationShare, "The held-out share must lie between 0 and 0.5.");
        ArgumentOutOfRangeException.ThrowIfNegative(L1Regularization);
        ArgumentOutOfRangeException.ThrowIfNegative(L2Regularization);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        Preprocessing?.Validate();
        return this;
    }
}
