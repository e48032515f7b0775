using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Transforms;

/// <summary>Copies rows of ML.NET for training: features channels last, class numbers, weights.</summary>
internal sealed class NetworkRows(NeuralNetworkOptions options, ImageShape image)
{
    /// <summary>Reads all rows once.</summary>
    /// <exception cref="InvalidDataException">A row has no label, or a feature or weight that is no finite number.</exception>
    /// <exception cref="NotSupportedException">There are more numbers than an array holds.</exception>
    public FeatureRows Read(IDataView data)
    {
        var (feature, type) = Columns.FindFloats(data.Schema, options.FeatureColumnName);
        if (type.Size != image.Size)
            throw Columns.Mismatch(feature.Name, $"a vector of {image.Size} Single, as in the training rows", type.ToString());
        var label = Columns.Find(data.Schema, options.LabelColumnName);
        var weight = options.ExampleWeightColumnName is { } name ? Columns.Find(data.Schema, name) : (DataViewSchema.Column?)null;
        if (weight is { } given && given.Type != NumberDataViewType.Single) throw Columns.Mismatch(given.Name, "Single", given.Type.ToString()!);

        using var cursor = data.GetRowCursor(weight is { } third ? [feature, label, third] : [feature, label]);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(feature);
        var getLabel = ClassLabels.Getter(cursor, label);
        var getWeight = weight is { } column ? cursor.GetGetter<float>(column) : null;
        var expected = Math.Min(Array.MaxLength, (data.GetRowCount() ?? 64) * image.Size);
        var (features, labels, weights) = (new float[expected], new List<int>(), new List<float>());
        VBuffer<float> row = default;
        while (cursor.MoveToNext())
        {
            var number = getLabel();
            if (number < 0)
                throw new InvalidDataException(
                    $"Row {cursor.Position} (from 0) has no label in column '{label.Name}'; leave out such rows, as by "
                    + "mlContext.Data.FilterRowsByMissingValues.");
            labels.Add(number);
            if (getWeight is not null)
            {
                var value = 0f;
                getWeight(ref value);
                weights.Add(value);
            }

            var end = (long)labels.Count * image.Size;
            if (end > Array.MaxLength)
                throw new NotSupportedException(
                    $"A network is trained on rows in memory, at most {Array.MaxLength / image.Size} rows of {image.Size} numbers. Train on a "
                    + "part, or from images by MLPipelines.Pipelines, which holds bytes.");
            if (end > features.Length) Array.Resize(ref features, (int)Math.Min(Array.MaxLength, Math.Max(end, 2L * features.Length)));
            getFeatures(ref row);
            Place(row, features.AsSpan((int)end - image.Size, image.Size));
        }

        Array.Resize(ref features, labels.Count * image.Size);
        return new FeatureRows(image, features, [.. labels], getWeight is null ? null : [.. weights]);
    }

    private void Place(in VBuffer<float> row, Span<float> target)
    {
        if (image.Channels == 1 || (image.Height, image.Width) == (1, 1) || options.Layout == TensorLayout.ChannelsLast)
        {
            row.CopyTo(target);
            return;
        }

        var area = image.Height * image.Width;
        foreach (var (index, value) in row.Items(all: true)) target[index % area * image.Channels + index / area] = value;
    }
}
