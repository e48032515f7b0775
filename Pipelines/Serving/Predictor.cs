using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Answers single images and small batches with a model; made once, used from any number of threads.</summary>
/// <remarks>
/// Nothing is locked: images are decoded and resized by the calling threads, and ONNX Runtime runs one session for all of them. The
/// predictor owns that session and frees it when it is
/// disposed; the bundle it was made from may be used on, and by several predictors. For whole data sets with progress there is
/// <c>ImageClassificationPipeline.Score</c>.
/// </remarks>
public sealed class Predictor : IDisposable
{
    /// <summary>How many classes an answer has where that is not said.</summary>
    public const int DefaultTopN = 5;

    private readonly ClassifierSession session;
    private readonly ImageTensorLoader loader;
    private int disposed;

    /// <summary>Opens a bundle's classifier.</summary>
    /// <param name="bundle">The model.</param>
    /// <param name="settings">Threads of ONNX Runtime; 1 (the default here) is best where many threads predict at once.</param>
    public Predictor(ModelBundle bundle, OnnxSessionSettings? settings = null)
    {
        Bundle = bundle;
        loader = new ImageTensorLoader(bundle.Manifest.Preprocessing);
        session = new ClassifierSession(bundle, settings ?? new OnnxSessionSettings { IntraOpThreads = 1 });
    }

    /// <summary>Opens a bundle file and its classifier.</summary>
    /// <inheritdoc cref="ModelBundle.Open"/>
    public static Predictor Open(string path) => new(ModelBundle.Open(path));

    /// <summary>The model.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>Classifies an encoded image (JPEG, PNG, WebP, PGM, …).</summary>
    /// <param name="image">The image file's bytes.</param>
    /// <param name="topN">How many classes to give, 1 or more; all where there are fewer.</param>
    /// <param name="id">What the image is called in the answer and in errors.</param>
    /// <exception cref="InvalidDataException">The bytes are no image, or a broken one.</exception>
    /// <exception cref="ObjectDisposedException">The predictor was disposed.</exception>
    public ImagePrediction Predict(ReadOnlyMemory<byte> image, int topN = DefaultTopN, string id = "image")
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(topN, 1);
        var tensor = new float[loader.Length];
        loader.Load(image.Span, tensor, id);
        return Answer(id, session.Run(tensor), topN);
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="topN">How many classes to give, 1 or more; all where there are fewer.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no image, or a broken one.</exception>
    public ImagePrediction Predict(string path, int topN = DefaultTopN) =>
        File.Exists(path) ? Predict(File.ReadAllBytes(path), topN, path) : throw new FileNotFoundException(
            $"The image '{path}' does not exist.", path);

    /// <summary>Classifies an image that a stream holds, from where the stream stands to its end. The stream stays open.</summary>
    /// <param name="stream">The encoded image.</param>
    /// <param name="topN">How many classes to give, 1 or more; all where there are fewer.</param>
    /// <param name="id">What the image is called in the answer and in errors.</param>
    /// <exception cref="InvalidDataException">The stream holds no image, or a broken one.</exception>
    public ImagePrediction Predict(Stream stream, int topN = DefaultTopN, string id = "image")
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Predict(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), topN, id);
    }

    /// <summary>Classifies several images, which are decoded in parallel and go through the model together.</summary>
    /// <param name="images">The images; their labels do not matter.</param>
    /// <param name="topN">How many classes to give, 1 or more; all where there are fewer.</param>
    /// <param name="onBadItem"><see cref="BadItemPolicy.Fail"/> throws at the first image that cannot be read,
    /// <see cref="BadItemPolicy.Skip"/> answers it with its
    /// <see cref="ImagePrediction.Error"/>. There is no quarantine here.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <returns>One answer per image, in the order of the images.</returns>
    /// <exception cref="InvalidDataException">An image cannot be read, and the policy is to fail.</exception>
    public IReadOnlyList<ImagePrediction> PredictBatch(
        IReadOnlyList<ImageItem> images,
        int topN = DefaultTopN,
        BadItemPolicy onBadItem = BadItemPolicy.Fail,
        CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(topN, 1);
        if (onBadItem == BadItemPolicy.Quarantine)
            throw new ArgumentException($"A batch has no quarantine file; use {BadItemPolicy.Fail} or {BadItemPolicy.Skip}.", nameof(onBadItem));

        var answers = new List<ImagePrediction>(images.Count);
        foreach (var group in images.Chunk(64))
        {
            var tensors = new float[group.Length * loader.Length];
            var errors = new Exception?[group.Length];
            Parallel.For(0, group.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
                errors[i] = ImageBatches.TryLoad(group[i], loader, tensors.AsSpan(i * loader.Length, loader.Length)));
            if (onBadItem == BadItemPolicy.Fail && errors.FirstOrDefault(error => error is not null) is { } first)
                throw new InvalidDataException($"Image '{group[Array.IndexOf(errors, first)].Id}' cannot be classified: {first.Message}", first);

            // The place of an image that could not be read holds zeros; what the model says to them is not looked at.
            var scores = session.Run(tensors).AsSpan();
            for (var i = 0; i < group.Length; i++)
            {
                answers.Add(errors[i] is { } error
                    ? new ImagePrediction(group[i].Id, [], Bundle.Manifest.Name, Bundle.Hash, error.Message)
                    : Answer(group[i].Id, scores.Slice(i * session.ClassCount, session.ClassCount), topN));
            }
        }
        return answers;
    }

    /// <summary>Frees the model. Calls that are under way finish; later ones throw.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) session.Dispose();
    }

    private ImagePrediction Answer(string id, ReadOnlySpan<float> scores, int topN)
    {
        var probabilities = new float[scores.Length];
        session.Softmax(scores, probabilities);
        return new ImagePrediction(id, TopNSelection.Of(probabilities, Bundle.Labels, topN), Bundle.Manifest.Name, Bundle.Hash);
    }
}
