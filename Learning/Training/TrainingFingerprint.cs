using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MLPipelines.Learning;

/// <summary>What a training is of, in names and texts: a checkpoint may be gone on from where all are the same.</summary>
/// <remarks>
/// The settings that decide the result, the network's input, tensors and definition, the labels, and of the data the number, the shape, all
/// class numbers and weights, and all values. The values are read once for that, by all the network's threads.
/// </remarks>
internal static class TrainingFingerprint
{
    private const int SamplesPerHash = 256;

    public static SortedDictionary<string, string> Of(TrainingTask task)
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["labels"] = string.Join(", ", task.Labels),
            ["network input"] = task.Network.Input.ToString(),
            ["network tensors"] = Tensors(task.Network.WeightTensors),
            ["network state"] = Tensors(task.Network.StateTensors),
            ["network definition"] = task.Network.Definition is { } definition 
                ? Hash(hash => hash.AppendData(Encoding.UTF8.GetBytes(definition.ToJson())))
                : "unknown",
            ["training data"] = Of(task.Training, task.Network.Team),
            ["validation data"] = task.Validation is { } validation ? Of(validation, task.Network.Team) : "none",
        };
        foreach (var (name, value) in task.Settings.Deciding()) parts[$"setting {name}"] = value;
        return parts;
    }

    /// <summary>The differences in a sentence; null where there are none.</summary>
    public static string? Differences(IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> now)
    {
        string[] sentences =
        [
            .. saved.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(name => saved.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Select(name => $"{name} was {saved.GetValueOrDefault(name) ?? "unknown"} and is {now.GetValueOrDefault(name) ?? "unknown"}"),
        ];
        return sentences.Length == 0 ? null : string.Join("; ", sentences);
    }

    private static string Tensors(IReadOnlyList<ParameterTensor> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {string.Join('×', tensor.Dimensions)}"));

    private static string Of(ISampleSource source, ThreadTeam team)
    {
        var labels = Hash(hash =>
        {
            Span<byte> sample = stackalloc byte[8];
            for (var i = 0; i < source.Count; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(sample, source.LabelOf(i));
                BinaryPrimitives.WriteSingleLittleEndian(sample[4..], source.WeightOf(i));
                hash.AppendData(sample);
            }
        });
        var values = Hash(hash => hash.AppendData(HashesOfValues(source, team)));
        return string.Create(CultureInfo.InvariantCulture, $"{source.Count} samples of {source.Shape}, labels {labels}, values {values}");
    }

    /// <summary>The SHA-256 of the values of every <see cref="SamplesPerHash"/> samples, one after the other.</summary>
    private static byte[] HashesOfValues(ISampleSource source, ThreadTeam team)
    {
        var parts = (source.Count + SamplesPerHash - 1) / SamplesPerHash;
        var hashes = new byte[parts * SHA256.HashSizeInBytes];
        float[][] samples = [.. Enumerable.Range(0, team.Count).Select(_ => new float[source.Shape.Size])];
        team.For(parts, (part, worker) =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var end = Math.Min((part + 1) * SamplesPerHash, source.Count);
            for (var i = part * SamplesPerHash; i < end; i++)
            {
                source.CopyTo(i, samples[worker]);
                hash.AppendData(MemoryMarshal.AsBytes(samples[worker].AsSpan()));
            }

            hash.GetHashAndReset(hashes.AsSpan(part * SHA256.HashSizeInBytes));
        });
        return hashes;
    }

    private static string Hash(Action<IncrementalHash> append)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        append(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
