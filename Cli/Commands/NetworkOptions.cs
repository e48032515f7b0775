using System.CommandLine;
using System.Globalization;
using MLPipelines.Learning;

namespace MLPipelines.Cli.Commands;

/// <summary>The options that say how a network is trained; each is a default of its trainer where it is not given.</summary>
internal sealed class NetworkOptions
{
    private static readonly Dictionary<string, Func<OptimizerSettings>> optimizers = new(StringComparer.Ordinal)
    {
        ["sgd"] = () => new Sgd(), ["rmsprop"] = () => new RmsProp(), ["adam"] = () => new Adam(), ["adamw"] = () => new AdamW(),
    };

    private static readonly Dictionary<string, Func<LearningRateSchedule>> schedules = new(StringComparer.Ordinal)
    {
        ["constant"] = () => new ConstantSchedule(), ["step"] = () => new StepSchedule(), ["cosine"] = () => new CosineSchedule(),
        ["onecycle"] = () => new OneCycleSchedule(), ["plateau"] = () => new PlateauSchedule(),
    };

    private readonly Option<int?> epochs = new("--epochs", "--iterations") { Description = "Passes over the images; of maxent the most steps.", HelpName = "N" };
    private readonly Option<int?> batch = new("--batch") { Description = "Images in a batch.", HelpName = "N" };
    private readonly Option<string?> optimizer = new("--optimizer") { Description = $"{string.Join(", ", optimizers.Keys)}.", HelpName = "NAME" };
    private readonly Option<double?> learningRate = new("--learning-rate", "--lr") { Description = "The highest learning rate.", HelpName = "RATE" };
    private readonly Option<double?> momentum = new("--momentum") { Description = "How much of the last step sgd and rmsprop keep, 0 to below 1.", HelpName = "SHARE" };
    private readonly Option<double?> weightDecay = new("--weight-decay") { Description = "How strongly weights are drawn to 0.", HelpName = "LAMBDA" };
    private readonly Option<string?> schedule = new("--schedule") { Description = $"How the learning rate goes: {string.Join(", ", schedules.Keys)}.", HelpName = "NAME" };
    private readonly Option<double?> warmUp = new("--warm-up") { Description = "Epochs in which the learning rate climbs first.", HelpName = "EPOCHS" };
    private readonly Option<double?> clip = new("--clip") { Description = "The largest norm of a gradient.", HelpName = "NORM" };
    private readonly Option<double?> labelSmoothing = new("--label-smoothing") { Description = "How much of each target is shared out among all classes, 0 to below 1.", HelpName = "SHARE" };
    private readonly Option<double?> focal = new("--focal") { Description = "Focal loss with this gamma: sure answers count less.", HelpName = "GAMMA" };
    private readonly Option<string?> classWeights = new("--class-weights") { Description = "none, balanced, auto (after each epoch, by what keeps F1 down), or NAME=WEIGHT,…", HelpName = "HOW" };
    private readonly Option<string?> augment = new("--augment") { Description = $"Random changes to images: {AugmentationText.Known}.", HelpName = "HOW" };
    private readonly Option<double?> mixup = new("--mixup") { Description = "Trains on mixtures of two images; 0.2 mixes little, 1 in any share.", HelpName = "ALPHA" };
    private readonly Option<string?> earlyStopping = new("--early-stopping") { Description = "Stops when this has stopped getting better, and keeps the best weights: val_loss, val_f1_macro, val_f1[CLASS], …", HelpName = "METRIC" };
    private readonly Option<int?> patience = new("--patience") { Description = "Epochs without improvement before stopping. Default: 5.", HelpName = "N" };
    private readonly Option<double?> minimumDelta = new("--min-delta") { Description = "What counts as an improvement.", HelpName = "DELTA" };
    private readonly Option<string?> monitor = new("--monitor") { Description = "Keeps the weights of the epoch where this is best, without stopping.", HelpName = "METRIC" };
    private readonly Option<string?> timeBudget = new("--time-budget") { Description = "How long to train at most: 90s, 25m, 1.5h.", HelpName = "TIME" };

    public NetworkOptions(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
    }

    private Option[] All =>
    [
        epochs, batch, optimizer, learningRate, momentum, weightDecay, schedule, warmUp, clip, labelSmoothing, focal, classWeights, augment, mixup, earlyStopping, patience,
        minimumDelta, monitor, timeBudget,
    ];

    /// <summary>The passes that were asked for; null where they were not.</summary>
    public int? Epochs(ParseResult parsed) => parsed.GetValue(epochs);

    /// <summary>The first option that is given and means nothing to a trainer without a network; null where there is none.</summary>
    public Option? GivenForNetwork(ParseResult parsed) => All.FirstOrDefault(option => option != epochs && parsed.GetResult(option) is { Implicit: false });

    /// <summary>The settings with what the command line says of them.</summary>
    /// <exception cref="ArgumentException">A value is none of those known, which the message lists.</exception>
    public NetworkTrainingSettings Apply(ParseResult parsed, NetworkTrainingSettings settings) => settings with
    {
        Epochs = parsed.GetValue(epochs) ?? settings.Epochs,
        BatchSize = parsed.GetValue(batch) ?? settings.BatchSize,
        Optimizer = Optimizer(parsed, settings.Optimizer),
        Schedule = Schedule(parsed, settings.Schedule),
        Clipping = parsed.GetValue(clip) is { } norm ? new GradientClipping { GlobalNorm = norm } : settings.Clipping,
        Loss = LossOf(parsed, settings.Loss),
        ClassWeights = parsed.GetValue(classWeights) is { } weights ? ClassWeights(weights) : settings.ClassWeights,
        Augmentation = parsed.GetValue(augment) is { } changes ? AugmentationText.Parse(changes) : settings.Augmentation,
        Mixup = parsed.GetValue(mixup) is { } alpha ? new Mixup { Alpha = alpha } : settings.Mixup,
        EarlyStopping = Stopping(parsed) ?? settings.EarlyStopping,
        TimeBudget = parsed.GetValue(timeBudget) is { } time ? Time(time) : settings.TimeBudget,
    };

    private OptimizerSettings Optimizer(ParseResult parsed, OptimizerSettings settings)
    {
        var chosen = parsed.GetValue(optimizer) is { } name ? Known(optimizers, name, optimizer)() : settings;
        if (parsed.GetValue(momentum) is { } kept)
        {
            chosen = chosen switch
            {
                Sgd sgd => sgd with { Momentum = kept },
                RmsProp rmsProp => rmsProp with { Momentum = kept },
                _ => throw new ArgumentException($"--momentum was given, and the optimizer is {chosen.GetType().Name}, which has its own; choose --optimizer sgd or rmsprop."),
            };
        }

        return chosen with { LearningRate = parsed.GetValue(learningRate) ?? chosen.LearningRate, WeightDecay = parsed.GetValue(weightDecay) ?? chosen.WeightDecay };
    }

    private LearningRateSchedule Schedule(ParseResult parsed, LearningRateSchedule settings)
    {
        var chosen = parsed.GetValue(schedule) is { } name ? Known(schedules, name, schedule)() : settings;
        return parsed.GetValue(warmUp) is { } climbing ? chosen with { WarmUpEpochs = climbing } : chosen;
    }

    private Loss LossOf(ParseResult parsed, Loss settings) => (parsed.GetValue(focal), parsed.GetValue(labelSmoothing)) switch
    {
        ({ } gamma, null) => new FocalLoss { Gamma = gamma },
        (null, { } smoothing) => new CrossEntropyLoss { LabelSmoothing = smoothing },
        (null, null) => settings,
        _ => throw new ArgumentException("--focal and --label-smoothing were both given; choose one."),
    };

    private EarlyStopping? Stopping(ParseResult parsed)
    {
        var (stop, keep) = (parsed.GetValue(earlyStopping), parsed.GetValue(monitor));
        if (stop is not null && keep is not null && stop != keep)
            throw new ArgumentException($"--early-stopping {stop} and --monitor {keep} were given; the weights that are kept are those of the metric that is stopped on.");
        if ((stop ?? keep) is not { } metric)
            return parsed.GetValue(patience) is null && parsed.GetValue(minimumDelta) is null ? null : throw new ArgumentException("--patience and --min-delta belong to --early-stopping METRIC.");
        var defaults = new EarlyStopping();
        return defaults with
        {
            Metric = metric, Patience = stop is null ? null : parsed.GetValue(patience) ?? defaults.Patience, MinimumDelta = parsed.GetValue(minimumDelta) ?? defaults.MinimumDelta,
        };
    }

    private static ClassWeighting ClassWeights(string text)
    {
        if (text == "none") return new EqualClassWeights();
        if (text == "balanced") return new BalancedClassWeights();
        if (text == "auto") return new AdaptiveClassWeights();
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.LastIndexOf('=');
            if (at <= 0 || !double.TryParse(part.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight))
                throw new ArgumentException($"--class-weights was '{text}'; it must be none, balanced, auto, or weights by class such as shirt=2,bag=0.5.");
            weights[part[..at]] = weight;
        }

        return new GivenClassWeights { Weights = weights };
    }

    private static TimeSpan Time(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return seconds > 0 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e6
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new ArgumentException($"--time-budget was '{text}'; it must be a number with s, m or h: 90s, 25m, 1.5h.");
    }

    private static T Known<T>(Dictionary<string, T> known, string name, Option option) => known.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"{option.Name} was '{name}'; there are {string.Join(", ", known.Keys)}.");
}
