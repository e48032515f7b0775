namespace Microsoft.ML.Data;

/// <summary>The type of a column: what a value is (<see cref="RawType"/>) and what it means (a key, a vector of known size, an image).</summary>
/// <remarks>Deriving is for <see cref="PrimitiveDataViewType"/> and <see cref="StructuredDataViewType"/> alone.</remarks>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType) => RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));

    /// <summary>The .NET type that a cursor's getter fills, such as <see cref="float"/> or <see cref="VBuffer{T}"/>.</summary>
    public Type RawType { get; }

    /// <summary>Whether the two types describe the same values: same raw type, same key count, same dimensions.</summary>
    public abstract bool Equals(DataViewType other);
}

/// <summary>A type whose values need no clean-up and can be items of a vector: numbers, text, times, keys.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    /// <summary>Made by the derived types.</summary>
    /// <param name="rawType">The .NET type of a value; it must not be <see cref="IDisposable"/>, for nobody would dispose it.</param>
    protected PrimitiveDataViewType(Type rawType) : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
            throw new ArgumentException(
                $"{rawType} is disposable; a primitive column type must not be. Derive from StructuredDataViewType.", nameof(rawType));
    }
}

/// <summary>A type with inner structure: vectors, images, and column types of one's own.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    /// <summary>Made by the derived types.</summary>
    /// <param name="rawType">The .NET type of a value.</param>
    protected StructuredDataViewType(Type rawType) : base(rawType)
    {
    }
}
