namespace Microsoft.ML.Data;

/// <summary>Says of which column type a member is when its .NET type alone does not, such as an image of known size.</summary>
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    /// <summary>Made by the derived attributes.</summary>
    protected DataViewTypeAttribute()
    {
    }

    /// <summary>Whether both mean the same column type.</summary>
    public abstract bool Equals(DataViewTypeAttribute other);

    /// <summary>Registers the column type with <see cref="DataViewTypeManager"/>; called before the attribute is first looked up.</summary>
    public abstract void Register();
}
