// MLPipelines.Tests.DecodingProcess DATASET CACHE SIDE: opens the data set as SIDE × SIDE grey images. Prints the name of each stage when it is met
// for the first time; after the first images are decoded waits for a line, so that a test decides what happens in between. At the end prints
// "decoded" or "found" and the SHA-256 of all values.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Tests.DecodingProcess;

var side = int.Parse(args[2], CultureInfo.InvariantCulture);
using var decoded = DecodedDataset.Open(
    ImageDataset.Open(args[0]),
    new ImagePreprocessing { Width = side, Height = side, Colors = ColorOrder.Grey },
    new DecodedCacheSettings { Folder = args[1] },
    new StageProgress());

using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
var values = new float[decoded.Shape.Size];
for (var i = 0; i < decoded.Count; i++)
{
    decoded.CopyTo(i, values);
    hash.AppendData(MemoryMarshal.AsBytes<float>(values));
}
Console.WriteLine($"{(decoded.WasDecoded ? "decoded" : "found")} {Convert.ToHexStringLower(hash.GetHashAndReset())}");

namespace MLPipelines.Tests.DecodingProcess
{
    internal sealed class StageProgress : IProgress<PipelineProgress>
    {
        private readonly HashSet<string> met = [];

        public void Report(PipelineProgress value)
        {
            if (!met.Add(value.Stage)) return;
            Console.WriteLine(value.Stage);
            if (value.Stage == "Decode") Console.ReadLine();
        }
    }
}
