namespace MLPipelines.Learning;

/// <summary>A loop of a tile kernel: how often, and how far A and B move each time, in floats.</summary>
/// <param name="Count">How often, from 1.</param>
/// <param name="AStride">How far A moves, in floats.</param>
/// <param name="BStride">How far B moves.</param>
public readonly record struct TileLoop(int Count, int AStride, int BStride)
{
    /// <summary>No loop.</summary>
    public static TileLoop Once => new(1, 0, 0);
}

/// <summary>What a tile kernel does with its sums.</summary>
public enum TileEnd
{
    /// <summary>C = sums.</summary>
    Store,

    /// <summary>C += sums.</summary>
    Add,

    /// <summary>C = sums + bias.</summary>
    Bias,

    /// <summary>C = max(sums + bias, 0).</summary>
    BiasRelu,
}

/// <summary>The one form that all heavy arithmetic of this room takes: <c>C[r, j] = Σ A[r·ARow + loops] · B[j + loops]</c>.</summary>
/// <remarks>
/// Rows r have a constant distance in A and in C; columns j are whole vectors that lie side by side in B and in C; the sum runs over up
/// to three nested loops, each with its strides. That covers matrix products on packed or plain operands, convolutions read in place
/// (rows are pixels, loops are kernel rows, kernel columns and channels), their gradients for the input (the same over a bordered output
/// gradient) and for the weights (rows are inputs, loops are the pixels of the output).
/// </remarks>
/// <param name="Rows">Rows of the tile, from 1.</param>
/// <param name="Vectors">Vectors of a row, from 1; rows × vectors must fit into the registers.</param>
/// <param name="ARow">From a row of A to the next.</param>
/// <param name="CRow">From a row of C to the next.</param>
/// <param name="Outer">The outermost loop.</param>
/// <param name="Middle">The loop within it.</param>
/// <param name="Inner">The innermost; sums are taken in the order of the loops.</param>
/// <param name="End">What becomes of the sums.</param>
public sealed record TileShape(int Rows, int Vectors, int ARow, int CRow, TileLoop Outer, TileLoop Middle, TileLoop Inner, TileEnd End);
