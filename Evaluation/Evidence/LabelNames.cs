namespace MLPipelines.Evaluation;

/// <summary>The rules for the class names of an evaluation.</summary>
internal static class LabelNames
{
    /// <summary>A copy of <paramref name="labels"/>, if there are any, none is empty and all differ.</summary>
    /// <exception cref="ArgumentException">One of these does not hold; the message says which and where.</exception>
    public static string[] Checked(IEnumerable<string> labels)
    {
        string[] names = [.. labels];
        if (names.Length == 0)
            throw new ArgumentException("No class names were given; an evaluation needs at least one class.");

        var indexOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < names.Length; index++)
        {
            if (string.IsNullOrEmpty(names[index]))
                throw new ArgumentException($"Class {index} has no name; an empty label means that the label is missing, so every class needs a name.");
            if (!indexOf.TryAdd(names[index], index))
                throw new ArgumentException($"Classes {indexOf[names[index]]} and {index} are both named '{names[index]}'; class names must be unique.");
        }

        return names;
    }

    /// <summary>Returns if both lists hold the same names in the same order.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the first difference.</exception>
    public static void MustBeEqual(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"One has {first.Count} classes and the other {second.Count}; only evidence of the same classes can be merged.");

        for (var index = 0; index < first.Count; index++)
        {
            if (first[index] != second[index])
            {
                throw new ArgumentException(
                    $"Class {index} is '{first[index]}' in one and '{second[index]}' in the other; only evidence of the same classes in the same order can be merged.");
            }
        }
    }
}
