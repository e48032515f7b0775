using System.Globalization;
using System.Runtime.CompilerServices;

namespace MLPipelines.Learning;

/// <summary>What is wrong with some settings, gathered so that all of it can be said at once.</summary>
internal sealed class SettingProblems
{
    private readonly List<string> sentences = [];
    private string prefix = "";

    /// <summary>Notes a setting that is not as it must be.</summary>
    /// <param name="isFulfilled">Whether it is.</param>
    /// <param name="value">What was given.</param>
    /// <param name="expected">What it must be: <c>a number above 0</c>.</param>
    /// <param name="name">The setting's name; taken from the expression of <paramref name="value"/>.</param>
    public void Require(bool isFulfilled, object? value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isFulfilled) sentences.Add(string.Create(CultureInfo.InvariantCulture, $"{prefix}{name} is {value ?? "none"}; expected {expected}."));
    }

    /// <summary>Checks settings within the settings; their names are put behind that of their place.</summary>
    public void Within(string place, Action<SettingProblems>? check)
    {
        var outer = prefix;
        prefix = $"{outer}{place}.";
        check?.Invoke(this);
        prefix = outer;
    }

    /// <exception cref="ArgumentException">Something was noted.</exception>
    public void ThrowIfAny(string parameterName)
    {
        if (sentences.Count > 0) throw new ArgumentException($"These settings cannot be trained with. {string.Join(' ', sentences)}", parameterName);
    }
}
