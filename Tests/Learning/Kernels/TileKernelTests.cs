using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Kernels;

/// <summary>Kernels of every width against a loop over scalar fused multiply-adds in the documented order: equal to the last bit.</summary>
[TestClass]
public sealed unsafe class TileKernelTests
{
    private const int Floats = 1 << 16;

    private static readonly TileLoop Once = TileLoop.Once;

    // Strides and counts as convolutions, gradients and matrix products use them, with counts that are no multiple of the unrolling.
    private static readonly (TileLoop Outer, TileLoop Middle, TileLoop Inner)[] Loops =
    [
        (Once, Once, new TileLoop(1, 1, 64)),
        (Once, Once, new TileLoop(7, 1, 64)),
        (Once, Once, new TileLoop(8, 13, 64)),
        (Once, Once, new TileLoop(37, 1, 64)),
        (new TileLoop(3, 90, 9 * 64), Once, new TileLoop(9, 1, 64)),
        (new TileLoop(2, 200, 3 * 11 * 64), new TileLoop(3, 24, 11 * 64), new TileLoop(11, 1, 64)),
    ];

    public static IEnumerable<object[]> Cases =>
        from vectors in VectorSet.All
        from tile in (int[][])[[1, 1], [6, 2], [3, 4], [12, 1], [13, 2], [6, 4]]
        where tile[0] * tile[1] <= vectors.Accumulators
        from end in Enum.GetValues<TileEnd>()
        select new object[] { vectors, tile[0], tile[1], end };

    [TestMethod, DynamicData(nameof(Cases))]
    public void A_compiled_kernel_gives_the_bits_of_the_plain_loop(VectorSet vectors, int rows, int width, TileEnd end)
    {
        if (!VectorSet.IsFused) Assert.Inconclusive("This processor has no fused multiply-add; kernels round twice.");
        foreach (var (outer, middle, inner) in Loops)
        {
            var shape = new TileShape(rows, width, 17, 64, outer, middle, inner, end);

            AssertSameBits(Expected(shape, width * vectors.Lanes), Computed(TileCompiler.Compile(vectors, shape)));
            AssertSameBits(Expected(shape, width * vectors.Lanes), Computed(PlainTile.Of(vectors, shape)));
        }
    }

    [TestMethod]
    public void A_kernel_is_compiled_once()
    {
        var shape = new TileShape(2, 1, 5, 64, Once, Once, new TileLoop(5, 1, 64), TileEnd.Store);

        Assert.AreSame(TileCompiler.Compile(VectorSet.Portable, shape), TileCompiler.Compile(VectorSet.Portable, shape with { }));
    }

    public static IEnumerable<object[]> Blocks =>
        from vectors in VectorSet.All
        from rows in (int[])[1, 2, 7, 13, 24, 28, 29, 32, 57]
        from columns in (int[])[1, 3, 10, 16, 17, 48, 64, 100, 128]
        select new object[] { vectors, rows, columns };

    [TestMethod, DynamicData(nameof(Blocks))]
    public void A_tiling_covers_the_block_with_tiles_that_fit_the_registers(VectorSet vectors, int rows, int columns)
    {
        var tiling = Tiling.Of(vectors, rows, columns);

        Assert.AreEqual(rows, tiling.Rows.Sum());
        Assert.AreEqual(vectors.RoundUp(columns), tiling.Panels.Sum() * vectors.Lanes);
        Assert.IsLessThanOrEqualTo(vectors.Accumulators, tiling.Rows.Max() * tiling.Panels.Max());
    }

    private static float[] Expected(TileShape shape, int columns)
    {
        var (a, b, c, bias) = Operands();
        for (var row = 0; row < shape.Rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (var i = 0; i < shape.Outer.Count; i++)
                {
                    for (var j = 0; j < shape.Middle.Count; j++)
                    {
                        for (var k = 0; k < shape.Inner.Count; k++)
                        {
                            var left = a[row * shape.ARow + i * shape.Outer.AStride + j * shape.Middle.AStride + k * shape.Inner.AStride];
                            var right = b[column + i * shape.Outer.BStride + j * shape.Middle.BStride + k * shape.Inner.BStride];
                            sum = MathF.FusedMultiplyAdd(left, right, sum);
                        }
                    }
                }

                ref var cell = ref c[row * shape.CRow + column];
                cell = shape.End switch
                {
                    TileEnd.Add => cell + sum,
                    TileEnd.Bias => sum + bias[column],
                    TileEnd.BiasRelu => Math.Max(sum + bias[column], 0),
                    _ => sum,
                };
            }
        }

        return c;
    }

    private static float[] Computed(TileKernel kernel)
    {
        var (a, b, c, bias) = Operands();
        fixed (float* left = a, right = b, result = c, addend = bias) kernel(left, right, result, addend);
        return c;
    }

    private static (float[] A, float[] B, float[] C, float[] Bias) Operands()
    {
        var random = new SeededRandom(42);
        float[] Numbers(int count)
        {
            var numbers = new float[count];
            foreach (ref var number in numbers.AsSpan()) number = 2 * random.NextSingle() - 1;
            return numbers;
        }

        return (Numbers(Floats), Numbers(Floats), Numbers(28 * 64), Numbers(64));
    }

    private static void AssertSameBits(float[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"Number {i} is {actual[i]:R}; the plain loop gives {expected[i]:R}.");
        }
    }
}
