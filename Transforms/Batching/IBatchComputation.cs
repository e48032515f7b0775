namespace MLPipelines.Batching;

/// <summary>Computes the added columns of many rows at once, from buffers it was given by <see cref="BatchMapping.Begin"/>.</summary>
/// <remarks>
/// One instance serves one cursor or row and is never called from two threads at a time. One that holds resources implements
/// <see cref="IDisposable"/> as well; it is disposed of with its cursor.
/// </remarks>
internal interface IBatchComputation
{
    /// <summary>Computes the rows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1 of the buffers.</summary>
    /// <remarks>
    /// Where a batch throws, its rows are computed again one by one when they are asked for, so that the rows before the bad one are
    /// served and the bad one throws its own exception: no need to say here which row it was.
    /// </remarks>
    void Compute(int first, int count);
}
