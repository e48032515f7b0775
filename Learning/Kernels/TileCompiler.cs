using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLPipelines.Learning;

/// <summary>Writes tile kernels as IL, one for each shape, with all sizes and strides as constants.</summary>
/// <remarks>
/// The JIT keeps a sum in a register only if it is a local variable of its own; an array or a loop over sums would be memory to it. Written
/// out in C# that is thousands of lines for each width of vector; as IL it is this page, for all widths and all shapes. Where code cannot be
/// made at run time (native AOT), <see cref="PlainTile"/> computes the same, slowly.
/// </remarks>
public static class TileCompiler
{
    private const int LargestUnroll = 8;

    // Rows of B in place lie far apart, where the processor does not see them coming.
    private const int FarRow = 256;
    private const int RowsAhead = 8;

    private static readonly MethodInfo Prefetch = typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!;
    private static readonly ConcurrentDictionary<(VectorSet, TileShape), TileKernel> Kernels = new();

    /// <summary>The kernel of a shape; compiled once, at the first call.</summary>
    public static TileKernel Compile(VectorSet vectors, TileShape shape) => Kernels.GetOrAdd((vectors, shape), static key =>
        RuntimeFeature.IsDynamicCodeSupported ? new Writer(key.Item1, key.Item2).Write() : PlainTile.Of(key.Item1, key.Item2));

    private sealed class Writer
    {
        private readonly VectorSet vectors;
        private readonly TileShape shape;
        private readonly DynamicMethod method;
        private readonly ILGenerator il;
        private readonly LocalBuilder[,] sums;
        private readonly LocalBuilder[] columns;
        private readonly LocalBuilder broadcast;

        public Writer(VectorSet vectors, TileShape shape)
        {
            this.vectors = vectors;
            this.shape = shape;
            method = new DynamicMethod(
                $"Tile{shape.Rows}x{shape.Vectors}", typeof(void), [typeof(float*), typeof(float*), typeof(float*), typeof(float*)], typeof(TileCompiler).Module, skipVisibility: true);
            il = method.GetILGenerator(16384);
            sums = new LocalBuilder[shape.Rows, shape.Vectors];
            for (var r = 0; r < shape.Rows; r++)
            {
                for (var v = 0; v < shape.Vectors; v++) sums[r, v] = il.DeclareLocal(vectors.Vector);
            }

            columns = [.. Enumerable.Range(0, shape.Vectors).Select(_ => il.DeclareLocal(vectors.Vector))];
            broadcast = il.DeclareLocal(vectors.Vector);
        }

        public TileKernel Write()
        {
            foreach (var sum in sums)
            {
                il.Emit(OpCodes.Call, vectors.Zero);
                il.Emit(OpCodes.Stloc, sum);
            }

            Loop(shape.Outer, () => Loop(shape.Middle, () => InnerLoop(shape.Inner)));
            End();
            il.Emit(OpCodes.Ret);
            return method.CreateDelegate<TileKernel>();
        }

        /// <summary>Repeats; afterwards A and B stand where they stood before.</summary>
        private void Loop(TileLoop loop, Action body)
        {
            if (loop.Count == 1)
            {
                body();
                return;
            }

            Counted(loop.Count, () =>
            {
                body();
                Advance(0, loop.AStride);
                Advance(1, loop.BStride);
            });
            Advance(0, -loop.Count * loop.AStride);
            Advance(1, -loop.Count * loop.BStride);
        }

        private void InnerLoop(TileLoop loop)
        {
            var unroll = loop.Count <= LargestUnroll ? loop.Count : 4;
            var (passes, rest) = (loop.Count / unroll, loop.Count % unroll);
            if (passes > 1)
            {
                Counted(passes, () =>
                {
                    for (var step = 0; step < unroll; step++) Step(step, loop);
                    Advance(0, unroll * loop.AStride);
                    Advance(1, unroll * loop.BStride);
                });
                for (var step = 0; step < rest; step++) Step(step, loop);
                Advance(0, -passes * unroll * loop.AStride);
                Advance(1, -passes * unroll * loop.BStride);
                return;
            }

            for (var step = 0; step < loop.Count; step++) Step(step, loop);
        }

        /// <summary>One rank-1 update: a column of A times a row of B.</summary>
        private void Step(int step, TileLoop loop)
        {
            for (var v = 0; v < shape.Vectors; v++)
            {
                if (loop.BStride >= FarRow && Sse.IsSupported)
                {
                    Address(1, (step + RowsAhead) * loop.BStride + v * vectors.Lanes);
                    il.Emit(OpCodes.Call, Prefetch);
                }

                Address(1, step * loop.BStride + v * vectors.Lanes);
                il.Emit(OpCodes.Call, vectors.Load);
                il.Emit(OpCodes.Stloc, columns[v]);
            }

            for (var r = 0; r < shape.Rows; r++)
            {
                Address(0, step * loop.AStride + r * shape.ARow);
                il.Emit(OpCodes.Ldind_R4);
                il.Emit(OpCodes.Call, vectors.Create);
                il.Emit(OpCodes.Stloc, broadcast);
                for (var v = 0; v < shape.Vectors; v++)
                {
                    il.Emit(OpCodes.Ldloc, broadcast);
                    il.Emit(OpCodes.Ldloc, columns[v]);
                    il.Emit(OpCodes.Ldloc, sums[r, v]);
                    il.Emit(OpCodes.Call, vectors.MultiplyAdd);
                    il.Emit(OpCodes.Stloc, sums[r, v]);
                }
            }
        }

        private void End()
        {
            for (var v = 0; v < shape.Vectors; v++)
            {
                if (shape.End is TileEnd.Bias or TileEnd.BiasRelu)
                {
                    Address(3, v * vectors.Lanes);
                    il.Emit(OpCodes.Call, vectors.Load);
                    il.Emit(OpCodes.Stloc, broadcast);
                }

                for (var r = 0; r < shape.Rows; r++)
                {
                    var place = r * shape.CRow + v * vectors.Lanes;
                    il.Emit(OpCodes.Ldloc, sums[r, v]);
                    if (shape.End == TileEnd.Add)
                    {
                        Address(2, place);
                        il.Emit(OpCodes.Call, vectors.Load);
                        il.Emit(OpCodes.Call, vectors.Add);
                    }
                    else if (shape.End != TileEnd.Store)
                    {
                        il.Emit(OpCodes.Ldloc, broadcast);
                        il.Emit(OpCodes.Call, vectors.Add);
                        if (shape.End == TileEnd.BiasRelu)
                        {
                            il.Emit(OpCodes.Call, vectors.Zero);
                            il.Emit(OpCodes.Call, vectors.Max);
                        }
                    }

                    Address(2, place);
                    il.Emit(OpCodes.Call, vectors.Store);
                }
            }
        }

        private void Counted(int count, Action body)
        {
            var left = il.DeclareLocal(typeof(int));
            var begin = il.DefineLabel();
            il.Emit(OpCodes.Ldc_I4, count);
            il.Emit(OpCodes.Stloc, left);
            il.MarkLabel(begin);
            body();
            il.Emit(OpCodes.Ldloc, left);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Stloc, left);
            il.Emit(OpCodes.Brtrue, begin);
        }

        /// <summary>Puts the address of a number onto the stack.</summary>
        private void Address(int argument, int offset)
        {
            il.Emit(OpCodes.Ldarg, (short)argument);
            if (offset == 0) return;
            il.Emit(OpCodes.Ldc_I4, offset * sizeof(float));
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }

        private void Advance(int argument, int distance)
        {
            if (distance == 0) return;
            Address(argument, distance);
            il.Emit(OpCodes.Starg, (short)argument);
        }
    }
}
