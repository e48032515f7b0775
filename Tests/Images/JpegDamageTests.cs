using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>Each kind of damage, and what becomes of it. Pillow 9.4 (libjpeg-turbo 2.1.5) decodes
/// and refuses the same.</summary>
[TestClass]
public sealed class JpegDamageTests
{
    private static readonly ImageDecodeSettings Refusing = new() { Damage = DamagePolicy.Refuse };
    private static readonly byte[] Sound = ImageCodec.Encode(Pixels.Ramps(80, 60, 3), ImageFileFormat.Jpeg);

    public static IEnumerable<object[]> Tolerable =>
    [
        ["12 stray bytes before a marker", Insert(At(0xDB), Enumerable.Repeat((byte)0x55, 12))],
        ["1 stray byte before a marker", Insert(At(0xDA), [0x55])],
        ["1,048,576 zero bytes behind its end", Insert(Sound.Length, new byte[1 << 20])],
        ["a restart marker where none belongs", Insert(Sound.Length - 40, [0xFF, 0xD3])],
    ];

    [TestMethod, DynamicData(nameof(Tolerable))]
    public void Damage_that_viewers_pass_over_is_decoded_and_noted_unless_it_is_to_be_refused(string note, byte[] file)
    {
        var image = ImageCodec.Decode(file);

        Assert.AreEqual(new ImageNote(note, IsDamage: true), image.Note);
        Assert.AreEqual((80, 60, 3), (image.Width, image.Height, image.Channels));
        var refusal = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(file, Refusing, "photo.jpg")).Message;
        Assert.AreEqual($"photo.jpg is a damaged JPEG image ({file.Length:N0} bytes): {note}.", refusal);
    }

    // kit.py extra: the coded data end before the bytes, which only a decoder can tell; it passes over them, and the pixels are the same.
    [TestMethod]
    public void Stray_bytes_at_the_end_of_the_coded_data_change_nothing()
    {
        var image = ImageCodec.Decode(Insert(Sound.Length - 2, Enumerable.Repeat((byte)0x55, 65)));
        CollectionAssert.AreEqual(ImageCodec.Decode(Sound).Pixels, image.Pixels);
    }

    [TestMethod]
    public void A_second_picture_or_a_film_behind_the_end_is_no_damage() =>
        Assert.IsNull(ImageCodec.Decode([.. Sound, .. Sound], Refusing).Note);

    [TestMethod]
    public void A_sound_file_has_no_note() => Assert.IsNull(ImageCodec.Decode(Sound, Refusing).Note);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(100)]
    public void A_file_that_lacks_its_last_bytes_is_refused_or_salvaged(int missing)
    {
        var cut = Sound[..^missing];
        var refusal = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(cut, name: "photo.jpg")).Message;
        Assert.StartsWith($"photo.jpg is a damaged JPEG image ({cut.Length:N0} bytes): its data end early", refusal);

        var salvaged = ImageCodec.Decode(cut, new ImageDecodeSettings { Damage = DamagePolicy.Salvage });
        Assert.IsTrue(salvaged.Note!.IsDamage);
        CollectionAssert.AreEqual(ImageCodec.Decode(Sound).Pixels[..(80 * 3 * 8)], salvaged.Pixels[..(80 * 3 * 8)]);
    }

    // All pixels are there, and still libjpeg refuses what follows them.
    [TestMethod]
    [DataRow(new byte[] { 0xFF, 0xD8 }, "two start-of-image markers")]
    [DataRow(new byte[] { 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0 }, "two frame headers")]
    [DataRow(new byte[] { 0xFF, 0xF7, 0, 2 }, "0xF7")]
    [DataRow(new byte[] { 0xFF, 0xFE, 0, 1 }, "length of 1")]
    [DataRow(new byte[] { 0xFF, 0xDB, 0, 3, 10 }, "quantization")]
    [DataRow(new byte[] { 0xFF, 0xC4, 0, 20, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "Huffman")]
    public void A_broken_segment_behind_the_last_pixel_is_refused(byte[] segment, string named)
    {
        var refusal = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(Insert(Sound.Length - 2, segment)));
        Assert.Contains(named, refusal.Message);
    }

    private static byte[] Insert(int at, IEnumerable<byte> bytes) => [.. Sound[..at], .. bytes, .. Sound[at..]];

    private static int At(byte marker) => Sound.AsSpan().IndexOf([(byte)0xFF, marker]);
}
