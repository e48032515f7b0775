using System.Text;
using System.Text.Json;
using MLPipelines.Images;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class ImageTensorLoaderTests
{
    private static readonly ImagePreprocessing Raw = new() { Width = 2, Height = 2, Resize = ResizeMode.None, Scale = 1 };

    // 2×2 pixels, red 1..4, green 11..14, blue 21..24.
    private static readonly byte[] Colors = Ppm("P6 2 2 255\n", [1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24]);

    [TestMethod]
    [DataRow(ColorOrder.Rgb, TensorLayout.ChannelsFirst, "1 2 3 4 11 12 13 14 21 22 23 24")]
    [DataRow(ColorOrder.Bgr, TensorLayout.ChannelsFirst, "21 22 23 24 11 12 13 14 1 2 3 4")]
    [DataRow(ColorOrder.Rgb, TensorLayout.ChannelsLast, "1 11 21 2 12 22 3 13 23 4 14 24")]
    [DataRow(ColorOrder.Bgr, TensorLayout.ChannelsLast, "21 11 1 22 12 2 23 13 3 24 14 4")]
    public void Colours_and_axes_come_in_the_order_that_is_asked_for(ColorOrder colors, TensorLayout layout, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', Load(Raw with { Colors = colors, Layout = layout }, Colors)));

    [TestMethod]
    public void A_grey_image_fills_every_colour()
    {
        float[] expected = [9, 8, 7, 6, 9, 8, 7, 6, 9, 8, 7, 6];
        CollectionAssert.AreEqual(expected, Load(Raw, Ppm("P5 2 2 255\n", [9, 8, 7, 6])));
    }

    // Pillow: Image.new("RGB", …).convert("L"); (100·19595 + 50·38470 + 200·7471 + 32768) >> 16 = 82.
    [TestMethod]
    public void Colours_become_grey_by_the_luma_weights()
    {
        var grey = Load(Raw with { Colors = ColorOrder.Grey, Width = 1, Height = 1 }, Ppm("P6 1 1 255\n", [100, 50, 200]));
        Assert.AreEqual(82f, grey.Single());
    }

    // (10·0.5 − 1) / 2 = 2 for red, (20·0.5 − 2) / 4 = 2 for green, (30·0.5 − 3) / 8 = 1.5 for blue.
    [TestMethod]
    [DataRow(TensorLayout.ChannelsFirst)]
    [DataRow(TensorLayout.ChannelsLast)]
    public void A_value_is_scaled_then_centred_then_divided(TensorLayout layout)
    {
        var settings = Raw with { Width = 1, Height = 1, Layout = layout, Scale = 0.5f, Mean = [1, 2, 3], StandardDeviation = [2, 4, 8] };
        float[] expected = [2, 2, 1.5f];
        CollectionAssert.AreEqual(expected, Load(settings, Ppm("P6 1 1 255\n", [10, 20, 30])));
    }

    [TestMethod]
    [DynamicData(nameof(PillowCases))]
    public void Resizing_gives_what_Pillow_gives_to_within_one_level(PillowCase recorded)
    {
        foreach (var layout in Enum.GetValues<TensorLayout>())
        {
            var settings = new ImagePreprocessing
            {
                Width = recorded.Width, Height = recorded.Height, Resize = recorded.Resize, ShorterSide = recorded.ShorterSide,
                Interpolation = recorded.Filter, Colors = recorded.Grey ? ColorOrder.Grey : ColorOrder.Rgb, Layout = layout, Scale = 1,
            };
            var tensor = Load(settings, recorded.Image);

            for (var i = 0; i < recorded.Pixels.Length; i++)
            {
                var (pixel, channel) = (i / settings.Channels, i % settings.Channels);
                var value = tensor[layout == TensorLayout.ChannelsLast ? i : (channel * settings.Width * settings.Height) + pixel];
                Assert.AreEqual(recorded.Pixels[i], MathF.Round(value), 1.0, $"pixel {pixel}, channel {channel}");
                if (recorded.Filter == Interpolation.Nearest)
                    Assert.AreEqual(recorded.Pixels[i], value);
            }
        }
    }

    [TestMethod]
    public void Blue_comes_first_after_resizing_too()
    {
        var recorded = PillowCases.First(recorded => recorded is { Resize: ResizeMode.Stretch, Filter: Interpolation.Bilinear, Grey: false });
        var settings = new ImagePreprocessing { Width = recorded.Width, Height = recorded.Height, Resize = ResizeMode.Stretch };
        var rgb = Load(settings, recorded.Image);
        var bgr = Load(settings with { Colors = ColorOrder.Bgr }, recorded.Image);
        var plane = settings.Width * settings.Height;

        CollectionAssert.AreEqual(rgb[..plane], bgr[(2 * plane)..]);
        CollectionAssert.AreEqual(rgb[plane..(2 * plane)], bgr[plane..(2 * plane)]);
    }

    // 4×2 fits into 4×4 with one row of background above and below.
    [TestMethod]
    public void Padding_is_the_background_normalised_as_pixels_are()
    {
        var settings = Raw with { Width = 4, Height = 4, Resize = ResizeMode.Pad, Background = new(10, 20, 30), Mean = [1, 2, 3] };
        var tensor = Load(settings, Ppm("P6 4 2 255\n", [.. Enumerable.Repeat((byte)100, 24)]));

        float[] red = [9, 9, 9, 9, 99, 99, 99, 99, 99, 99, 99, 99, 9, 9, 9, 9];
        CollectionAssert.AreEqual(red, tensor[..16]);
        Assert.AreEqual(27f, tensor[^1]);
    }

    // Opacity 51/255 = ⅕: 100·⅕ + 50·⅘ = 60.
    [TestMethod]
    public void What_is_not_opaque_lies_over_the_background()
    {
        var settings = Raw with { Width = 1, Height = 1, Background = new(50, 50, 50) };
        var tensor = new float[3];
        new ImageTensorLoader(settings).Load(new RasterImage(1, 1, 4, [100, 50, 0, 51]), tensor);

        float[] expected = [60, 50, 40];
        CollectionAssert.AreEqual(expected, tensor);
    }

    [TestMethod]
    public void Another_size_is_refused_where_nothing_is_resized()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Load(Raw with { Width = 3 }, Colors));
        Assert.Contains("2×2 pixels; 3×2 are expected", error.Message);
    }

    [TestMethod]
    public void Very_long_images_cost_only_what_is_kept()
    {
        var settings = new ImagePreprocessing { Width = 8, Height = 8, ShorterSide = 256, Scale = 1 };
        var tensor = Load(settings, Ppm("P5 1 100000 255\n", [.. Enumerable.Repeat((byte)7, 100000)]));
        Assert.IsTrue(tensor.All(value => Math.Abs(value - 7) < 1e-4));
    }

    [TestMethod]
    [DataRow("P5 # grey\n2 # wide\n2\n255\n")]
    [DataRow("P5\t2\r\n2 255 ")]
    public void Comments_and_white_space_are_allowed_in_a_header(string header)
    {
        float[] expected = [9, 8, 7, 6];
        CollectionAssert.AreEqual(expected, Load(Raw with { Colors = ColorOrder.Grey }, Ppm(header, [9, 8, 7, 6])));
    }

    [TestMethod]
    public void Fewer_levels_are_stretched_to_255()
    {
        float[] expected = [0, 85, 170, 255];
        CollectionAssert.AreEqual(expected, Load(Raw with { Colors = ColorOrder.Grey }, Ppm("P5 2 2 3\n", [0, 1, 2, 3])));
    }

    [TestMethod]
    [DataRow("P5 2 2 255\n", "takes 4 bytes; 3 follow")]
    [DataRow("P5 2 0 255\n", "height")]
    [DataRow("P5 2 99999999999 255\n", "height")]
    [DataRow("P5 2 2 65535\n", "8 bits")]
    [DataRow("P5 2 2", "largest value")]
    [DataRow("P5 2 2 255", "white space")]
    public void A_damaged_header_says_what_is_wrong(string header, string said)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => Load(Raw, Ppm(header, said == "white space" || said == "largest value" ? [] : [1, 2, 3])));
        Assert.Contains(said, error.Message);
        Assert.Contains("digit.pgm", error.Message);
    }

    [TestMethod]
    public void No_bytes_are_no_image() =>
        Assert.Contains("digit.pgm is empty", Assert.ThrowsExactly<InvalidDataException>(() => Load(Raw, [])).Message);

    [TestMethod]
    public void Bytes_that_are_no_image_are_named() =>
        Assert.Contains("digit.pgm", Assert.ThrowsExactly<InvalidDataException>(() => Load(Raw, "hello, world"u8.ToArray())).Message);

    [TestMethod]
    public void A_tensor_of_another_length_is_refused_with_both_lengths() =>
        Assert.Contains("room for 5", Assert.ThrowsExactly<ArgumentException>(() => new ImageTensorLoader(Raw).Load(Colors, new float[5])).Message);

    [TestMethod]
    public void Every_EXIF_orientation_of_a_photo_gives_the_same_tensor()
    {
        var folder = TestData.Require("nasty-images/exif-orientation");
        var loader = new ImageTensorLoader(new() { Width = 64, Height = 64 });
        foreach (var kind in new[] { "Landscape", "Portrait" })
        {
            var tensors = Enumerable.Range(1, 8).Select(orientation =>
            {
                var tensor = new float[loader.Length];
                loader.Read(Path.Combine(folder, $"{kind}_{orientation}.jpg"), tensor);
                return tensor;
            }).ToArray();
            foreach (var tensor in tensors)
                Assert.IsLessThan(0.02, tensor.Zip(tensors[0], (a, b) => Math.Abs(a - b)).Average(), kind);
        }
    }

    [TestMethod]
    public void Decoding_a_large_JPEG_smaller_does_not_show()
    {
        var path = Directory.GetFiles(TestData.Require("photos/imagenet-style-20"), "*.jpg", SearchOption.AllDirectories).Order().First();
        var settings = PreprocessingPresets.Get("imagenet-torch") with { Width = 64, Height = 64, ShorterSide = 72, Scale = 1, Mean = [0],
            StandardDeviation = [1] };
        var loader = new ImageTensorLoader(settings);
        var (reduced, full) = (new float[loader.Length], new float[loader.Length]);

        loader.Read(path, reduced);
        loader.Load(ImageCodec.Read(path), full);

        Assert.IsLessThan(2.5, reduced.Zip(full, (a, b) => Math.Abs(a - b)).Average());
    }

    [TestMethod]
    [DataRow("nasty-images/pngsuite", "*.png")]
    [DataRow("nasty-images/jpeg-decoder/crashtest", "*.*")]
    public void A_hostile_file_is_an_image_or_an_error_that_names_it(string folder, string pattern)
    {
        var loader = new ImageTensorLoader(PreprocessingPresets.Get("cifar10") with { Resize = ResizeMode.Pad });
        var tensor = new float[loader.Length];
        var read = 0;
        foreach (var path in Directory.GetFiles(TestData.Require(folder), pattern, SearchOption.AllDirectories))
        {
            try
            {
                loader.Read(path, tensor);
                Assert.IsTrue(tensor.All(float.IsFinite), path);
                read++;
            }
            catch (InvalidDataException refusal)
            {
                Assert.Contains(Path.GetFileName(path), refusal.Message);
            }
        }

        Assert.IsGreaterThan(0, read);
    }

    [TestMethod]
    public void One_loader_serves_many_threads()
    {
        var cases = PillowCases.Where(recorded => !recorded.Grey && recorded.Width == 17).ToArray();
        var loader = new ImageTensorLoader(new() { Width = 17, Height = 11, Interpolation = Interpolation.Bicubic });
        var alone = cases.Select(recorded => Load(loader, recorded.Image)).ToArray();

        Parallel.For(0, 200, i => CollectionAssert.AreEqual(alone[i % cases.Length], Load(loader, cases[i % cases.Length].Image)));
    }

    public static IEnumerable<PillowCase> PillowCases
    {
        get
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded", "transforms", "pillow.json")));
            foreach (var recorded in file.RootElement.GetProperty("cases").EnumerateArray())
            {
                var source = recorded.GetProperty("source").GetString()!;
                yield return new(
                    source, file.RootElement.GetProperty("images").GetProperty(source).GetBytesFromBase64(),
                    Enum.Parse<ResizeMode>(recorded.GetProperty("resize").GetString()!),
                    Enum.Parse<Interpolation>(recorded.GetProperty("filter").GetString()!),
                    recorded.GetProperty("width").GetInt32(), recorded.GetProperty("height").GetInt32(),
                    recorded.TryGetProperty("shorterSide", out var side) ? side.GetInt32() : null,
                    recorded.GetProperty("grey").GetBoolean(), recorded.GetProperty("pixels").GetBytesFromBase64());
            }
        }
    }

    private static float[] Load(ImagePreprocessing settings, byte[] encoded) => Load(new ImageTensorLoader(settings), encoded);

    private static float[] Load(ImageTensorLoader loader, byte[] encoded)
    {
        var tensor = new float[loader.Length];
        loader.Load(encoded, tensor, "digit.pgm");
        return tensor;
    }

    private static byte[] Ppm(string header, byte[] pixels) => [.. Encoding.ASCII.GetBytes(header), .. pixels];

    public sealed record PillowCase(
        string Source, byte[] Image, ResizeMode Resize, Interpolation Filter, int Width, int Height, int? ShorterSide, bool Grey, byte[] Pixels)
    {
        public override string ToString() => $"{Source} {Resize} {Filter} {Width}×{Height}{(Grey ? " grey" : "")}";
    }
}
