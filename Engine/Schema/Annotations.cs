using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>What is known about a column as a whole: one value per kind, such as <c>KeyValues</c> or <c>SlotNames</c>.</summary>
    public sealed class Annotations
    {
        private readonly Delegate[] _getters;

        internal Annotations(DataViewSchema schema, Delegate[] getters) => (Schema, _getters) = (schema, getters);

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(DataViewSchema.Empty, []);

        /// <summary>The kinds and the types of their values.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of an annotation.</summary>
        /// <typeparam name="TValue">The raw type of <paramref name="column"/>.</typeparam>
        /// <param name="column">A column of <see cref="Schema"/>.</param>
        /// <exception cref="InvalidOperationException">The annotation's values are of another type.</exception>
        public ValueGetter<TValue> GetGetter<TValue>(Column column) =>
            _getters[column.Index] as ValueGetter<TValue> ?? throw RowErrors.WrongType<TValue>(Schema[column.Index]);

        /// <summary>Fills <paramref name="value"/> with the annotation called <paramref name="kind"/>.</summary>
        /// <exception cref="InvalidOperationException">There is none, or its value is of another type.</exception>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ??
                throw new InvalidOperationException($"There is no annotation '{kind}'; there are: {Schema.NamesInWords()}.");
            GetGetter<TValue>(column)(ref value);
        }

        /// <summary>The kinds, for instance <c>KeyValues: Vector&lt;String, 3&gt;</c>.</summary>
        public override string ToString() => string.Join(", ", Schema);

        /// <summary>Gathers annotations.</summary>
        public sealed class Builder
        {
            private readonly List<(DetachedColumn Column, Delegate Getter)> _items = [];

            /// <summary>An empty builder.</summary>
            public Builder()
            {
            }

            /// <summary>Adds an annotation.</summary>
            /// <typeparam name="TValue">The raw type of <paramref name="type"/>.</typeparam>
            /// <param name="name">Its kind.</param>
            /// <param name="type">The type of its value.</param>
            /// <param name="getter">Fills the value.</param>
            /// <param name="annotations">Annotations of the annotation; hardly ever used.</param>
            /// <exception cref="ArgumentException"><typeparamref name="TValue"/> is not the type's raw type.</exception>
            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null) =>
                Add(name, type, (Delegate)getter, annotations);

            internal void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null)
            {
                ArgumentNullException.ThrowIfNull(getter);
                var column = new DetachedColumn(name, type, annotations);
                if (getter.GetType() != typeof(ValueGetter<>).MakeGenericType(type.RawType))
                    throw new ArgumentException(
                        $"Annotation '{name}' of type {type} needs a ValueGetter<{type.RawType}>, not a {getter.GetType()}.", nameof(getter));
                _items.Add((column, getter));
            }

            /// <summary>Adds a value that is no vector.</summary>
            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null) =>
                Add(name, type, (ref TValue destination) => destination = value, annotations);

            /// <summary>Adds those of <paramref name="annotations"/> whose kind <paramref name="selector"/> accepts.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                foreach (var column in annotations.Schema.Where(column => !column.IsHidden && selector(column.Name)))
                    _items.Add((new DetachedColumn(column), annotations._getters[column.Index]));
            }

            /// <summary>The annotations added so far.</summary>
            public Annotations ToAnnotations() => new(Of(_items.Select(item => item.Column)), [.. _items.Select(item => item.Getter)]);
        }
    }
}
