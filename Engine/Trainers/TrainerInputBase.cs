namespace Microsoft.ML.Trainers;

/// <summary>Options of every trainer.</summary>
public abstract class TrainerInputBase
{
    private protected TrainerInputBase()
    {
    }

    /// <summary>The features, a vector of known size of <see cref="float"/>.</summary>
    public string FeatureColumnName = "Features";
}

/// <summary>Options of a trainer that learns a label.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    private protected TrainerInputBaseWithLabel()
    {
    }

    /// <summary>The label.</summary>
    public string LabelColumnName = "Label";
}

/// <summary>Options of a trainer whose rows may count differently.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    private protected TrainerInputBaseWithWeight()
    {
    }

    /// <summary>The weight of each row, a <see cref="float"/> of at least 0; null: every row counts 1.</summary>
    public string ExampleWeightColumnName;
}
