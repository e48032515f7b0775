using System.Numerics.Tensors;

namespace MLPipelines.Learning;

/// <summary>Tile kernels as loops: for platforms on which no code can be made at run time.</summary>
public static unsafe class PlainTile
{
    private const int MostSums = 64 * 64;

    /// <summary>The kernel of a shape.</summary>
    public static TileKernel Of(VectorSet vectors, TileShape shape)
    {
        var width = shape.Vectors * vectors.Lanes;
        if (shape.Rows * width > MostSums) throw new NotSupportedException($"A tile of {shape.Rows} rows × {width} columns was asked for; the most is {MostSums} sums.");
        return (a, b, c, bias) => Run(shape, width, a, b, c, bias);
    }

    private static void Run(TileShape shape, int width, float* a, float* b, float* c, float* bias)
    {
        Span<float> sums = stackalloc float[shape.Rows * width];
        sums.Clear();
        for (var outer = 0; outer < shape.Outer.Count; outer++)
        {
            for (var middle = 0; middle < shape.Middle.Count; middle++)
            {
                for (var inner = 0; inner < shape.Inner.Count; inner++)
                {
                    var left = a + (long)outer * shape.Outer.AStride + (long)middle * shape.Middle.AStride + (long)inner * shape.Inner.AStride;
                    var right = b + (long)outer * shape.Outer.BStride + (long)middle * shape.Middle.BStride + (long)inner * shape.Inner.BStride;
                    for (var row = 0; row < shape.Rows; row++)
                    {
                        var rowSums = sums.Slice(row * width, width);
                        TensorPrimitives.FusedMultiplyAdd(new ReadOnlySpan<float>(right, width), left[(long)row * shape.ARow], rowSums, rowSums);
                    }
                }
            }
        }

        for (var row = 0; row < shape.Rows; row++)
        {
            var rowSums = sums.Slice(row * width, width);
            var target = new Span<float>(c + (long)row * shape.CRow, width);
            if (shape.End == TileEnd.Add) TensorPrimitives.Add(target, rowSums, rowSums);
            if (shape.End is TileEnd.Bias or TileEnd.BiasRelu) TensorPrimitives.Add(rowSums, new ReadOnlySpan<float>(bias, width), rowSums);
            if (shape.End == TileEnd.BiasRelu) TensorPrimitives.Max(rowSums, 0f, rowSums);
            rowSums.CopyTo(target);
        }
    }
}
