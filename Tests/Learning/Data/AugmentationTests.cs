using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class AugmentationTests
{
    private static readonly ImageShape grey = new(28, 28, 1), colour = new(32, 32, 3), tiny = new(3, 4, 1);

    /// <summary>One with each setting on, by its own; and one with everything.</summary>
    public static IEnumerable<Augmentation[]> Each =>
    [
        [new() { FlipHorizontally = true }], [new() { FlipVertically = true }], [new() { ShiftPixels = 3 }], [new() { ShiftShare = 0.2f }],
        [new() { RotateDegrees = 30 }], [new() { ScaleRange = 0.3f }], [new() { Brightness = 0.5f }], [new() { Contrast = 0.9f }],
        [new() { NoiseDeviation = 60 }], [new() { EraseShare = 0.4f }],
        [new() { ShiftPixels = 5, FlipHorizontally = true, Fill = BorderFill.Edge }],
        [new() { ShiftPixels = 5, FlipHorizontally = true, Fill = BorderFill.Mirror }],
        [
            new()
            {
                FlipHorizontally = true, FlipVertically = true, ShiftPixels = 4, ShiftShare = 0.1f, RotateDegrees = 180, ScaleRange = 0.9f,
                Brightness = 1, Contrast = 1, NoiseDeviation = 50, EraseShare = 1, Fill = BorderFill.Mirror, FillValue = 255,
            }
        ],
    ];

    [TestMethod]
    public void Nothing_on_changes_nothing()
    {
        var image = Image(grey);

        CollectionAssert.AreEqual(image, Applied(Augmentation.None, image, grey, key: 1));
        Assert.IsTrue(Augmentation.None.IsNone);
    }

    [TestMethod, DynamicData(nameof(Each))]
    public void Each_setting_counts_and_changes_some_images(Augmentation augmentation)
    {
        var image = Image(colour);

        Assert.IsFalse(augmentation.IsNone);
        Assert.IsTrue(Keys(20).Any(key => !Applied(augmentation, image, colour, key).SequenceEqual(image)));
    }

    [TestMethod, DynamicData(nameof(Each))]
    public void The_same_key_gives_the_same_image(Augmentation augmentation)
    {
        var image = Image(colour);

        foreach (var key in Keys(10))
            CollectionAssert.AreEqual(Applied(augmentation, image, colour, key), Applied(augmentation, image, colour, key));
    }

    [TestMethod, DynamicData(nameof(Each))]
    public void Values_stay_between_0_and_255(Augmentation augmentation)
    {
        foreach (var key in Keys(200))
        {
            foreach (var value in Applied(augmentation, Image(colour), colour, key))
                Assert.IsTrue(value is >= 0 and <= 255, $"key {key}: {value}");
        }
    }

    [TestMethod, DynamicData(nameof(Each))]
    public void Nothing_is_allocated(Augmentation augmentation)
    {
        float[] values = Image(colour), scratch = new float[colour.Size];
        for (ulong key = 0; key < 40; key++) augmentation.Apply(values, scratch, colour, key);

        Assert.AreEqual(0, Allocation.Of(() =>
        {
            for (ulong key = 0; key < 40; key++) augmentation.Apply(values, scratch, colour, key);
        }));
    }

    [TestMethod, DataRow(1), DataRow(3)]
    public void A_flip_mirrors_about_every_second_image_and_twice_is_none(int channels)
    {
        var shape = new ImageShape(28, 28, channels);
        var (image, augmentation) = (Image(shape), new Augmentation { FlipHorizontally = true });
        var flipped = 0;
        foreach (var key in Keys(1000))
        {
            var once = Applied(augmentation, image, shape, key);
            CollectionAssert.AreEqual(image, Applied(augmentation, once, shape, key));
            if (once.SequenceEqual(image)) continue;
            flipped++;
            for (var c = 0; c < channels; c++) Assert.AreEqual(image[(28 * 5 + 3) * channels + c], once[(28 * 5 + 24) * channels + c]);
        }
        Assert.AreEqual(500, flipped, 60);
    }

    // 3 rows of 4: the 9 × 3 × 2 outcomes of ±1 and a flip, each computed plainly.
    [TestMethod]
    [DataRow(BorderFill.Value), DataRow(BorderFill.Edge), DataRow(BorderFill.Mirror)]
    public void Shifts_by_pixels_are_exact_and_all_of_them_happen(BorderFill fill)
    {
        var augmentation = new Augmentation { ShiftPixels = 2, FlipHorizontally = true, FlipVertically = true, Fill = fill, FillValue = 7 };
        var image = Image(tiny);
        var expected = new HashSet<string>();
        foreach (var (flipX, flipY) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            for (var shiftY = -2; shiftY <= 2; shiftY++)
            {
                for (var shiftX = -2; shiftX <= 2; shiftX++) expected.Add(Text(PlainlyMoved(image, flipX, flipY, shiftX, shiftY, fill, 7)));
            }
        }

        var seen = Keys(4000).Select(key => Text(Applied(augmentation, image, tiny, key))).ToHashSet();

        if (fill == BorderFill.Value) Assert.AreEqual(100, expected.Count);
        Assert.IsTrue(seen.SetEquals(expected), $"{seen.Except(expected).Count()} unexpected, {expected.Except(seen).Count()} missing");
    }

    // An interpolated shift by whole pixels and the exact one agree: the same keys draw the same flips and shifts first.
    [TestMethod]
    public void The_quick_way_and_the_interpolating_one_agree()
    {
        var exact = new Augmentation { FlipHorizontally = true, FlipVertically = true, ShiftPixels = 6, Fill = BorderFill.Mirror };
        var interpolating = exact with { RotateDegrees = 1e-9f };
        var image = Image(colour);

        foreach (var key in Keys(50))
        {
            var (a, b) = (Applied(exact, image, colour, key), Applied(interpolating, image, colour, key));
            for (var i = 0; i < a.Length; i++) Assert.AreEqual(a[i], b[i], 1e-3f);
        }
    }

    [TestMethod]
    public void Rotations_keep_what_lies_in_the_centre()
    {
        var image = new float[colour.Size];
        image.AsSpan().Fill(100);

        var rotated = Applied(new Augmentation { RotateDegrees = 180 }, image, colour, key: 5);

        Assert.AreEqual(100, rotated[(16 * 32 + 16) * 3], 1e-4f);
        Assert.AreEqual(0, rotated[0], 1e-4f, "the corner came from outside");
    }

    // Normal: mean 0 (± 4 σ/√n), deviation σ, 68.27 % within one, 95.45 % within two; neighbours are not correlated.
    [TestMethod]
    public void Noise_is_normal()
    {
        var values = new float[300 * 301];
        values.AsSpan().Fill(128);
        new Augmentation { NoiseDeviation = 10 }.Apply(values, new float[values.Length], new ImageShape(300, 301, 1), key: 3);
        var z = values.Select(value => (value - 128) / 10.0).ToArray();

        Assert.AreEqual(0, z.Average(), 4 / Math.Sqrt(z.Length));
        Assert.AreEqual(1, z.Average(v => v * v), 0.02);
        Assert.AreEqual(0, z.Average(v => v * v * v), 0.04);
        Assert.AreEqual(3, z.Average(v => v * v * v * v), 0.12);
        Assert.AreEqual(0.6827, z.Average(v => Math.Abs(v) < 1 ? 1.0 : 0), 0.006);
        Assert.AreEqual(0.9545, z.Average(v => Math.Abs(v) < 2 ? 1.0 : 0), 0.003);
        Assert.AreEqual(0, z.Zip(z.Skip(1), (a, b) => a * b).Average(), 0.015);
        Assert.AreEqual(0, z.Zip(z.Skip(128), (a, b) => a * b).Average(), 0.015);
    }

    // Values 50 and 150: the mean 100 is changed by the brightness alone, the distance 50 by both.
    [TestMethod]
    public void Brightness_scales_and_contrast_spreads_about_the_mean()
    {
        var image = Enumerable.Range(0, tiny.Size).Select(i => i % 2 == 0 ? 50f : 150).ToArray();

        foreach (var key in Keys(100))
        {
            var brighter = Applied(new Augmentation { Brightness = 0.2f }, image, tiny, key);
            var spread = Applied(new Augmentation { Contrast = 0.4f }, image, tiny, key);

            Assert.IsTrue(brighter[0] is >= 39.99f and <= 60.01f);
            Assert.AreEqual(3 * brighter[0], brighter[1], 1e-3f);
            Assert.AreEqual(200, spread[0] + spread[1], 1e-3f);
            Assert.IsTrue(spread[0] is >= 29.99f and <= 70.01f);
        }
    }

    [TestMethod]
    public void Erasing_overwrites_one_rectangle_in_every_second_image()
    {
        var augmentation = new Augmentation { EraseShare = 0.33f, FillValue = 200 };
        var shares = new List<double>();
        foreach (var key in Keys(1000))
        {
            var erased = Applied(augmentation, new float[colour.Size], colour, key);
            var places = Enumerable.Range(0, 32 * 32).Where(i => erased[3 * i] == 200).Select(i => (Y: i / 32, X: i % 32)).ToList();
            if (places.Count == 0) continue;
            shares.Add(places.Count / 1024.0);
            var (height, width) = (places.Max(p => p.Y) - places.Min(p => p.Y) + 1, places.Max(p => p.X) - places.Min(p => p.X) + 1);
            Assert.AreEqual(height * width, places.Count, "a whole rectangle");
            Assert.IsTrue((double)height / width is > 0.2 and < 5);
        }

        Assert.AreEqual(500, shares.Count, 60);
        Assert.IsTrue(shares.Min() < 0.04 && shares.Max() is > 0.28 and < 0.37);
        Assert.AreEqual((0.02 + 0.33) / 2, shares.Average(), 0.02);
    }

    [TestMethod]
    public void A_setting_out_of_range_is_named_with_its_rule()
    {
        Refused(new() { RotateDegrees = 400 }, "Augmentation.RotateDegrees is 400; it must be 0 to 180");
        Refused(new() { ShiftPixels = -1 }, "ShiftPixels is -1");
        Refused(new() { ShiftShare = float.NaN }, "ShiftShare is NaN");
        Refused(new() { ScaleRange = 1 }, "ScaleRange is 1; it must be 0 to below 1");
        Refused(new() { Brightness = 2 }, "Brightness is 2");
        Refused(new() { Contrast = -0.5f }, "Contrast is -0.5");
        Refused(new() { NoiseDeviation = 256 }, "NoiseDeviation is 256");
        Refused(new() { EraseShare = 1.5f }, "EraseShare is 1.5");
        Refused(new() { Fill = (BorderFill)9 }, "Fill is 9; it must be one of Value, Edge, Mirror");
        Refused(new() { FillValue = 300 }, "FillValue is 300");

        static void Refused(Augmentation augmentation, string message) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => augmentation.Validate()).Message, message);
    }

    [TestMethod]
    public void A_shift_out_of_the_image_and_vectors_are_refused()
    {
        var tooFar = Assert.ThrowsExactly<ArgumentException>(() => new Augmentation { ShiftPixels = 3 }.Validate(tiny));
        var vector = Assert.ThrowsExactly<ArgumentException>(() => Augmentation.Light.Validate(ImageShape.Vector(64)));

        StringAssert.Contains(tooFar.Message, "images of 3×4×1 can be shifted by 2 at most");
        StringAssert.Contains(vector.Message, "the samples are vectors of 64 numbers");
        Assert.AreSame(Augmentation.None, Augmentation.None.Validate(ImageShape.Vector(64)));
    }

    [TestMethod]
    public void Spans_that_are_too_short_are_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Augmentation.Light.Apply(new float[784], new float[783], grey, 1));

    [TestMethod]
    public void It_is_described_in_one_line()
    {
        Assert.AreEqual("none", Augmentation.None.Described());
        Assert.AreEqual("flip horizontally, shift ±2 px", Augmentation.Light.Described());
        Assert.AreEqual(
            "shift ±10 %, rotate ±12.5°, noise σ 4, erase up to 33 %",
            new Augmentation { ShiftShare = 0.1f, RotateDegrees = 12.5f, NoiseDeviation = 4, EraseShare = 0.33f }.Described());
    }

    private static float[] PlainlyMoved(float[] image, bool flipX, bool flipY, int shiftX, int shiftY, BorderFill fill, float fillValue)
    {
        var moved = new float[tiny.Size];
        for (var y = 0; y < tiny.Height; y++)
        {
            for (var x = 0; x < tiny.Width; x++)
            {
                var (fromX, fromY) = (x - shiftX, y - shiftY);
                var isInside = fromX >= 0 && fromX < tiny.Width && fromY >= 0 && fromY < tiny.Height;
                (fromX, fromY) = fill == BorderFill.Mirror ? (Mirrored(fromX, tiny.Width), Mirrored(fromY, tiny.Height))
                    : (Math.Clamp(fromX, 0, tiny.Width - 1), Math.Clamp(fromY, 0, tiny.Height - 1));
                var from = (flipY ? tiny.Height - 1 - fromY : fromY) * tiny.Width + (flipX ? tiny.Width - 1 - fromX : fromX);
                moved[y * tiny.Width + x] = isInside || fill != BorderFill.Value ? image[from] : fillValue;
            }
        }
        return moved;

        static int Mirrored(int at, int size) => at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
    }

    private static float[] Applied(Augmentation augmentation, float[] image, ImageShape shape, ulong key)
    {
        var values = image.ToArray();
        augmentation.Apply(values, new float[shape.Size], shape, key);
        return values;
    }

    private static float[] Image(ImageShape shape)
    {
        var random = new SeededRandom(17);
        var image = new float[shape.Size];
        for (var i = 0; i < image.Length; i++) image[i] = random.Next(256);
        return image;
    }

    private static IEnumerable<ulong> Keys(int count) => Enumerable.Range(0, count).Select(i => SeededRandom.Key(99, (ulong)i));

    private static string Text(float[] values) => string.Join(' ', values);
}
