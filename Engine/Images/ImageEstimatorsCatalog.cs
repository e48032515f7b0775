using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Estimators of image columns.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Loads images from paths; see <see cref="ImageLoadingTransformer"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images to make.</param>
    /// <param name="imageFolder">Where relative paths start; null or empty: the working directory.</param>
    /// <param name="inputColumnName">The text column of paths; null: <paramref name="outputColumnName"/>.</param>
    /// <exception cref="ArgumentException">The folder does not exist.</exception>
    public static ImageLoadingEstimator LoadImages(
        this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(ImageLoadingTransformer.Create(catalog.Context, new(outputColumnName, inputColumnName), imageFolder));
    }

    /// <summary>Resizes images; see <see cref="ImageResizingTransformer"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images to make.</param>
    /// <param name="imageWidth">Their width in pixels.</param>
    /// <param name="imageHeight">Their height in pixels.</param>
    /// <param name="inputColumnName">The column of images to resize; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="resizing">How images of other proportions fill the new size.</param>
    /// <param name="cropAnchor">Which side <see cref="ImageResizingEstimator.ResizingKind.IsoCrop"/> keeps.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static ImageResizingEstimator ResizeImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        int imageWidth,
        int imageHeight,
        string inputColumnName = null,
        ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(new ImageResizingTransformer(
            catalog.Context, new(outputColumnName, inputColumnName), new(imageWidth, imageHeight, resizing, cropAnchor)));
    }

    /// <summary>Makes vectors of pixels; see <see cref="ImagePixelExtractingTransformer"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The vector column to make.</param>
    /// <param name="inputColumnName">The column of images, all of one size; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="colorsToExtract">Which colours.</param>
    /// <param name="orderOfExtraction">In which order.</param>
    /// <param name="interleavePixelColors">True: the colours of a pixel side by side. False: a plane for each colour.</param>
    /// <param name="offsetImage">Subtracted from every byte; not with bytes as output.</param>
    /// <param name="scaleImage">Multiplied after that; not with bytes as output.</param>
    /// <param name="outputAsFloatArray">True: a vector of <see cref="float"/>. False: of <see cref="byte"/>.</param>
    /// <exception cref="ArgumentException">No colour is extracted.</exception>
    public static ImagePixelExtractingEstimator ExtractPixels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavePixelColors = false,
        float offsetImage = 0,
        float scaleImage = 1,
        bool outputAsFloatArray = true)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(new ImagePixelExtractingTransformer(
            catalog.Context,
            new(outputColumnName, inputColumnName),
            new(colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage, outputAsFloatArray)));
    }

    /// <summary>Makes images grey; see <see cref="ImageGrayscalingTransformer"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images to make.</param>
    /// <param name="inputColumnName">The column of images to make grey; null: <paramref name="outputColumnName"/>.</param>
    public static ImageGrayscalingEstimator ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(new ImageGrayscalingTransformer(catalog.Context, new(outputColumnName, inputColumnName)));
    }
}
