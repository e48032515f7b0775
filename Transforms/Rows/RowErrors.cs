using System.Runtime.ExceptionServices;
using Microsoft.ML;

namespace MLPipelines.Transforms;

/// <summary>What a row throws, without what ML.NET wraps it in where workers compute the rows.</summary>
internal static class RowErrors
{
    /// <summary>Moves on as <see cref="DataViewRowCursor.MoveNext"/> does; a row that cannot be read throws its own exception.</summary>
    public static bool MoveToNext(this DataViewRowCursor cursor)
    {
        try
        {
            return cursor.MoveNext();
        }
        catch (InvalidOperationException wrapped) when (wrapped.Message.StartsWith("Splitter/consolidator", StringComparison.Ordinal))
        {
            ExceptionDispatchInfo.Throw(wrapped.GetBaseException());
            throw;
        }
    }
}
