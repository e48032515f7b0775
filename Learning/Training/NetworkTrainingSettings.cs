using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>How a network is trained. The defaults train a small image classifier sensibly.</summary>
public sealed record NetworkTrainingSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions OneLine = new(Json) { WriteIndented = false };

    /// <summary>How often all samples are learnt from, at least 1.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Samples in a batch, at least 1; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The rule that moves the weights, with the learning rate.</summary>
    public OptimizerSettings Optimizer { get; init; } = new Adam();

    /// <summary>How the learning rate goes through the training.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Holds gradients down; null for none.</summary>
    public GradientClipping? Clipping { get; init; }

    /// <summary>What is made small.</summary>
    public Loss Loss { get; init; } = new CrossEntropyLoss();

    /// <summary>How much samples of each class count.</summary>
    public ClassWeighting ClassWeights { get; init; } = new EqualClassWeights();

    /// <summary>When to stop before the last epoch, and which weights to keep; null to train all epochs and keep the last.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>How raw values become what the network sees; by default pixels of 0 to 255 become 0 to 1.</summary>
    public Normalization Normalization { get; init; } = Normalization.UnitRange;

    /// <summary>Random changes to the training samples.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>Trains on mixtures of samples; null for none.</summary>
    public Mixup? Mixup { get; init; }

    /// <summary>Decides all that is random: the order of samples, augmentation, dropout.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A record in <see cref="TrainingHistory.Batches"/> after so many batches of training and of validation; 0 for none.</summary>
    public int BatchesPerRecord { get; init; }

    /// <summary>How long one call of <see cref="NetworkTrainer.Fit"/> may take from its first batch on; null for any time.</summary>
    /// <remarks>Looked at before every batch of training and validation, so that it is overrun by one batch at most.</remarks>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Where the training is written down to go on from; null for nowhere.</summary>
    [JsonIgnore]
    public CheckpointSettings? Checkpoints { get; init; }

    /// <summary>Checks all settings.</summary>
    /// <exception cref="ArgumentException">Some cannot be trained with; the message names each with what was given and what was expected.</exception>
    public void Check()
    {
        var problems = new SettingProblems();
        problems.Require(Epochs >= 1, Epochs, "at least 1");
        problems.Require(BatchSize >= 1, BatchSize, "at least 1");
        problems.Require(BatchesPerRecord >= 0, BatchesPerRecord, "at least 0");
        problems.Require(TimeBudget is null || TimeBudget > TimeSpan.Zero, TimeBudget, "a time above 0, or none");
        problems.Within(nameof(Optimizer), Optimizer.Check);
        problems.Within(nameof(Schedule), Schedule.Check);
        problems.Within(nameof(Loss), Loss.Check);
        problems.Within(nameof(ClassWeights), ClassWeights.Check);
        problems.Within(nameof(Normalization), CheckNormalization);
        if (Clipping is not null) problems.Within(nameof(Clipping), Clipping.Check);
        if (EarlyStopping is not null) problems.Within(nameof(EarlyStopping), EarlyStopping.Check);
        if (Mixup is not null) problems.Within(nameof(Mixup), Mixup.Check);
        if (Checkpoints is not null) problems.Within(nameof(Checkpoints), Checkpoints.Check);
        problems.ThrowIfAny("settings");
        Augmentation.Validate();
    }

    /// <summary>The settings as JSON: the same text for the same settings. Without the place of the checkpoints.</summary>
    public string Described() => JsonSerializer.Serialize(this, Json);

    /// <summary>Each setting by name, as text, in the order of this type.</summary>
    public IReadOnlyDictionary<string, string> ByName() => Members(_ => true);

    /// <summary>The settings that decide what the weights become, by name: two trainings that agree on them may go on from each other.</summary>
    internal IReadOnlyDictionary<string, string> Deciding()
    {
        var lengthDecides = Schedule.DependsOnLength;
        return Members(name => name is not (nameof(TimeBudget) or nameof(BatchesPerRecord)) && (lengthDecides || name is not nameof(Epochs)));
    }

    private Dictionary<string, string> Members(Func<string, bool> wanted)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in JsonSerializer.SerializeToNode(this, Json)!.AsObject())
        {
            if (wanted(char.ToUpperInvariant(name[0]) + name[1..])) members[name] = TextOf(value);
        }

        return members;
    }

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "none",
        JsonValue plain => plain.ToString(),
        _ => value.ToJsonString(OneLine),
    };

    private void CheckNormalization(SettingProblems problems)
    {
        var scale = Normalization.Scale;
        problems.Require(float.IsFinite(scale) && scale != 0, scale, "a number other than 0", nameof(Normalization.Scale));
        for (var c = 0; c < Normalization.Mean.Count; c++)
            problems.Require(float.IsFinite(Normalization.Mean[c]), Normalization.Mean[c], "a finite number", $"{nameof(Normalization.Mean)}[{c}]");
        for (var c = 0; c < Normalization.StandardDeviation.Count; c++)
        {
            var deviation = Normalization.StandardDeviation[c];
            var name = $"{nameof(Normalization.StandardDeviation)}[{c}]";
            problems.Require(float.IsFinite(deviation) && deviation > 0, deviation, "a number above 0", name);
        }
    }
}
