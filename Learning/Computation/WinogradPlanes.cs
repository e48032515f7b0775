namespace MLPipelines.Learning;

/// <summary>The pixels of one side, every <c>Step</c>-th of them from an offset on, and the taps of the kernel that meet them.</summary>
/// <param name="Offset">The first pixel; below 0 in the border.</param>
/// <param name="Taps">The kernel's rows or columns in the order of the pixels; −1 for a tap of zero.</param>
internal sealed record WinogradPlane(int Offset, IReadOnlyList<int> Taps);

/// <summary>How a 3×3 convolution becomes minimal filtering: without stride as it is, with stride 2 on planes of every second pixel.</summary>
/// <remarks>
/// With stride 2, the even pixels of the bordered input meet the kernel's taps 0 and 2, the odd ones tap 1. So there are two planes along
/// each side and four in all, each with a kernel of at most 2×2, and the output is their sum. A tap of zero at an end of a plane's kernel
/// makes the place of that end vanish, so that 81 products are left of 4 · 25, where the plain sums take 144. Backward it is the
/// gradient of the input that falls into the four planes.
/// </remarks>
/// <param name="Transforms">The filtering of a plane.</param>
/// <param name="Step">From a pixel of a plane to the next; the stride.</param>
/// <param name="Side">The planes along a side; the first has no tap of zero.</param>
internal sealed record WinogradPlanes(WinogradTransforms Transforms, int Step, IReadOnlyList<WinogradPlane> Side)
{
    /// <summary>How many planes there are.</summary>
    public int Count => Side.Count * Side.Count;

    /// <summary>What the kernel meets in the input.</summary>
    public static WinogradPlanes Forward(int stride, int padding) => stride == 1
        ? new(WinogradTransforms.Of3x3, 1, [new(-padding, [0, 1, 2])])
        : new(WinogradTransforms.Of2x2, 2, [new(-padding, [0, 2]), new(1 - padding, [1, -1])]);

    /// <summary>What of the input's gradient the kernel, turned by 180°, makes of the output's gradient, whose first pixel is <see cref="FirstBackward"/>.</summary>
    /// <remarks>With stride 2 and n pixels of padding, pixel x of the input is number (x + n) / 2 of the even or of the odd ones.</remarks>
    public static WinogradPlanes Backward(int stride, int padding) => stride == 1
        ? new(WinogradTransforms.Of3x3, 1, [new(0, [2, 1, 0])])
        : new(WinogradTransforms.Of2x2, 2, [new(padding % 2, [2, 0]), new(1 - padding % 2, padding == 1 ? [1, -1] : [-1, 1])]);

    /// <summary>The first pixel of the output's gradient under the first tile of the input's.</summary>
    public static int FirstBackward(int stride, int padding) => stride == 1 ? padding - 2 : padding == 0 ? -1 : 0;

    /// <summary>The offset of a plane, rows and columns.</summary>
    public (int Row, int Column) Offset(int plane) => (Side[plane / Side.Count].Offset, Side[plane % Side.Count].Offset);

    /// <summary>The tap of the 3×3 kernel, row by row, that is at a place of a plane's kernel, row by row; −1 for zero.</summary>
    public int Tap(int plane, int place)
    {
        var (row, column) = (Side[plane / Side.Count].Taps[place / Transforms.Taps], Side[plane % Side.Count].Taps[place % Transforms.Taps]);
        return row < 0 || column < 0 ? -1 : row * 3 + column;
    }

    /// <summary>The planes along a side that do not vanish at one of its places, from 1: the first ones.</summary>
    public int CountAt(int place) => Side.Count(plane => !(place == 0 && plane.Taps[0] < 0) && !(place == Transforms.Side - 1 && plane.Taps[^1] < 0));

    /// <summary>The planes that do not vanish at a place of a transformed tile.</summary>
    public IReadOnlyList<int> At(int place)
    {
        var (rows, columns) = (CountAt(place / Transforms.Side), CountAt(place % Transforms.Side));
        return [.. Enumerable.Range(0, rows * columns).Select(index => index / columns * Side.Count + index % columns)];
    }
}
