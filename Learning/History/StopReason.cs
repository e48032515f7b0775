namespace MLPipelines.Learning;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs that were asked for are done.</summary>
    Finished,

    /// <summary>The monitored metric had stopped getting better.</summary>
    EarlyStopping,

    /// <summary>The time that was allowed is used up.</summary>
    TimeBudget,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>The loss or a weight was no longer a finite number.</summary>
    NotANumber,
}
