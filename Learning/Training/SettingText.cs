using System.Text.Json;

namespace MLPipelines.Learning;

/// <summary>Settings of a training for people: <see cref="NetworkTrainingSettings.ByName"/> gives them as names in code and JSON.</summary>
public static class SettingText
{
    private const string Off = "none";

    /// <summary>A name in words: <c>batchSize</c> is “batch size”.</summary>
    public static string NameOf(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    /// <summary>
    /// A value in words: of one that is written as a JSON object its type and what is on and not zero, as “adamw, beta1 0.9, learning rate 0.01”, and
    /// “none” where all is off; every other text as it is.
    /// </summary>
    public static string ValueOf(string value)
    {
        if (!value.StartsWith('{')) return value;
        try
        {
            using var json = JsonDocument.Parse(value);
            var members = json.RootElement.EnumerateObject().ToArray();
            return Array.Exists(members, IsOn) ? string.Join(", ", members.Select(Words).OfType<string>()) : Off;
        }
        catch (JsonException)
        {
            return value; // a text that only begins like JSON, in a history that another program wrote
        }
    }

    /// <summary>A text without a number beside it, such as what an edge would be filled with, does not make a setting one that is on.</summary>
    private static bool IsOn(JsonProperty member) => member.NameEquals("type") || (member.Value.ValueKind != JsonValueKind.String && Words(member) is not null);

    private static string? Words(JsonProperty member)
    {
        var name = NameOf(member.Name);
        return member.Value.ValueKind switch
        {
            JsonValueKind.String => member.NameEquals("type") ? member.Value.GetString() : $"{name} {member.Value.GetString()}",
            JsonValueKind.True => name,
            JsonValueKind.Number when member.Value.GetDouble() != 0 => $"{name} {member.Value.GetRawText()}",
            JsonValueKind.Array when member.Value.GetArrayLength() > 0 => $"{name} {string.Join(' ', member.Value.EnumerateArray())}",
            JsonValueKind.Object => $"{name} {string.Join(' ', member.Value.EnumerateObject().Select(one => $"{one.Name}={one.Value}"))}",
            _ => null,
        };
    }
}
