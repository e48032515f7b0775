using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>The raw functions of libvips, and of GLib and GObject within or beside it.
/// <see cref="VipsLibrary.Start"/> comes before the first call.</summary>
/// <remarks>No function with a variable argument list: those cannot be called from .NET on every platform. <c>size_t</c> and <c>GType</c> are
/// <c>nint</c>, <c>gboolean</c> is <c>int</c>.</remarks>
internal static unsafe partial class VipsApi
{
    /// <summary>Names that the resolver of <see cref="VipsLibrary"/> maps to loaded libraries.</summary>
    public const string Vips = "vips", GObject = "gobject", GLib = "glib";

    /// <summary>GObject's fundamental types: the number shifted left by 2.</summary>
    public const nint TypeBoolean = 5 << 2, TypeInt = 6 << 2, TypeDouble = 15 << 2, TypeString = 16 << 2, TypeObject = 20 << 2;

    public struct GValue
    {
        public nint Type;
        public long First, Second;
    }

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_init(string programName);

    [LibraryImport(Vips)]
    public static partial byte* vips_version_string();

    [LibraryImport(Vips)]
    public static partial void vips_concurrency_set(int threads);

    [LibraryImport(Vips)]
    public static partial int vips_concurrency_get();

    [LibraryImport(Vips)]
    public static partial void vips_cache_set_max(int operations);

    [LibraryImport(Vips)]
    public static partial void vips_block_untrusted_set(int state);

    /// <summary>All failures of all threads since the last clearing, a line each.</summary>
    [LibraryImport(Vips)]
    public static partial byte* vips_error_buffer_copy();

    [LibraryImport(Vips)]
    public static partial void vips_error_clear();

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint vips_operation_new(string nickname);

    /// <summary>Unlike vips_cache_operation_buildp, without the cache of operations, which would keep images whose memory is gone.</summary>
    [LibraryImport(Vips)]
    public static partial int vips_object_build(nint target);

    [LibraryImport(Vips)]
    public static partial void vips_object_unref_outputs(nint target);

    [LibraryImport(Vips)]
    public static partial nint vips_blob_new(nint free, void* data, nint length);

    [LibraryImport(Vips)]
    public static partial void* vips_blob_get(nint blob, nint* length);

    [LibraryImport(Vips)]
    public static partial void vips_area_unref(nint area);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_width(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_height(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_bands(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_format(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_interpretation(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_orientation(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_hasalpha(nint image);

    /// <summary>Zero where the image has no such field.</summary>
    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint vips_image_get_typeof(nint image, string field);

    /// <summary>Over memory of ours, which has to stay.</summary>
    [LibraryImport(Vips)]
    public static partial nint vips_image_new_from_memory(void* data, nint length, int width, int height, int bands, int format);

    /// <summary>Computes every pixel; the answer is freed with <see cref="g_free"/>.</summary>
    [LibraryImport(Vips)]
    public static partial byte* vips_image_write_to_memory(nint image, nint* length);

    /// <summary>A window on an image, whose pixels are computed on the thread that asks for them.</summary>
    [LibraryImport(Vips)]
    public static partial nint vips_region_new(nint image);

    /// <summary>A copy of the window's pixels without gaps; it is freed with <see cref="g_free"/>.</summary>
    [LibraryImport(Vips)]
    public static partial byte* vips_region_fetch(nint region, int left, int top, int width, int height, nint* length);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint g_type_from_name(string name);

    [LibraryImport(GObject)]
    public static partial GValue* g_value_init(GValue* value, nint type);

    [LibraryImport(GObject)]
    public static partial void g_value_unset(GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_value_set_int(GValue* value, int number);

    [LibraryImport(GObject)]
    public static partial void g_value_set_boolean(GValue* value, int number);

    [LibraryImport(GObject)]
    public static partial void g_value_set_double(GValue* value, double number);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_value_set_string(GValue* value, string text);

    [LibraryImport(GObject)]
    public static partial void g_value_set_object(GValue* value, nint target);

    [LibraryImport(GObject)]
    public static partial void g_value_set_boxed(GValue* value, nint boxed);

    /// <summary>A reference of the caller's own.</summary>
    [LibraryImport(GObject)]
    public static partial nint g_value_dup_object(GValue* value);

    /// <summary>Still the value's.</summary>
    [LibraryImport(GObject)]
    public static partial nint g_value_get_boxed(GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_set_property(nint target, string name, GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_get_property(nint target, string name, GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_object_unref(nint target);

    [LibraryImport(GLib)]
    public static partial void g_free(void* memory);

    [LibraryImport(GLib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint g_log_set_handler(string domain, int levels, delegate* unmanaged<byte*, int, byte*, void*, void> handler, void* data);
}
