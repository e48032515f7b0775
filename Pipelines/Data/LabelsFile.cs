using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLPipelines.Pipelines;

/// <summary>Reads the class names of a model: a text file with one name a line, or JSON (a list, or a map from the class number to the
/// name).</summary>
/// <remarks>
/// A text file in which every line begins with a WordNet number (<c>n01440764 tench, Tinca tinca</c>, ImageNet's synset list) is read
/// without the numbers.
/// Class names must differ, and ImageNet's do not (there are two cranes): names that occur twice get their WordNet number, or their class
/// number, in brackets.
/// </remarks>
public static partial class LabelsFile
{
    private const long MaximumLength = 16 << 20;

    /// <summary>Reads the names in the order of the model's outputs.</summary>
    /// <param name="path">A <c>.txt</c> or <c>.json</c> file in UTF-8; JSON is recognised by its first character.</param>
    /// <exception cref="InvalidDataException">The file is no such list, a name is empty, or the class numbers have gaps.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"The labels file '{path}' does not exist.", path);
        if (file.Length > MaximumLength)
            throw new InvalidDataException($"The labels file '{path}' has {file.Length:N0} bytes; a list of names has at most {MaximumLength:N0}.");

        var text = File.ReadAllText(path).Trim();
        var names = text.StartsWith('[') || text.StartsWith('{') ? FromJson(text, path) : FromLines(text);
        if (names.Length == 0) throw new InvalidDataException($"The labels file '{path}' is empty; expected one class name a line.");
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0)
                throw new InvalidDataException($"The labels file '{path}' has no name for class {i} (an empty line?); every class needs one.");
        }
        return Distinct(names, [.. names.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))]);
    }

    private static string[] FromLines(string text)
    {
        if (text.Length == 0) return [];
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (!lines.All(line => WordNetNumber().IsMatch(line))) return lines;

        var pairs = lines.Select(line => line.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries)).ToList();
        return Distinct([.. pairs.Select(pair => pair[1])], [.. pairs.Select(pair => pair[0])]);
    }

    private static string[] FromJson(string text, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Array) return [.. json.RootElement.EnumerateArray().Select(Name)];

            var byNumber = new SortedDictionary<int, string>();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                // {"0": "tench"}, and the other way round as Keras and timm write it: {"tench": 0}.
                var (number, name) = member.Value.ValueKind == JsonValueKind.Number
                    ? (member.Value.GetInt32(), member.Name)
                    : (Number(member.Name), Name(member.Value));
                if (!byNumber.TryAdd(number, name.Trim()))
                    throw new InvalidDataException($"The labels file '{path}' has class number {number} twice.");
            }
            for (var i = 0; i < byNumber.Count; i++)
            {
                if (!byNumber.ContainsKey(i))
                    throw new InvalidDataException(
                        $"The labels file '{path}' has {byNumber.Count} classes and none with the number {i}; class numbers must run from 0 "
                        + "without gaps.");
            }
            return [.. byNumber.Values];
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"The labels file '{path}' is not a JSON list of names or a map from class numbers to names: {error.Message}", error);
        }

        static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException($"'{text}' is no class number.");
        // ["n01440764", "tench"], Keras's imagenet_class_index.json.
        static string Name(JsonElement value) =>
            (value.ValueKind == JsonValueKind.Array ? value[value.GetArrayLength() - 1] : value).GetString()?.Trim() ?? "";
    }

    private static string[] Distinct(IReadOnlyList<string> names, IReadOnlyList<string> numbers)
    {
        var count = names.CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. names.Select((name, i) => count[name] == 1 ? name : $"{name} ({numbers[i]})")];
    }

    [GeneratedRegex(@"^n\d{8}\s+\S", RegexOptions.CultureInvariant)]
    private static partial Regex WordNetNumber();
}
