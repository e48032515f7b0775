using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

/// <summary>Column types of one's own: a structured one told by an attribute, a primitive one told by its .NET type.</summary>
[TestClass]
public sealed class OwnColumnTypeTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Spectrum(params double[] lines)
    {
        public double[] Lines => lines;
    }

    private sealed class SpectrumType(int bands) : StructuredDataViewType(typeof(Spectrum))
    {
        private int Bands => bands;
        public override bool Equals(DataViewType? other) => other is SpectrumType spectrum && spectrum.Bands == Bands;
        public override bool Equals(object? obj) => obj is DataViewType other && Equals(other);
        public override int GetHashCode() => bands;
        public override string ToString() => $"Spectrum<{bands}>";
    }

    private sealed class SpectrumTypeAttribute(int bands) : DataViewTypeAttribute
    {
        private int Bands => bands;
        public override bool Equals(DataViewTypeAttribute? other) => other is SpectrumTypeAttribute spectrum && spectrum.Bands == Bands;
        public override bool Equals(object? obj) => obj is DataViewTypeAttribute other && Equals(other);
        public override int GetHashCode() => bands;
        public override void Register() => DataViewTypeManager.Register(new SpectrumType(bands), typeof(Spectrum), this);
    }

    private readonly record struct Celsius(double Degrees);

    private sealed class CelsiusType() : PrimitiveDataViewType(typeof(Celsius))
    {
        public override bool Equals(DataViewType? other) => other is CelsiusType;
        public override bool Equals(object? obj) => obj is CelsiusType;
        public override int GetHashCode() => 1;
    }

    private sealed class Star
    {
        [SpectrumType(3)] public Spectrum? Light;
        [SpectrumType(5)] public Spectrum? Dark;
        public Celsius Temperature;
    }

    [TestMethod]
    public void Members_of_an_own_type_are_columns_of_it()
    {
        DataViewTypeManager.Register(new CelsiusType(), typeof(Celsius));
        var star = new Star { Light = new Spectrum(1, 2, 3), Dark = new Spectrum(), Temperature = new Celsius(5500) };
        var view = _ml.Data.LoadFromEnumerable(new[] { star });
        var read = _ml.Data.CreateEnumerable<Star>(view, reuseRowObject: false).Single();

        Assert.AreEqual("Spectrum<3>", view.Schema["Light"].Type.ToString());
        Assert.AreEqual("Spectrum<5>", view.Schema["Dark"].Type.ToString());
        Assert.AreSame(star.Light, read.Light);
        Assert.AreEqual(5500, read.Temperature.Degrees);
        Assert.HasCount(3, view.GetColumn<Spectrum>("Light").Single().Lines);
    }

    [TestMethod]
    public void A_type_whose_values_are_others_is_refused() =>
        Assert.Throws<ArgumentException>(() => DataViewTypeManager.Register(new CelsiusType(), typeof(Spectrum)));

    // ML.NET leaves such columns out of the saved schema as well (I17), without a word.
    [TestMethod]
    public void A_schema_with_an_own_type_is_saved_without_that_column_and_says_so()
    {
        EmbeddedEngine.Require("it drops them silently, or fails when no other is left (I13, I17).");
        DataViewTypeManager.Register(new CelsiusType(), typeof(Celsius));
        List<string> log = [];
        _ml.Log += (_, message) => log.Add(message.RawMessage);
        var view = _ml.Data.LoadFromEnumerable(new[] { new Star() });
        ModelFiles.Load(_ml, ModelFiles.Save(_ml, new TransformerChain<ITransformer>(), view.Schema), out var schema);

        Assert.AreEqual(0, schema.Count);
        Assert.HasCount(3, log);
        StringAssert.Contains(log[0], "Light");
    }
}
