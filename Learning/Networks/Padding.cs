using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>How many zeros surround the input of a convolution on each side.</summary>
/// <param name="Pixels">At least 0, or −1 for <see cref="Same"/>.</param>
[JsonConverter(typeof(PaddingConverter))]
public readonly record struct Padding(int Pixels)
{
    /// <summary>None: the output is smaller than the input by the kernel less one.</summary>
    public static Padding Valid => new(0);

    /// <summary>(kernel − 1) / 2: with an odd kernel and stride 1 the output is as large as the input.</summary>
    public static Padding Same => new(-1);

    /// <summary>The zeros on each side for a kernel.</summary>
    public int For(int kernel) => Pixels == -1 ? (kernel - 1) / 2 : Pixels;

    private sealed class PaddingConverter : JsonConverter<Padding>
    {
        public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt32(out var pixels) && pixels >= 0 => new(pixels),
            JsonTokenType.String when reader.ValueTextEquals("same") => Same,
            JsonTokenType.String when reader.ValueTextEquals("valid") => Valid,
            _ => throw new JsonException("padding must be \"valid\", \"same\" or a number of pixels from 0."),
        };

        public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
        {
            if (value == Same) writer.WriteStringValue("same");
            else if (value == Valid) writer.WriteStringValue("valid");
            else writer.WriteNumberValue(value.Pixels);
        }
    }
}
