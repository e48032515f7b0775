using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Kernels;

/// <summary>The transforms against products with their matrices and against the convolution they stand for, in double precision.</summary>
[TestClass]
public sealed unsafe class WinogradTransformsTests
{
    private const int Channels = 32;
    private const int Tiles = 3;
    private const int Width = 4 * Tiles + 2;

    private static readonly double[,] InputOf3 =
    {
        { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
    };

    private static readonly double[,] WeightOf3 =
    {
        { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
        { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 },
    };

    private static readonly double[,] OutputOf3 = { { 1, 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, -2, 0 }, { 0, 1, 1, 4, 4, 0 }, { 0, 1, -1, 8, -8, 1 } };

    private static readonly double[,] InputOf2 = { { 2, -1, -2, 1, 0 }, { 0, -2, -1, 1, 0 }, { 0, 2, -3, 1, 0 }, { 0, -1, 0, 1, 0 }, { 0, 2, -1, -2, 1 } };

    private static readonly double[,] WeightOf2 = { { 1 / 2.0, 0 }, { -1 / 2.0, -1 / 2.0 }, { -1 / 6.0, 1 / 6.0 }, { 1 / 6.0, 1 / 3.0 }, { 0, 1 } };

    private static readonly double[,] OutputOf2 = { { 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, 0 }, { 0, 1, 1, 4, 0 }, { 0, 1, -1, 8, 1 } };

    /// <summary>The matrices Bᵀ, G and Aᵀ: of three taps those of Lavin and Gray 2015, §4.3; of two taps by the same construction.</summary>
    private sealed record Matrices(WinogradTransforms Transforms, double[,] Input, double[,] Weight, double[,] Output)
    {
        public int Taps => Transforms.Taps;

        public int Side => Transforms.Side;

        public int Places => Transforms.Places;
    }

    [TestMethod, DataRow(3), DataRow(2)]
    public void The_matrices_give_the_convolution(int taps)
    {
        var of = Of(taps);
        var (image, kernel) = (Drawn(of.Places, 1), Drawn(taps * taps, 2));

        var (inputs, weights) = (Both(of.Input, (y, x) => image[y * of.Side + x]), Both(of.Weight, (y, x) => kernel[y * taps + x]));
        var outputs = Both(of.Output, (y, x) => inputs[y, x] * weights[y, x]);

        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var expected = 0.0;
                for (var place = 0; place < taps * taps; place++) expected += (double)image[(y + place / taps) * of.Side + x + place % taps] * kernel[place];
                Assert.AreEqual(expected, outputs[y, x], 1e-12);
            }
        }
    }

    // Pixels lie twice as far apart as channels need, and tiles three times.
    [TestMethod, DataRow(3), DataRow(2)]
    public void Inputs_are_transformed_tile_by_tile(int taps)
    {
        var of = Of(taps);
        var image = Drawn(of.Side * Width * 2 * Channels, 3);
        var result = Run(of, of.Places * Tiles * 3 * Channels, image, (from, to, scratch) =>
            of.Transforms.Inputs(from, Width * 2 * Channels, 2 * Channels, Channels, Tiles, to, Tiles * 3 * Channels, 3 * Channels, scratch));

        AssertPlaces(of, result, (tile, channel) => Both(of.Input, (y, x) => image[(y * Width + 4 * tile + x) * 2 * Channels + channel]));
    }

    [TestMethod, DataRow(3), DataRow(2)]
    public void Gradients_are_transformed_tile_by_tile(int taps)
    {
        var of = Of(taps);
        var image = Drawn(4 * Width * 2 * Channels, 4);
        var result = Run(of, of.Places * Tiles * 3 * Channels, image, (from, to, scratch) =>
            of.Transforms.Gradients(from, Width * 2 * Channels, 2 * Channels, Channels, Tiles, to, Tiles * 3 * Channels, 3 * Channels, scratch));

        AssertPlaces(of, result, (tile, channel) => Both(Transposed(of.Output), (y, x) => image[(y * Width + 4 * tile + x) * 2 * Channels + channel]));
    }

    [TestMethod]
    [DataRow(3, 4, 12), DataRow(3, 3, 11), DataRow(3, 1, 10), DataRow(3, 2, 9)]
    [DataRow(2, 4, 12), DataRow(2, 3, 11), DataRow(2, 1, 10), DataRow(2, 2, 9), DataRow(2, 0, 9)]
    public void Outputs_are_cut_off_and_take_bias_and_ReLU(int taps, int height, int width)
    {
        var of = Of(taps);
        var products = Drawn(of.Places * Tiles * 2 * Channels, 5);
        var bias = new float[Channels];
        bias.AsSpan().Fill(0.5f);
        var result = Run(of, 4 * Width * 3 * Channels, products, (from, to, scratch) =>
        {
            new Span<float>(to, 4 * Width * 3 * Channels).Fill(7);
            fixed (float* offset = bias)
            {
                of.Transforms.Outputs(
                    from, Tiles * 2 * Channels, 2 * Channels, Channels, to, Width * 3 * Channels, 3 * Channels, height, width, offset, hasRelu: true, adds: false, scratch);
            }
        });

        for (var i = 0; i < result.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3 * Channels);
            var (y, x) = Math.DivRem(pixel, Width);
            if (y >= height || x >= width || channel >= Channels)
            {
                Assert.AreEqual(7, result[i]);
                continue;
            }

            var tile = Both(of.Output, (row, column) => products[((row * of.Side + column) * Tiles + x / 4) * 2 * Channels + channel]);
            Assert.AreEqual(Math.Max(0, tile[y, x % 4] + 0.5), result[i], 2e-4);
        }
    }

    [TestMethod, DataRow(3), DataRow(2)]
    public void Outputs_add_to_what_is_there(int taps)
    {
        var of = Of(taps);
        var products = Drawn(of.Places * Tiles * Channels, 6);
        float[] Outputs(bool adds) => Run(of, 4 * Width * Channels, products, (from, to, scratch) =>
        {
            new Span<float>(to, 4 * Width * Channels).Fill(2);
            of.Transforms.Outputs(from, Tiles * Channels, Channels, Channels, to, Width * Channels, Channels, 4, 4 * Tiles, null, hasRelu: false, adds, scratch);
        });

        var (alone, added) = (Outputs(adds: false), Outputs(adds: true));

        for (var i = 0; i < alone.Length; i++)
        {
            if (i / Channels % Width < 4 * Tiles) Assert.AreEqual(alone[i] + 2, added[i]);
        }
    }

    [TestMethod, DataRow(3), DataRow(2)]
    public void Kernels_are_transformed(int taps)
    {
        var of = Of(taps);
        var kernels = Drawn(taps * taps * 32, 7);
        var result = Run(of, of.Places * 16, kernels, (from, to, scratch) => of.Transforms.Weights(from, 32, to, 16, scratch));

        for (var lane = 0; lane < 16; lane++) AssertNear(Both(of.Weight, (y, x) => kernels[(y * taps + x) * 32 + lane]), result, lane);
    }

    [TestMethod, DataRow(3), DataRow(2)]
    public void Sums_of_products_are_brought_back_to_the_kernel(int taps)
    {
        var of = Of(taps);
        var sums = Drawn(of.Places * 16, 8);
        var result = Run(of, taps * taps * 16, sums, (from, to, scratch) => of.Transforms.WeightGradients(from, 16, to, 16, scratch));

        for (var lane = 0; lane < 16; lane++) AssertNear(Both(Transposed(of.Weight), (y, x) => sums[(y * of.Side + x) * 16 + lane]), result, lane);
    }

    private static Matrices Of(int taps) =>
        taps == 3 ? new(WinogradTransforms.Of3x3, InputOf3, WeightOf3, OutputOf3) : new(WinogradTransforms.Of2x2, InputOf2, WeightOf2, OutputOf2);

    private delegate void Transform(float* from, float* to, float* scratch);

    private static float[] Run(Matrices of, int length, float[] source, Transform transform)
    {
        var (result, scratch) = (new float[length], new float[of.Transforms.Scratch(Tiles)]);
        fixed (float* from = source, to = result, buffer = scratch) transform(from, to, buffer);
        return result;
    }

    private static void AssertPlaces(Matrices of, float[] result, Func<int, int, double[,]> expected)
    {
        for (var tile = 0; tile < Tiles; tile++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var places = expected(tile, channel);
                for (var place = 0; place < of.Places; place++)
                    Assert.AreEqual(places[place / of.Side, place % of.Side], result[(place * Tiles + tile) * 3 * Channels + channel], 1e-4);
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
