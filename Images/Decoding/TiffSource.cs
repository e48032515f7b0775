using BitMiracle.LibTiff.Classic;

namespace MLPipelines.Images;

/// <summary>The bytes of one TIFF as LibTiff.NET reads them, and the first error that it told of them.</summary>
internal sealed class TiffSource(byte[] file) : MemoryStream(file, writable: false)
{
    // The library knows one handler for all files; ours sends each message to the file it is about, and others' on to where they went before.
    static TiffSource() => Previous = Tiff.SetErrorHandler(new Messages());

    private static readonly TiffErrorHandler? Previous;

    /// <summary>What the library said first; null: nothing.</summary>
    public string? Error { get; private set; }

    private void Note(string format, object[] arguments)
    {
        try
        {
            Error ??= string.Format(System.Globalization.CultureInfo.InvariantCulture, format, arguments).TrimEnd('.');
        }
        catch (FormatException)
        {
            Error ??= format;
        }
    }

    private sealed class Messages : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
            if (tif?.Clientdata() is TiffSource source)
                source.Note(format, args);
            else
                Previous?.ErrorHandler(tif, method, format, args);
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (clientData is not TiffSource)
                Previous?.ErrorHandlerExt(tif, clientData, method, format, args);
        }

        // Unknown tags and the like; they do not change a pixel.
        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
            if (tif?.Clientdata() is not TiffSource)
                Previous?.WarningHandler(tif, method, format, args);
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (clientData is not TiffSource)
                Previous?.WarningHandlerExt(tif, clientData, method, format, args);
        }
    }
}
