using MLPipelines.Cli.Terminal;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;
using Spectre.Console;

namespace MLPipelines.Cli.Commands;

/// <summary>Opens and writes the model that a command line names, and says what it is.</summary>
internal static class Bundles
{
    /// <summary>Opens and checks a bundle; whatever is wrong with it is exit code 5, so that a script knows it was not the data.</summary>
    public static ModelBundle Open(string path) => Loading(() => ModelBundle.Open(path));

    /// <summary>Opens a bundle for predicting.</summary>
    public static Predictor OpenPredictor(string path) => Loading(() => Predictor.Open(path));

    /// <summary>Wraps a foreign model.</summary>
    public static ModelBundle Import(string path, OnnxImportOptions options) => Loading(() => OnnxImport.Import(path, options));

    /// <summary>Writes a bundle and tells what it holds.</summary>
    public static void Save(Screen screen, ModelBundle bundle, string path)
    {
        bundle.Save(path);
        var manifest = bundle.Manifest;
        screen.Result(
            new
            {
                schemaVersion = 1,
                bundle = Path.GetFullPath(path),
                hash = bundle.Hash,
                name = manifest.Name,
                labels = manifest.Labels,
                model = manifest.Model,
                temperature = bundle.Temperature,
                calibration = manifest.Calibration,
                training = manifest.Training,
            },
            console =>
            {
                var facts = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
                foreach (var fact in BundleEvaluation.Model(bundle).Facts)
                    facts.AddRow(new Text(fact.Name), new Text(fact.Value));
                console.Write(facts);
                console.WriteLine($"Bundle: {Path.GetFullPath(path)}");
            });
    }

    /// <summary>Loads a model; whatever is wrong with it is exit code 5.</summary>
    public static T Loading<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or OnnxModelException)
        {
            throw new CommandFailedException(ExitCode.ModelCannotBeLoaded, failure.Message, failure);
        }
    }
}
