using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLPipelines.Evaluation;

/// <summary>HTML under construction, in which every hole of an interpolated string is escaped.</summary>
/// <remarks>
/// <c>html.Add($"&lt;td&gt;{label}&lt;/td&gt;")</c> shows the label as text whatever it holds, in element content and in double-quoted
/// attributes alike. Only the literal parts, and holes that are themselves <see cref="Markup"/>, go in as they are. Numbers are
/// written in the invariant culture. Not thread-safe.
/// </remarks>
public sealed class Markup
{
    private readonly StringBuilder text = new();

    /// <summary>Appends markup; the holes of the string are escaped.</summary>
    public Markup Add([InterpolatedStringHandlerArgument("")] ref Holes content)
    {
        _ = content;
        return this;
    }

    /// <summary>Appends one piece of markup for each item.</summary>
    public Markup AddEach<T>(IEnumerable<T> items, Action<Markup, T> one)
    {
        foreach (var item in items) one(this, item);
        return this;
    }

    /// <summary>The HTML so far.</summary>
    public override string ToString() => text.ToString();

    /// <summary>The interpolated string as the compiler hands it over: literals as they are, holes escaped.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Holes
    {
        internal StringBuilder Text { get; }

        /// <summary>Called by the compiler for <see cref="Add"/>: writes straight into <paramref name="target"/>.</summary>
        public Holes(int literalLength, int formattedCount, Markup target) => (Text, _, _) = (target.text, literalLength, formattedCount);

        /// <summary>A literal part: it goes in as it is.</summary>
        public void AppendLiteral(string literal) => Text.Append(literal);

        /// <summary>A hole with text: the five characters that mean something in HTML are escaped; null is nothing.</summary>
        public void AppendFormatted(string? value)
        {
            foreach (var letter in value ?? "")
            {
                _ = letter switch
                {
                    '&' => Text.Append("&amp;"),
                    '<' => Text.Append("&lt;"),
                    '>' => Text.Append("&gt;"),
                    '"' => Text.Append("&quot;"),
                    '\'' => Text.Append("&#39;"),
                    _ => Text.Append(letter),
                };
            }
        }

        /// <summary>A hole that is markup already: it goes in as it is.</summary>
        public void AppendFormatted(Markup? value) => Text.Append(value?.text);

        /// <summary>A whole number, without separators.</summary>
        public void AppendFormatted(long value) => Text.Append(CultureInfo.InvariantCulture, $"{value}");

        /// <summary>A number for CSS or an attribute: at most <paramref name="format"/>, by default the shortest that reads back.</summary>
        public void AppendFormatted(double value, string? format = null) => Text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
