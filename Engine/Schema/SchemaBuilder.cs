using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Gathers columns into a schema.</summary>
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];

        /// <summary>An empty builder.</summary>
        public Builder()
        {
        }

        /// <summary>Adds a column; one of the same name added before is hidden by it.</summary>
        /// <param name="name">Its name, not empty.</param>
        /// <param name="type">The type of its values.</param>
        /// <param name="annotations">What is known about it; null: nothing.</param>
        public void AddColumn(string name, DataViewType type, Annotations annotations = null) => _columns.Add(new(name, type, annotations));

        /// <summary>Adds columns of another schema.</summary>
        public void AddColumns(IEnumerable<Column> source) => _columns.AddRange(source.Select(column => new DetachedColumn(column)));

        /// <summary>Adds columns.</summary>
        public void AddColumns(IEnumerable<DetachedColumn> source) => _columns.AddRange(source);

        /// <summary>The schema of what was added so far.</summary>
        public DataViewSchema ToSchema() => new(_columns);
    }
}
