using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>Owns a reference to a GObject: an image or an operation.</summary>
internal class VipsObject : SafeHandle
{
    public VipsObject(nint reference) : base(0, ownsHandle: true) => SetHandle(reference);

    public override bool IsInvalid => handle == 0;

    public nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        VipsApi.g_object_unref(handle);
        return true;
    }
}

/// <summary>An image of libvips: mostly a recipe, whose pixels are computed when <see cref="ToArray"/> asks for them.</summary>
internal sealed unsafe class VipsImage(nint reference) : VipsObject(reference)
{
    private const int RowsAtATime = 16;

    public int Width => VipsApi.vips_image_get_width(handle);

    public int Height => VipsApi.vips_image_get_height(handle);

    public int Bands => VipsApi.vips_image_get_bands(handle);

    public int Format => VipsApi.vips_image_get_format(handle);

    public int Interpretation => VipsApi.vips_image_get_interpretation(handle);

    /// <summary>EXIF's, 1 to 8; 1 where there is none.</summary>
    public int Orientation => VipsApi.vips_image_get_orientation(handle);

    public bool HasAlpha => VipsApi.vips_image_hasalpha(handle) != 0;

    public bool HasColorProfile => VipsApi.vips_image_get_typeof(handle, "icc-profile-data") != 0;

    /// <summary>An image over pinned bytes, which have to stay where they are until everything made of it is gone.</summary>
    public static VipsImage Over(byte* pixels, RasterImage shape)
    {
        var made = VipsApi.vips_image_new_from_memory(
            pixels, shape.Pixels.Length, shape.Width, shape.Height, shape.Channels, VipsConstants.UnsignedChar);
        return made != 0 ? new VipsImage(made) : throw new VipsException();
    }

    /// <summary>Computes the pixels: interleaved, in the image's own format, on this thread, from top to bottom.</summary>
    /// <remarks>The library's own way goes through its pool of threads, which takes longer than a small image does.</remarks>
    public byte[] ToArray()
    {
        using var region = new VipsObject(VipsApi.vips_region_new(handle));
        if (region.IsInvalid)
            throw new VipsException();

        var (width, height) = (Width, Height);
        byte[]? pixels = null;
        for (int top = 0, at = 0, rows; top < height; top += rows)
        {
            nint length;
            rows = Math.Min(RowsAtATime, height - top);
            var strip = VipsApi.vips_region_fetch(region.Pointer, 0, top, width, rows, &length);
            if (strip == null)
                throw new VipsException();
            pixels ??= new byte[checked((int)(length / rows * height))];
            new ReadOnlySpan<byte>(strip, (int)length).CopyTo(pixels.AsSpan(at));
            at += (int)length;
            VipsApi.g_free(strip);
        }

        return pixels!;
    }

    /// <summary>The image that an operation with one input and one output makes of this one.</summary>
    public VipsImage Through(string operationName, Action<VipsOperation>? set = null)
    {
        using var operation = new VipsOperation(operationName);
        operation.Set("in", this);
        set?.Invoke(operation);
        operation.Build();
        return operation.Image("out");
    }
}

/// <summary>One operation of libvips: made by name, given its arguments as properties, built, asked for its results.</summary>
internal sealed unsafe class VipsOperation : VipsObject
{
    private static readonly Lazy<nint> BlobType = new(() => VipsApi.g_type_from_name("VipsBlob"));

    public VipsOperation(string nickname) : base(VipsApi.vips_operation_new(nickname))
    {
        if (IsInvalid)
            throw new VipsException();
    }

    /// <summary>Sets a whole number or an enumeration's member.</summary>
    public void Set(string property, int number)
    {
        var value = Initialized(VipsApi.TypeInt);
        VipsApi.g_value_set_int(&value, number);
        Set(property, &value);
    }

    public void Set(string property, bool state)
    {
        var value = Initialized(VipsApi.TypeBoolean);
        VipsApi.g_value_set_boolean(&value, state ? 1 : 0);
        Set(property, &value);
    }

    public void Set(string property, double number)
    {
        var value = Initialized(VipsApi.TypeDouble);
        VipsApi.g_value_set_double(&value, number);
        Set(property, &value);
    }

    public void Set(string property, string text)
    {
        var value = Initialized(VipsApi.TypeString);
        VipsApi.g_value_set_string(&value, text);
        Set(property, &value);
    }

    public void Set(string property, VipsImage image)
    {
        var value = Initialized(VipsApi.TypeObject);
        VipsApi.g_value_set_object(&value, image.Pointer);
        Set(property, &value);
    }

    /// <summary>Sets a property to pinned bytes, which have to stay where they are until everything made of them is gone.</summary>
    public void Set(string property, byte* data, int length)
    {
        var blob = VipsApi.vips_blob_new(0, data, length);
        var value = Initialized(BlobType.Value);
        VipsApi.g_value_set_boxed(&value, blob);
        Set(property, &value);
        VipsApi.vips_area_unref(blob);
    }

    public void Build()
    {
        if (VipsApi.vips_object_build(handle) != 0)
            throw new VipsException();
    }

    public VipsImage Image(string property)
    {
        var value = Initialized(VipsApi.TypeObject);
        VipsApi.g_object_get_property(handle, property, &value);
        var image = new VipsImage(VipsApi.g_value_dup_object(&value));
        VipsApi.g_value_unset(&value);
        return image;
    }

    public byte[] Bytes(string property)
    {
        var value = Initialized(BlobType.Value);
        VipsApi.g_object_get_property(handle, property, &value);
        nint length;
        var data = VipsApi.vips_blob_get(VipsApi.g_value_get_boxed(&value), &length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        VipsApi.g_value_unset(&value);
        return bytes;
    }

    protected override bool ReleaseHandle()
    {
        VipsApi.vips_object_unref_outputs(handle);
        return base.ReleaseHandle();
    }

    private static VipsApi.GValue Initialized(nint type)
    {
        VipsApi.GValue value = default;
        VipsApi.g_value_init(&value, type);
        return value;
    }

    private void Set(string property, VipsApi.GValue* value)
    {
        VipsApi.g_object_set_property(handle, property, value);
        VipsApi.g_value_unset(value);
    }
}

/// <summary>Members of libvips's enumerations.</summary>
internal static class VipsConstants
{
    public const int UnsignedChar = 0, UnsignedShort = 2;
    public const int GreyScale = 1, Cmyk = 15, Srgb = 22, Rgb16 = 25, Grey16 = 26;
    public const int FailOnNothing = 0, FailOnWarning = 3;
    public const int AccessRandom = 0, AccessSequential = 1;
}
