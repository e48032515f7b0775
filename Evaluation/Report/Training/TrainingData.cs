using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>Numbers of a training in the page’s JSON: short, with null for what JSON has no number for.</summary>
internal static class TrainingData
{
    /// <summary>A property with a list of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        json.WriteNumbers(values);
    }

    /// <summary>A list of numbers, of six digits each, which is more than a chart can show.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            if (double.IsFinite(value))
                json.WriteNumberValue(Rounded(value));
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    /// <summary>A property with the class names.</summary>
    public static void WriteLabels(this Utf8JsonWriter json, TrainingHistory history)
    {
        json.WriteStartArray("labels");
        foreach (var label in history.Labels)
            json.WriteStringValue(label);
        json.WriteEndArray();
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
