namespace MLPipelines.Learning;

/// <summary>What is to be trained on what.</summary>
internal sealed record TrainingTask(
    NetworkTrainingSettings Settings, ITrainableNetwork Network, ISampleSource Training, ISampleSource? Validation, IReadOnlyList<string> Labels)
{
    /// <summary>Training samples of each class.</summary>
    public long[] SamplesPerClass { get; } = new long[Labels.Count];

    /// <summary>Checks that settings, network, data and labels fit each other, at the cost of a look at every label.</summary>
    /// <exception cref="ArgumentException">The settings, the network or the labels do not fit.</exception>
    /// <exception cref="InvalidDataException">The data cannot be trained on.</exception>
    public void Check()
    {
        Settings.Check();
        CheckLabels();
        if (Settings.BatchSize > Network.LargestBatch)
        {
            throw new ArgumentException(
                $"A batch is to have {Settings.BatchSize} samples, and the network takes at most {Network.LargestBatch}: "
                + "make it for larger batches, or the batches smaller.");
        }

        CheckChannels(nameof(Normalization.Mean), Settings.Normalization.Mean.Count);
        CheckChannels(nameof(Normalization.StandardDeviation), Settings.Normalization.StandardDeviation.Count);
        if (Validation is null && Settings.ClassWeights.NeedsValidation)
        {
            throw new ArgumentException(
                "Class weights 'auto' follow the errors on validation samples, and there are none: give some, or choose other weights.");
        }

        CheckSource(Training, "training", SamplesPerClass);
        if (Validation is not null) CheckSource(Validation, "validation", new long[Labels.Count]);
        Settings.Augmentation.Validate(Training.Shape);
        for (var c = 0; c < Labels.Count; c++)
        {
            if (SamplesPerClass[c] == 0)
            {
                throw new InvalidDataException(
                    $"The class '{Labels[c]}' (number {c} of {Labels.Count}) has no training samples. Add some, or leave the class out.");
            }
        }
    }

    private void CheckLabels()
    {
        if (Labels.Count < 2)
        {
            throw new InvalidDataException(
                $"There {(Labels.Count == 1 ? $"is only one class, '{Labels[0]}'" : "are no classes")}; telling apart needs at least two.");
        }

        if (Labels.Count != Network.Classes)
        {
            throw new ArgumentException(
                $"There are {Labels.Count} labels, and the network has {Network.Classes} outputs; there must be one for each class.");
        }

        if (Labels.GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two classes are called '{twice.Key}'; each needs a name of its own.");
    }

    private void CheckChannels(string name, int count)
    {
        if (count != 0 && count != Training.Shape.Channels)
        {
            throw new ArgumentException(
                $"The normalisation's {name} has {count} values, and samples have {Training.Shape.Channels} channels; give one for each, or none.");
        }
    }

    private void CheckSource(ISampleSource source, string part, long[] perClass)
    {
        if (source.Count == 0) throw new InvalidDataException($"There are no {part} samples; at least one is needed.");
        if (source.Shape != Network.Input)
        {
            throw new InvalidDataException(
                $"The {part} samples have the shape {source.Shape}, and the network takes {Network.Input}. "
                + "Make the network for this shape, or bring the samples to its own.");
        }

        var total = 0.0;
        for (var i = 0; i < source.Count; i++)
        {
            var label = source.LabelOf(i);
            if ((uint)label >= (uint)perClass.Length)
            {
                throw new InvalidDataException(
                    $"The {part} sample {i} has the class number {label}; "
                    + $"the numbers of the {perClass.Length} classes go from 0 to {perClass.Length - 1}.");
            }

            var weight = source.WeightOf(i);
            if (weight is not (>= 0 and < float.PositiveInfinity))
                throw new InvalidDataException($"The {part} sample {i} has the weight {weight}; expected a number of at least 0.");
            perClass[label]++;
            total += weight;
        }

        if (total <= 0) throw new InvalidDataException($"All {source.Count} {part} samples have the weight 0; at least one must count.");
    }
}
