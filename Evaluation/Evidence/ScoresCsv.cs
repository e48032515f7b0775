using System.Globalization;
using System.Text;
using CsvHelper;

namespace MLPipelines.Evaluation;

/// <summary>Scores as a table: a column <c>label</c>, one column of scores per class named as the class, optionally <c>id</c> and <c>weight</c>.</summary>
/// <remarks>
/// UTF-8 with or without byte order mark. The order of the class columns is the order of the classes; the other columns may stand
/// anywhere. An empty label is missing. An empty score reads as NaN; rows with <c>NaN</c>, <c>inf</c> or empty scores are kept and counted as
/// <see cref="RowState.InvalidScores"/>. Numbers are written with as many digits as reading them back exactly needs. What is written
/// reads back equal, except that an empty id becomes none.
/// </remarks>
public static class ScoresCsv
{
    private const string Label = "label";
    private const string Id = "id";
    private const string Weight = "weight";
    private static readonly string[] Reserved = [Label, Id, Weight];

    /// <summary>Reads a file of scores, row by row.</summary>
    /// <param name="path">The file. Separated by tabs if its name ends in <c>.tsv</c>, else by commas, or by tabs, semicolons or bars if commas yield no label column.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not such a table; the message says where and what.</exception>
    public static ScoredRows Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'; a CSV of scores was expected.", path);

        try
        {
            using var reader = OpenWithLabels(path);
            return Read(reader, path);
        }
        catch (CsvFormatException exception)
        {
            throw new InvalidDataException($"{path}, line {exception.LineNumber}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the rows, all of them, as a whole file or not at all.</summary>
    /// <param name="rows">The rows. Columns <c>id</c> and <c>weight</c> are written if any row has one.</param>
    /// <param name="path">The file, replaced if it exists. Separated by tabs if its name ends in <c>.tsv</c>, else by commas.</param>
    /// <exception cref="ArgumentException">A class is named <c>label</c>, <c>id</c> or <c>weight</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ScoredRows rows, string path)
    {
        if (rows.Labels.FirstOrDefault(Reserved.Contains) is { } name)
            throw new ArgumentException($"A class is named '{name}', which in a CSV of scores is the name of another column; rename the class to write its scores.");

        AtomicFile.Write(path, stream =>
        {
            var options = CsvWriterOptions.Default with { NewLine = "\n", Separator = IsTsv(path) ? '\t' : ',' };
            using var writer = CsvWriter.Create(stream, options, leaveOpen: true);
            Write(rows, writer);
        });
    }

    private static void Write(ScoredRows rows, CsvWriter writer)
    {
        writer.WriteField(Label);
        if (rows.HasIds)
            writer.WriteField(Id);
        if (rows.HasWeights)
            writer.WriteField(Weight);
        foreach (var name in rows.Labels)
            writer.WriteField(name);
        writer.EndRecord();

        Span<byte> digits = stackalloc byte[32];
        for (var row = 0; row < rows.Count; row++)
        {
            writer.WriteField(rows.LabelText(row) ?? "");
            if (rows.HasIds)
                writer.WriteField(rows.Id(row) ?? "");
            if (rows.HasWeights)
                WriteNumber(writer, rows.Weight(row), digits);
            foreach (var score in rows.Scores(row))
                WriteNumber(writer, score, digits);
            writer.EndRecord();
        }
    }

    private static void WriteNumber(CsvWriter writer, double number, Span<byte> digits)
    {
        if (!number.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture))
            throw new InvalidOperationException($"Bug in MLPipelines: {number} needs more than {digits.Length} characters.");
        writer.WriteField((ReadOnlySpan<byte>)digits[..length]);
    }

    private static bool IsTsv(string path) => Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase);

    private static CsvReader OpenWithLabels(string path)
    {
        // Where the separator is not what the name says, it is looked for; but never where it fits, as class names may hold any character.
        CsvReader Open(char? separator) => CsvReader.FromFile(path, CsvReaderOptions.Default with
        {
            Separator = separator,
            TrimWhitespace = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });

        var reader = Open(IsTsv(path) ? '\t' : ',');
        if (reader.Headers.Contains(Label))
            return reader;

        reader.Dispose();
        return Open(null);
    }

    private static ScoredRows Read(CsvReader reader, string path)
    {
        var columns = Columns.Of([.. reader.Headers], path);
        var builder = new ScoredRowsBuilder(columns.Classes.Select(column => columns.Names[column]));
        var scores = new double[columns.Classes.Length];
        while (reader.Read())
        {
            if (reader.FieldCount != columns.Names.Length)
                throw new InvalidDataException($"{path}, line {reader.LineNumber}: {reader.FieldCount} fields, but the header has {columns.Names.Length} columns; every row must have as many.");

            for (var index = 0; index < scores.Length; index++)
                scores[index] = Number(reader, columns.Classes[index], columns, path);

            var label = reader.GetString(columns.Label);
            if (columns.IsReserved(label))
            {
                throw new InvalidDataException(
                    $"{path}, line {reader.LineNumber}: the label is '{label}', but the column '{label}' holds {Columns.MeaningOf(label)}, never the scores of a class; rename the class.");
            }

            var id = columns.Id is { } idColumn && reader.GetString(idColumn) is { Length: > 0 } text ? text : null;
            builder.Add(label, scores, id, columns.Weight is { } weightColumn ? WeightOf(reader, weightColumn, columns, path) : 1);
        }

        return builder.Build();
    }

    private static double WeightOf(CsvReader reader, int column, Columns columns, string path)
    {
        var weight = Number(reader, column, columns, path);
        return double.IsFinite(weight) && weight >= 0 ? weight : throw new InvalidDataException(
            $"{path}, line {reader.LineNumber}, column '{Weight}': '{reader.GetString(column)}' is no weight; it must be a finite number of at least 0.");
    }

    // The runtime's own parser rounds correctly; that of a CSV reader need not.
    private static double Number(CsvReader reader, int column, Columns columns, string path)
    {
        var text = reader.GetSpan(column);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;

        return Encoding.UTF8.GetString(text).Trim() is var word && word.Length == 0 ? double.NaN : word.ToLowerInvariant() switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => throw new InvalidDataException($"{path}, line {reader.LineNumber}, column '{columns.Names[column]}': '{word}' is not a number{columns.HintFor(column)}."),
        };
    }

    /// <summary>Which column is which.</summary>
    private sealed record Columns(string[] Names, int Label, int? Id, int? Weight, int[] Classes)
    {
        public static Columns Of(string[] names, string path)
        {
            if (names.Length == 0)
                throw new InvalidDataException($"{path} is empty; a CSV of scores begins with a header: label, then one column per class.");

            var repeated = names.CountBy(name => name).FirstOrDefault(pair => pair.Value > 1);
            if (repeated.Key is not null)
                throw new InvalidDataException($"{path}: {repeated.Value} columns are named '{repeated.Key}'; column names must be unique.");

            if (!names.Contains(ScoresCsv.Label))
            {
                var similar = names.FirstOrDefault(name => name.Trim().Equals(ScoresCsv.Label, StringComparison.OrdinalIgnoreCase));
                throw new InvalidDataException(
                    $"{path}: no column 'label'; the columns are {string.Join(", ", names.Select(name => $"'{name}'"))}. "
                    + (similar is null ? "It must hold the true class of each row." : $"Rename '{similar}' to 'label'."));
            }

            int? Find(string name) => Array.IndexOf(names, name) is >= 0 and var index ? index : null;
            int[] classes = [.. Enumerable.Range(0, names.Length).Where(column => !Reserved.Contains(names[column]))];
            if (classes.Length == 0)
                throw new InvalidDataException($"{path}: no column of a class; besides {string.Join(", ", names.Select(name => $"'{name}'"))} one column of scores per class is needed.");
            if (classes.Any(column => names[column].Length == 0))
                throw new InvalidDataException($"{path}: column {Array.IndexOf(names, "") + 1} has no name; every column of scores must be named as its class.");
            return new(names, Find(ScoresCsv.Label)!.Value, Find(ScoresCsv.Id), Find(ScoresCsv.Weight), classes);
        }

        public bool IsReserved(string label) => Reserved.Contains(label) && Names.Contains(label);

        public static string MeaningOf(string reserved) => reserved switch
        {
            ScoresCsv.Label => "the true classes",
            ScoresCsv.Id => "the ids of the rows",
            _ => "the weights of the rows",
        };

        public string HintFor(int column) =>
            Reserved.FirstOrDefault(name => name.Equals(Names[column].Trim(), StringComparison.OrdinalIgnoreCase)) is { } meant && meant != Names[column]
                ? $"; if the column is not the class '{Names[column]}', name it '{meant}'"
                : "";
    }
}
