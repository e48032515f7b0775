using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>Every transformer that can be saved: the name it writes into the file, and how it is made again from there.</summary>
internal static class TransformerLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, ITransformer>> Loaders = new()
    {
        [CustomMappingParts.Signature] = CustomMappingParts.Load,
        [TransformerChainParts.Signature] = TransformerChainParts.Load,
        [ColumnCopyingTransformer.Signature] = ColumnCopyingTransformer.Load,
        [ColumnConcatenatingTransformer.Signature] = ColumnConcatenatingTransformer.Load,
        [ColumnSelectingTransformer.Signature] = ColumnSelectingTransformer.Load,
        [ValueToKeyMappingTransformer.Signature] = ValueToKeyMappingTransformer.Load,
        [KeyToValueMappingTransformer.Signature] = KeyToValueMappingTransformer.Load,
        [NormalizingTransformer.Signature] = NormalizingTransformer.Load,
        [ImageLoadingTransformer.Signature] = ImageLoadingTransformer.Load,
        [ImageResizingTransformer.Signature] = ImageResizingTransformer.Load,
        [ImagePixelExtractingTransformer.Signature] = ImagePixelExtractingTransformer.Load,
        [ImageGrayscalingTransformer.Signature] = ImageGrayscalingTransformer.Load,
        [OnnxTransformer.Signature] = OnnxTransformer.Load,
        [MaximumEntropyPart.Signature] = MaximumEntropyPart.Load,
    };

    /// <summary>The loader of a signature, or null.</summary>
    public static Func<ModelLoadContext, ITransformer> For(string signature) => Loaders.GetValueOrDefault(signature);
}
