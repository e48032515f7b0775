using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>A training between two batches as sections of a <see cref="CheckpointFile"/>, and back.</summary>
internal static class Checkpoint
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new CellsJson() },
    };

    public static void Write(
        string path, IReadOnlyDictionary<string, string> fingerprint, TrainingState state, ITrainableNetwork network, Optimizer optimizer) =>
        CheckpointFile.Write(path, file =>
        {
            var position = new Position
            {
                Fingerprint = fingerprint.ToDictionary(),
                Epoch = state.Epoch,
                Training = state.Training.Save(),
                Validation = state.Validation.Save(),
                Steps = optimizer.Steps,
                ClassWeights = state.ClassWeights,
                Plateau = state.Plateau,
                Epochs = state.Epochs,
                Batches = state.Batches,
                Watch = state.Watch,
                Stop = state.Stop == StopReason.EarlyStopping ? state.Stop : null,
                StopDetail = state.Stop == StopReason.EarlyStopping ? state.StopDetail : null,
            };
            file.Add("position", JsonSerializer.SerializeToUtf8Bytes(position, Json));
            file.Add("weights", network.Weights);
            file.Add("state", network.State);
            for (var i = 0; i < optimizer.Moments.Count; i++) file.Add($"moment {i}", optimizer.Moments[i]);
            if (state.BestWeights is not null) file.Add("best weights", state.BestWeights);
            if (state.BestState is not null) file.Add("best state", state.BestState);
        });

    /// <summary>Brings state, network and optimiser to where the checkpoint was written.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or it is of another training; the message names the difference.</exception>
    public static void Restore(
        string path, IReadOnlyDictionary<string, string> fingerprint, TrainingState state, ITrainableNetwork network, Optimizer optimizer)
    {
        var sections = CheckpointFile.Read(path);
        var position = JsonSerializer.Deserialize<Position>(sections["position"].Span, Json)!;
        if (TrainingFingerprint.Differences(position.Fingerprint, fingerprint) is { } differences)
        {
            throw new InvalidDataException(
                $"The checkpoint '{path}' is of another training: {differences}. "
                + "Go on with what it was written with, or begin anew in an empty folder.");
        }

        state.Epoch = position.Epoch;
        state.Training.Restore(position.Training);
        state.Validation.Restore(position.Validation);
        (state.ClassWeights, state.Plateau, state.Watch) = (position.ClassWeights, position.Plateau, position.Watch);
        (state.Stop, state.StopDetail) = (position.Stop, position.StopDetail);
        state.Epochs.AddRange(position.Epochs);
        state.Batches.AddRange(position.Batches);
        Floats("weights").CopyTo(network.Weights);
        Floats("state").CopyTo(network.State);
        for (var i = 0; i < optimizer.Moments.Count; i++) Floats($"moment {i}").CopyTo(optimizer.Moments[i]);
        optimizer.Restore(position.Steps);
        state.BestWeights = sections.ContainsKey("best weights") ? Floats("best weights").ToArray() : null;
        state.BestState = sections.ContainsKey("best state") ? Floats("best state").ToArray() : null;

        ReadOnlySpan<float> Floats(string name) => MemoryMarshal.Cast<byte, float>(sections[name].Span);
    }

    /// <summary>All but the numbers of network and optimiser.</summary>
    private sealed record Position
    {
        public required Dictionary<string, string> Fingerprint { get; init; }

        public required int Epoch { get; init; }

        public required SavedEpochPart Training { get; init; }

        public required SavedEpochPart Validation { get; init; }

        public required long Steps { get; init; }

        public required double[]? ClassWeights { get; init; }

        public required PlateauState Plateau { get; init; }

        public required EarlyStoppingState Watch { get; init; }

        public required List<EpochRecord> Epochs { get; init; }

        public required List<BatchRecord> Batches { get; init; }

        public required StopReason? Stop { get; init; }

        public required string? StopDetail { get; init; }
    }

    /// <summary>Counts as a list of numbers: the classes, then actual, predicted and samples of every cell that is not zero.</summary>
    private sealed class CellsJson : JsonConverter<ConfusionCounts>
    {
        public override ConfusionCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var numbers = JsonSerializer.Deserialize<long[]>(ref reader, options)!;
            var counts = new ConfusionCounts((int)numbers[0]);
            foreach (var cell in numbers[1..].Chunk(3)) counts.Add((int)cell[0], (int)cell[1], cell[2]);
            return counts;
        }

        public override void Write(Utf8JsonWriter writer, ConfusionCounts value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.ClassCount);
            foreach (var (actual, predicted, samples) in value.NonZero)
            {
                writer.WriteNumberValue(actual);
                writer.WriteNumberValue(predicted);
                writer.WriteNumberValue(samples);
            }

            writer.WriteEndArray();
        }
    }
}
