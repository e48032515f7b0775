using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Kernels;

/// <summary>The transforms of F(4×4, 3×3) against products with their matrices and against the convolution they stand for, in double precision.</summary>
[TestClass]
public sealed unsafe class WinogradTransformsTests
{
    private const int Channels = 32;
    private const int Tiles = 3;
    private const int Width = 4 * Tiles + 2;

    // Lavin and Gray 2015, §4.3.
    private static readonly double[,] Input =
    {
        { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
    };

    private static readonly double[,] Weight =
    {
        { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
        { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 },
    };

    private static readonly double[,] Output = { { 1, 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, -2, 0 }, { 0, 1, 1, 4, 4, 0 }, { 0, 1, -1, 8, -8, 1 } };

    [TestMethod]
    public void The_matrices_give_the_convolution()
    {
        var (image, kernel) = (Drawn(36, 1), Drawn(9, 2));

        var product = Times(Both(Input, (y, x) => image[y * 6 + x]), Both(Weight, (y, x) => kernel[y * 3 + x]));
        var outputs = Both(Output, (y, x) => product[y, x]);

        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var expected = 0.0;
                for (var place = 0; place < 9; place++) expected += (double)image[(y + place / 3) * 6 + x + place % 3] * kernel[place];
                Assert.AreEqual(expected, outputs[y, x], 1e-12);
            }
        }
    }

    [TestMethod]
    public void Inputs_are_transformed_tile_by_tile()
    {
        var image = Drawn(6 * Width * Channels, 3);
        var result = Run(36 * Tiles * Channels, image, (from, to, scratch) =>
            WinogradTransforms.Inputs(from, Width * Channels, Channels, Tiles, to, Tiles * Channels, scratch));

        AssertPlaces(result, (tile, channel) => Both(Input, (y, x) => image[(y * Width + 4 * tile + x) * Channels + channel]));
    }

    [TestMethod]
    public void Gradients_are_transformed_tile_by_tile()
    {
        var image = Drawn(4 * Width * Channels, 4);
        var result = Run(36 * Tiles * Channels, image, (from, to, scratch) =>
            WinogradTransforms.Gradients(from, Width * Channels, Channels, Tiles, to, Tiles * Channels, scratch));

        AssertPlaces(result, (tile, channel) => Both(Transposed(Output), (y, x) => image[(y * Width + 4 * tile + x) * Channels + channel]));
    }

    [TestMethod, DataRow(4, 12), DataRow(3, 11), DataRow(1, 10), DataRow(2, 9)]
    public void Outputs_are_cut_off_and_take_bias_and_ReLU(int height, int width)
    {
        var products = Drawn(36 * Tiles * Channels, 5);
        var bias = new float[Channels];
        bias.AsSpan().Fill(0.5f);
        var result = Run(4 * Width * Channels, products, (from, to, scratch) =>
        {
            new Span<float>(to, 4 * Width * Channels).Fill(7);
            fixed (float* offset = bias)
                WinogradTransforms.Outputs(from, Tiles * Channels, Channels, to, Width * Channels, height, width, offset, hasRelu: true, adds: false, scratch);
        });

        for (var i = 0; i < result.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, Channels);
            var (y, x) = Math.DivRem(pixel, Width);
            var isWithin = y < height && x < width;
            var tile = Both(Output, (row, column) => products[((row * 6 + column) * Tiles + Math.Min(x / 4, Tiles - 1)) * Channels + channel]);
            Assert.AreEqual(isWithin ? Math.Max(0, tile[y, x % 4] + 0.5) : 7, result[i], 2e-4);
        }
    }

    [TestMethod]
    public void Outputs_add_to_what_is_there()
    {
        var products = Drawn(36 * Tiles * Channels, 6);
        float[] Outputs(bool adds) => Run(4 * Width * Channels, products, (from, to, scratch) =>
        {
            new Span<float>(to, 4 * Width * Channels).Fill(2);
            WinogradTransforms.Outputs(from, Tiles * Channels, Channels, to, Width * Channels, 4, 4 * Tiles, null, hasRelu: false, adds, scratch);
        });

        var (alone, added) = (Outputs(adds: false), Outputs(adds: true));

        for (var i = 0; i < alone.Length; i++)
        {
            if (i / Channels % Width < 4 * Tiles) Assert.AreEqual(alone[i] + 2, added[i]);
        }
    }

    [TestMethod]
    public void Kernels_are_transformed_upright_and_turned()
    {
        var kernels = Drawn(9 * 16, 7);
        var upright = Run(36 * 16, kernels, (from, to, scratch) => WinogradTransforms.Weights(from, 16, to, 16, scratch));
        var turned = Run(36 * 16, kernels, (from, to, scratch) => WinogradTransforms.Weights(from + 8 * 16, -16, to, 16, scratch));

        for (var lane = 0; lane < 16; lane++)
        {
            AssertNear(Both(Weight, (y, x) => kernels[(y * 3 + x) * 16 + lane]), upright, lane);
            AssertNear(Both(Weight, (y, x) => kernels[(8 - y * 3 - x) * 16 + lane]), turned, lane);
        }
    }

    [TestMethod]
    public void Sums_of_products_are_brought_back_to_the_kernel()
    {
        var sums = Drawn(36 * 16, 8);
        var result = Run(9 * 16, sums, (from, to, scratch) => WinogradTransforms.WeightGradients(from, 16, to, 16, scratch));

        for (var lane = 0; lane < 16; lane++) AssertNear(Both(Transposed(Weight), (y, x) => sums[(y * 6 + x) * 16 + lane]), result, lane);
    }

    private delegate void Transform(float* from, float* to, float* scratch);

    private static float[] Run(int length, float[] source, Transform transform)
    {
        var (result, scratch) = (new float[length], new float[WinogradTransforms.Scratch(Tiles)]);
        fixed (float* from = source, to = result, buffer = scratch) transform(from, to, buffer);
        return result;
    }

    private static void AssertPlaces(float[] result, Func<int, int, double[,]> expected)
    {
        for (var tile = 0; tile < Tiles; tile++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var places = expected(tile, channel);
                for (var place = 0; place < 36; place++) Assert.AreEqual(places[place / 6, place % 6], result[(place * Tiles + tile) * Channels + channel], 1e-4);
            }
        }
    }

    private static void AssertNear(double[,] expected, float[] actual, int lane)
    {
        var width = expected.GetLength(1);
        for (var place = 0; place < expected.Length; place++) Assert.AreEqual(expected[place / width, place % width], actual[place * 16 + lane], 1e-5);
    }

    /// <summary>matrix · values · matrixᵀ.</summary>
    private static double[,] Both(double[,] matrix, Func<int, int, double> values)
    {
        var (rows, inner) = (matrix.GetLength(0), matrix.GetLength(1));
        var result = new double[rows, rows];
        for (var y = 0; y < rows; y++)
        for (var x = 0; x < rows; x++)
        for (var i = 0; i < inner; i++)
        for (var j = 0; j < inner; j++) result[y, x] += matrix[y, i] * values(i, j) * matrix[x, j];
        return result;
    }

    private static double[,] Times(double[,] left, double[,] right)
    {
        var result = new double[6, 6];
        for (var place = 0; place < 36; place++) result[place / 6, place % 6] = left[place / 6, place % 6] * right[place / 6, place % 6];
        return result;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        var result = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (var y = 0; y < result.GetLength(0); y++)
        for (var x = 0; x < result.GetLength(1); x++) result[y, x] = matrix[x, y];
        return result;
    }

    private static float[] Drawn(int count, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
