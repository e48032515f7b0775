using System.Globalization;
using System.Numerics;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Evaluation;

/// <summary>Scored rows from and for ML.NET: the one place of the evaluation that knows it.</summary>
public static class ScoredDataView
{
    /// <summary>Reads the scores, labels, ids and weights of a scored data view, in one pass.</summary>
    /// <param name="data">Any view with a column of scores, such as a model's output.</param>
    /// <param name="labelColumn">
    /// The true classes: text, a key or a number. They are matched with the classes of the scores <b>by name</b>, so that a key in another
    /// order is no trap. A key without key values and a number where no class name is a number are indices from 0. A missing key, NaN
    /// and empty text are missing labels.
    /// </param>
    /// <param name="scoreColumn">A vector of <see cref="float"/> or <see cref="double"/>, one value per class.</param>
    /// <param name="idColumn">Text, such as the image's path; null for none.</param>
    /// <param name="weightColumn">A <see cref="float"/> or <see cref="double"/> of at least 0; null for none.</param>
    /// <param name="classNames">
    /// The classes in the order of the scores; null to take them from the score column's slot names, or else from the label's key values.
    /// </param>
    /// <exception cref="ArgumentException">A column is absent or of another type, or nothing tells the class names.</exception>
    /// <exception cref="InvalidDataException">A row has another number of scores than there are classes, or an impossible weight.</exception>
    public static ScoredRows Read(
        IDataView data,
        string labelColumn = "Label",
        string scoreColumn = "Score",
        string? idColumn = null,
        string? weightColumn = null,
        IReadOnlyList<string>? classNames = null)
    {
        var label = Find(data.Schema, labelColumn, "true classes");
        var score = Find(data.Schema, scoreColumn, "scores");
        var id = Optional(data.Schema, idColumn, "ids");
        var weight = Optional(data.Schema, weightColumn, "weights");
        var names = classNames ?? ClassNamesOf(score, label);

        var builder = new ScoredRowsBuilder(names);
        using var cursor = data.GetRowCursor(new DataViewSchema.Column?[] { label, score, id, weight }.OfType<DataViewSchema.Column>());
        var readLabel = LabelReader(cursor, label, names);
        var readScores = VectorReader(cursor, score);
        var readId = id is { } idOf ? TextReader(cursor, idOf) : () => null;
        var readWeight = weight is { } weightOf ? NumberReader(cursor, weightOf) : () => 1;
        while (MoveToNext(cursor))
        {
            var (scores, rowWeight) = (readScores(), readWeight());
            if (scores.Length != names.Count)
                throw new InvalidDataException($"Row {cursor.Position} has {scores.Length} scores in column '{scoreColumn}'; {names.Count} classes need {names.Count}.");
            if (!double.IsFinite(rowWeight) || rowWeight < 0)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Row {cursor.Position} has the weight {rowWeight} in column '{weightColumn}'; a weight must be finite and at least 0."));
            builder.Add(readLabel(), scores, readId() is { Length: > 0 } text ? text : null, rowWeight);
        }

        return builder.Build();
    }

    /// <summary>What ML.NET's own evaluator says of the rows, to stand beside ours; it knows no weights.</summary>
    /// <returns>
    /// Null where ML.NET has no answer: with fewer than two classes, or if a row of unknown label has only negative scores, at which it fails.
    /// </returns>
    public static MLNetMetrics? Evaluate(MLContext mlContext, ScoredRows rows)
    {
        var all = Enumerable.Range(0, rows.Count);
        if (rows.ClassCount < 2 || all.Any(row => rows.State(row) == RowState.UnknownLabel && !rows.Scores(row).ContainsAnyInRange(0, double.PositiveInfinity)))
            return null;

        var schema = SchemaDefinition.Create(typeof(IndexedRow));
        schema[nameof(IndexedRow.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.ClassCount);
        var view = mlContext.Data.LoadFromEnumerable(all.Select(row => IndexedRow.Of(rows, row)), schema);
        var metrics = mlContext.MulticlassClassification.Evaluate(view, topKPredictionCount: rows.ClassCount);
        return new(metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss, metrics.LogLossReduction, metrics.TopKAccuracyForAllK ?? []);
    }

    // Where workers compute the rows, ML.NET wraps what a row throws.
    private static bool MoveToNext(DataViewRowCursor cursor)
    {
        try
        {
            return cursor.MoveNext();
        }
        catch (InvalidOperationException wrapped) when (wrapped.Message.StartsWith("Splitter/consolidator", StringComparison.Ordinal))
        {
            ExceptionDispatchInfo.Throw(wrapped.GetBaseException());
            throw;
        }
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name, string meaning) => schema.GetColumnOrNull(name)
        ?? throw new ArgumentException($"There is no column '{name}' for the {meaning}; the columns are {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}.");

    private static DataViewSchema.Column? Optional(DataViewSchema schema, string? name, string meaning) => name is null ? null : Find(schema, name, meaning);

    private static ArgumentException WrongType(DataViewSchema.Column column, string expected) =>
        new($"Column '{column.Name}' is of type {column.Type}; {expected} was expected.");

    private static string[] ClassNamesOf(DataViewSchema.Column score, DataViewSchema.Column label)
    {
        if (score.Type is not VectorDataViewType { ItemType: var item, Size: var size } || (item.RawType != typeof(float) && item.RawType != typeof(double)))
            throw WrongType(score, "a vector of Single or Double, one score per class,");

        foreach (var names in new[] { Annotation(score, "SlotNames"), Annotation(label, "KeyValues") })
        {
            if (names is not null && (size == 0 || names.Length == size) && names.All(name => name.Length > 0))
                return names;
        }

        throw new ArgumentException(
            $"Nothing tells the {size} class names: the column '{score.Name}' has no slot names and the column '{label.Name}' no {size} key values. Give classNames, in the order of the scores.");
    }

    /// <summary>The names in an annotation of text or numbers; null if the column has none.</summary>
    private static string[]? Annotation(DataViewSchema.Column column, string kind)
    {
        string[] Values<T>(Func<T, string> text)
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue(kind, ref values);
            return [.. values.DenseValues().Select(text)];
        }

        string[] Numbers<T>() where T : IFormattable => Values<T>(Text);

        var type = (column.Annotations.Schema.GetColumnOrNull(kind)?.Type as VectorDataViewType)?.ItemType.RawType;
        return type switch
        {
            null => null,
            _ when type == typeof(ReadOnlyMemory<char>) => Values<ReadOnlyMemory<char>>(value => value.ToString()),
            _ when type == typeof(float) => Numbers<float>(),
            _ when type == typeof(double) => Numbers<double>(),
            _ when type == typeof(int) => Numbers<int>(),
            _ when type == typeof(long) => Numbers<long>(),
            _ when type == typeof(uint) => Numbers<uint>(),
            _ when type == typeof(ulong) => Numbers<ulong>(),
            _ when type == typeof(short) => Numbers<short>(),
            _ when type == typeof(ushort) => Numbers<ushort>(),
            _ when type == typeof(sbyte) => Numbers<sbyte>(),
            _ when type == typeof(byte) => Numbers<byte>(),
            _ => null,
        };
    }

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static Func<string?> LabelReader(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> names)
    {
        if (column.Type is KeyDataViewType)
        {
            var values = Annotation(column, "KeyValues") ?? names;
            string? Name(ulong key) => key == 0 ? null : key <= (ulong)values.Count ? values[(int)key - 1] : Text(key - 1);
            return column.Type.RawType switch
            {
                var type when type == typeof(byte) => Reader<byte, string?>(row, column, key => Name(key)),
                var type when type == typeof(ushort) => Reader<ushort, string?>(row, column, key => Name(key)),
                var type when type == typeof(ulong) => Reader<ulong, string?>(row, column, Name),
                _ => Reader<uint, string?>(row, column, key => Name(key)),
            };
        }

        var namesAreNumbers = names.Any(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        Func<string?> Number<T>() where T : INumber<T> => Reader<T, string?>(row, column, value =>
            T.IsNaN(value) ? null
            : !namesAreNumbers && T.IsInteger(value) && value >= T.Zero && double.CreateSaturating(value) < names.Count ? names[int.CreateSaturating(value)]
            : Text(value));

        return column.Type.RawType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => TextReader(row, column),
            var type when type == typeof(float) => Number<float>(),
            var type when type == typeof(double) => Number<double>(),
            var type when type == typeof(int) => Number<int>(),
            var type when type == typeof(long) => Number<long>(),
            var type when type == typeof(uint) => Number<uint>(),
            var type when type == typeof(ulong) => Number<ulong>(),
            var type when type == typeof(short) => Number<short>(),
            var type when type == typeof(ushort) => Number<ushort>(),
            var type when type == typeof(sbyte) => Number<sbyte>(),
            var type when type == typeof(byte) => Number<byte>(),
            _ => throw WrongType(column, "text, a key or a number, the true class,"),
        };
    }

    private static Func<string?> TextReader(DataViewRow row, DataViewSchema.Column column) => column.Type is TextDataViewType
        ? Reader<ReadOnlyMemory<char>, string?>(row, column, text => text.ToString())
        : throw WrongType(column, "text");

    private static Func<double> NumberReader(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(float) => Reader<float, double>(row, column, value => value),
        var type when type == typeof(double) => Reader<double, double>(row, column, value => value),
        _ => throw WrongType(column, "Single or Double"),
    };

    private static Func<double[]> VectorReader(DataViewRow row, DataViewSchema.Column column) => (column.Type as VectorDataViewType)?.ItemType.RawType switch
    {
        var type when type == typeof(float) => Reader<VBuffer<float>, double[]>(row, column, values => Array.ConvertAll(Dense(values), value => (double)value)),
        var type when type == typeof(double) => Reader<VBuffer<double>, double[]>(row, column, Dense),
        _ => throw WrongType(column, "a vector of Single or Double, one score per class,"),
    };

    private static T[] Dense<T>(VBuffer<T> values)
    {
        var dense = new T[values.Length];
        values.CopyTo(dense);
        return dense;
    }

    private static Func<TResult> Reader<TValue, TResult>(DataViewRow row, DataViewSchema.Column column, Func<TValue, TResult> convert)
    {
        var getter = row.GetGetter<TValue>(column);
        TValue value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    /// <summary>A row as ML.NET's evaluator takes it: the class as an index, one beyond the last if it is unknown.</summary>
    private sealed class IndexedRow
    {
        public float Label { get; init; }

        public float[] Score { get; init; } = [];

        /// <summary>ML.NET wants the column, and does not read it.</summary>
        public float PredictedLabel { get; init; }

        public static IndexedRow Of(ScoredRows rows, int row) => new()
        {
            Label = rows.Label(row) switch { ScoredRows.MissingLabel => float.NaN, ScoredRows.UnknownLabel => rows.ClassCount, var index => index },
            Score = [.. rows.Scores(row).ToArray().Select(score => (float)score)],
        };
    }
}
