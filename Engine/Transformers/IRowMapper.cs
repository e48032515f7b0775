namespace Microsoft.ML.Data;

/// <summary>
/// The part of a transformer that is its own: the columns it adds, and how to compute them from a row. Bound to one input schema.
/// Everything else (views, cursors, pass-through, which columns are active) is done by <see cref="MappedView"/> and <see cref="MappedRow"/>.
/// </summary>
internal interface IRowMapper
{
    /// <summary>The columns that are added behind those of the input, in order.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; }

    /// <summary>The indices of the input columns that added column <paramref name="added"/> is computed from.</summary>
    IEnumerable<int> InputsOf(int added);

    /// <summary>Getters of the added columns over <paramref name="input"/>, which moves under them.</summary>
    /// <param name="input">A row or cursor whose needed columns are active. <see cref="DataViewRow.Position"/> tells when it has moved.</param>
    /// <param name="isActive">Which added columns are wanted; the others get null.</param>
    /// <param name="owned">Add here what must be disposed with the row.</param>
    /// <returns>For every added column a <see cref="ValueGetter{TValue}"/> of its raw type, or null.</returns>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, ICollection<IDisposable> owned);
}
