using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class IdxReaderTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Images_become_binary_PGM_with_the_class_number_as_label(bool gzip)
    {
        using var folder = Pair(gzip);

        var dataset = ImageDataset.Open(folder.Path);

        Assert.AreEqual(DatasetFormat.Idx, dataset.Format);
        Assert.AreEqual("train-images#0 (7) train-images#1 (10)", string.Join(' ', dataset.Items));
        CollectionAssert.AreEqual(
            Encoding.ASCII.GetBytes("P5\n3 2\n255\n").Concat(new byte[] { 7, 8, 9, 10, 11, 12 }).ToArray(), dataset.Items[1].ReadBytes());
        CollectionAssert.AreEqual(new[] { "7", "10" }, dataset.Labels.ToArray(), "class numbers sort as numbers");
    }

    [TestMethod]
    public void The_file_itself_may_be_given()
    {
        using var folder = Pair(gzip: true);

        Assert.HasCount(2, ImageDataset.Open(folder["train-images-idx3-ubyte.gz"]).Items);
    }

    [TestMethod]
    public void No_file_stays_open()
    {
        using var folder = Pair(gzip: false);
        var dataset = ImageDataset.Open(folder.Path);
        dataset.Items[0].ReadBytes();

        using (File.Open(folder["train-images-idx3-ubyte"], FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
    }

    [TestMethod]
    public void Class_names_come_from_the_options_or_from_labels_txt()
    {
        using var folder = Pair(gzip: false);
        var names = Enumerable.Range(0, 11).Select(i => $"class {i}").ToArray();

        Assert.AreEqual("class 7", ImageDataset.Open(folder.Path, new() { Labels = names }).Items[0].Label);

        folder.Write("labels.txt", string.Join('\n', names));
        var dataset = ImageDataset.Open(folder.Path);
        Assert.AreEqual("class 10", dataset.Items[1].Label);
        CollectionAssert.AreEqual(names, dataset.Labels.ToArray());
    }

    [TestMethod]
    public void A_class_number_beyond_the_names_is_a_bad_item()
    {
        using var folder = Pair(gzip: false);
        var names = Enumerable.Range(0, 10).Select(i => $"class {i}").ToArray();

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path, new() { Labels = names })).Message,
            "class number 10");
        Assert.HasCount(1, ImageDataset.Open(folder.Path, new() { Labels = names, OnBadItem = BadItemPolicy.Skip }).Items);
    }

    [TestMethod]
    public void Labels_that_are_missing_or_of_another_number_are_errors()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte", Images(2));

        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => ImageDataset.Open(folder.Path)).Message, "train-labels-idx1-ubyte");

        folder.Write("train-labels-idx1-ubyte", Labels(1, 2, 3));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path)).Message,
            "2 images and its labels file has 3 labels");
    }

    [TestMethod]
    public void A_file_cut_short_anywhere_is_an_error_that_names_it()
    {
        var whole = Images(2);
        for (var length = 0; length < whole.Length; length++)
        {
            using var folder = new TemporaryFolder();
            var path = folder.Write("images-idx3-ubyte", whole.AsSpan(0, length));

            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(path), $"{length} bytes").Message,
                "images-idx3-ubyte");
        }
    }

    [TestMethod]
    public void A_gzip_file_that_is_cut_short_or_has_a_wrong_byte_is_an_error_or_has_all_its_images()
    {
        var whole = Gzip(Images(2));
        var broken = Enumerable.Range(0, whole.Length).Select(length => whole[..length])
            .Concat(Enumerable.Range(0, whole.Length).Select(i => whole.Select((value, j) => i == j ? (byte)~value : value).ToArray()));
        var refused = 0;
        foreach (var bytes in broken)
        {
            using var folder = new TemporaryFolder();
            folder.Write("labels-idx1-ubyte", Labels(7, 3));
            try
            {
                var items = ImageDataset.Open(folder.Write("images-idx3-ubyte.gz", bytes)).Items;
                CollectionAssert.AreEqual(Images(2)[16..], items.SelectMany(item => item.ReadBytes()[11..]).ToArray());
            }
            catch (InvalidDataException error)
            {
                StringAssert.Contains(error.Message, "images-idx3-ubyte.gz");
                refused++;
            }
        }
        Assert.IsGreaterThan(whole.Length, refused);
    }

    [TestMethod]
    [DataRow(0xFFFFFFFFu, 28u, 28u, DisplayName = "4 billion images")]
    [DataRow(1_000_000u, 65_535u, 65_535u, DisplayName = "a product beyond memory")]
    [DataRow(2_000_000u, 28u, 28u, DisplayName = "more than the file can hold")]
    [DataRow(2u, 0u, 28u, DisplayName = "no rows")]
    [DataRow(2u, 28u, 70_000u, DisplayName = "columns beyond any image")]
    public void A_header_that_lies_is_refused_before_anything_is_allocated(uint count, uint rows, uint columns)
    {
        using var folder = new TemporaryFolder();
        var bytes = Header(0x08, 3, count, rows, columns).Concat(new byte[12]).ToArray();
        foreach (var (name, content) in new[] { ("images-idx3-ubyte", bytes), ("images-idx3-ubyte.gz", Gzip(bytes)) })
        {
            var path = folder.Write(name, content);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ImageDataset.Open(path);
                Assert.Fail("It was accepted.");
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                StringAssert.Contains(error.Message, name);
            }
            Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    [DataRow("89504E47 0D0A1A0A", "begins with 89504E47")]
    [DataRow("00000D03 00000001 00000001 00000001 00000000", "type 0x0D")]
    [DataRow("00000801 00000001 00", "1 dimensions")]
    public void Other_formats_are_named(string hexadecimal, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("images-idx3-ubyte", Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal)));

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(path)).Message, expected);
    }

    [TestMethod]
    public void Fashion_MNIST_is_60000_and_10000_images_of_ten_classes()
    {
        var names = LabelsFile.Read(TestData.Require("labels/fashion-mnist-labels.txt"));
        var dataset = ImageDataset.Open(TestData.Require("fashion-mnist"), new() { Labels = names });

        Assert.HasCount(60_000, dataset.ForTraining().Items);
        Assert.HasCount(10_000, dataset.ForEvaluation().Items);
        CollectionAssert.AreEqual(Enumerable.Repeat(1000, 10).ToArray(), dataset.ForEvaluation().Summary().CountPerLabel.ToArray());
        Assert.AreEqual("t10k-images#0 (Ankle boot)", dataset.ForEvaluation().Items[0].ToString());
    }

    private static TemporaryFolder Pair(bool gzip)
    {
        var folder = new TemporaryFolder();
        folder.Write(gzip ? "train-images-idx3-ubyte.gz" : "train-images-idx3-ubyte", gzip ? Gzip(Images(2)) : Images(2));
        folder.Write(gzip ? "train-labels-idx1-ubyte.gz" : "train-labels-idx1-ubyte", gzip ? Gzip(Labels(7, 10)) : Labels(7, 10));
        return folder;
    }

    // 2 rows × 3 columns, the bytes 1, 2, 3, ….
    private static byte[] Images(int count) => [.. Header(0x08, 3, (uint)count, 2, 3), .. Enumerable.Range(1, count * 6).Select(i => (byte)i)];

    private static byte[] Labels(params byte[] labels) => [.. Header(0x08, 1, (uint)labels.Length), .. labels];

    private static byte[] Header(byte type, byte dimensionCount, params uint[] dimensions)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        (header[2], header[3]) = (type, dimensionCount);
        for (var d = 0; d < dimensions.Length; d++) BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + 4 * d), dimensions[d]);
        return header;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
