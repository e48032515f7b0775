using System.Runtime.InteropServices;

namespace MLPipelines.Native;

/// <summary>Owns one object of ONNX Runtime.</summary>
/// <param name="releaseSlot">The function that frees it, a Release constant of <see cref="OrtApi"/>.</param>
internal sealed class OrtHandle(int releaseSlot) : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>Owns an object that the library made.</summary>
    public static OrtHandle Own(int releaseSlot, nint made)
    {
        var owner = new OrtHandle(releaseSlot);
        owner.SetHandle(made);
        return owner;
    }

    /// <summary>The raw pointer, kept alive until the answer is disposed, even when another thread disposes this owner meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed before.</exception>
    public Use InUse() => new(this);

    protected override bool ReleaseHandle()
    {
        OrtApi.Release(releaseSlot, handle);
        return true;
    }

    public readonly ref struct Use
    {
        private readonly OrtHandle owner;

        public Use(OrtHandle owner)
        {
            var added = false;
            owner.DangerousAddRef(ref added);
            this.owner = owner;
        }

        public nint Pointer => owner.handle;

        public void Dispose() => owner.DangerousRelease();
    }
}
