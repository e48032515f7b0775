using System.Reflection;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>The vectors that kernels are compiled for, and how many of them the processor's registers hold.</summary>
/// <remarks>
/// Every number that a kernel computes is a chain of fused multiply-adds in an order that does not depend on the vectors' width, so that
/// AVX-512 and AVX2 give the same bits. Processors without fused multiply-add round twice and give others.
/// </remarks>
public sealed class VectorSet
{
    private VectorSet(string name, Type operations, Type vector, int lanes, int accumulators)
    {
        Name = name;
        Lanes = lanes;
        Accumulators = accumulators;
        Vector = vector;
        Type[] three = [vector, vector, vector];
        Create = operations.GetMethod("Create", [typeof(float)])!;
        Load = Generic(operations, "Load");
        Store = Generic(operations, "Store");
        MultiplyAdd = operations.GetMethod(IsFused ? "FusedMultiplyAdd" : "MultiplyAddEstimate", three)!;
        Add = Generic(operations, "Add");
        Max = Generic(operations, "Max");
        Zero = vector.GetProperty("Zero", BindingFlags.Public | BindingFlags.Static)!.GetMethod!;
    }

    /// <summary>512 bits, 32 registers.</summary>
    public static VectorSet Avx512 { get; } = new("AVX-512", typeof(Vector512), typeof(Vector512<float>), 16, 28);

    /// <summary>256 bits, 16 registers.</summary>
    public static VectorSet Avx2 { get; } = new("AVX2", typeof(Vector256), typeof(Vector256<float>), 8, 12);

    /// <summary>128 bits, 16 registers: what every processor that .NET runs on has, in hardware or not.</summary>
    public static VectorSet Portable { get; } = new("128 bit", typeof(Vector128), typeof(Vector128<float>), 4, 12);

    /// <summary>The widest that this machine has in hardware.</summary>
    public static VectorSet Widest { get; } = Vector512.IsHardwareAccelerated ? Avx512 : Vector256.IsHardwareAccelerated ? Avx2 : Portable;

    /// <summary>All of them; each runs on every machine, some of them slowly.</summary>
    public static IReadOnlyList<VectorSet> All { get; } = [Avx512, Avx2, Portable];

    /// <summary>What the vectors are called.</summary>
    public string Name { get; }

    /// <summary>Floats in a vector.</summary>
    public int Lanes { get; }

    /// <summary>How many vectors of sums fit into the registers beside what is multiplied.</summary>
    public int Accumulators { get; }

    /// <summary>Whether a multiplication and the addition after it are rounded once.</summary>
    public static bool IsFused => System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    internal Type Vector { get; }

    internal MethodInfo Create { get; }

    internal MethodInfo Load { get; }

    internal MethodInfo Store { get; }

    internal MethodInfo MultiplyAdd { get; }

    internal MethodInfo Add { get; }

    internal MethodInfo Max { get; }

    internal MethodInfo Zero { get; }

    /// <summary>The smallest multiple of <see cref="Lanes"/> that is at least <paramref name="count"/>.</summary>
    public int RoundUp(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static MethodInfo Generic(Type operations, string name) =>
        operations.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(method => method.Name == name && method.IsGenericMethodDefinition && method.GetGenericArguments().Length == 1)
            .MakeGenericMethod(typeof(float));
}
