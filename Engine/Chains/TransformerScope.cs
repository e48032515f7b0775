namespace Microsoft.ML.Data;

/// <summary>When a transformer of a chain takes part.</summary>
[Flags]
public enum TransformerScope
{
    /// <summary>Never.</summary>
    None = 0,

    /// <summary>While training.</summary>
    Training = 1,

    /// <summary>While evaluating.</summary>
    Testing = 2,

    /// <summary>While training and evaluating.</summary>
    TrainTest = Training | Testing,

    /// <summary>While predicting.</summary>
    Scoring = 4,

    /// <summary>Always.</summary>
    Everything = Training | Testing | Scoring,
}
