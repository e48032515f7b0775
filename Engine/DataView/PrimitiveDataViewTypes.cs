namespace Microsoft.ML.Data;

/// <summary>Text; values are <see cref="ReadOnlyMemory{T}"/> of characters, absent text is empty.</summary>
public sealed class TextDataViewType : PrimitiveDataViewType
{
    private TextDataViewType() : base(typeof(ReadOnlyMemory<char>))
    {
    }

    /// <summary>The one text type.</summary>
    public static TextDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is TextDataViewType;

    /// <summary><c>String</c>.</summary>
    public override string ToString() => "String";
}

/// <summary>Numbers, from <see cref="sbyte"/> to <see cref="double"/>; each has one instance.</summary>
public sealed class NumberDataViewType : PrimitiveDataViewType
{
    private NumberDataViewType(Type rawType) : base(rawType)
    {
    }

    /// <summary>8 bits, signed.</summary>
    public static NumberDataViewType SByte { get; } = new(typeof(sbyte));

    /// <summary>8 bits, unsigned.</summary>
    public static NumberDataViewType Byte { get; } = new(typeof(byte));

    /// <summary>16 bits, signed.</summary>
    public static NumberDataViewType Int16 { get; } = new(typeof(short));

    /// <summary>16 bits, unsigned.</summary>
    public static NumberDataViewType UInt16 { get; } = new(typeof(ushort));

    /// <summary>32 bits, signed.</summary>
    public static NumberDataViewType Int32 { get; } = new(typeof(int));

    /// <summary>32 bits, unsigned.</summary>
    public static NumberDataViewType UInt32 { get; } = new(typeof(uint));

    /// <summary>64 bits, signed.</summary>
    public static NumberDataViewType Int64 { get; } = new(typeof(long));

    /// <summary>64 bits, unsigned.</summary>
    public static NumberDataViewType UInt64 { get; } = new(typeof(ulong));

    /// <summary>Floating point, 32 bits.</summary>
    public static NumberDataViewType Single { get; } = new(typeof(float));

    /// <summary>Floating point, 64 bits.</summary>
    public static NumberDataViewType Double { get; } = new(typeof(double));

    internal static IReadOnlyList<NumberDataViewType> All { get; } = [SByte, Byte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double];

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => ReferenceEquals(this, other);

    /// <summary>The .NET name of the number, such as <c>Single</c>.</summary>
    public override string ToString() => RawType.Name;
}

/// <summary>True or false.</summary>
public sealed class BooleanDataViewType : PrimitiveDataViewType
{
    private BooleanDataViewType() : base(typeof(bool))
    {
    }

    /// <summary>The one Boolean type.</summary>
    public static BooleanDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is BooleanDataViewType;

    /// <summary><c>Boolean</c>.</summary>
    public override string ToString() => "Boolean";
}

/// <summary>A date and time without a zone.</summary>
public sealed class DateTimeDataViewType : PrimitiveDataViewType
{
    private DateTimeDataViewType() : base(typeof(DateTime))
    {
    }

    /// <summary>The one date-and-time type.</summary>
    public static DateTimeDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is DateTimeDataViewType;

    /// <summary><c>DateTime</c>.</summary>
    public override string ToString() => "DateTime";
}

/// <summary>A date and time with its offset from UTC.</summary>
public sealed class DateTimeOffsetDataViewType : PrimitiveDataViewType
{
    private DateTimeOffsetDataViewType() : base(typeof(DateTimeOffset))
    {
    }

    /// <summary>The one type of this kind.</summary>
    public static DateTimeOffsetDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is DateTimeOffsetDataViewType;

    /// <summary><c>DateTimeOffset</c>.</summary>
    public override string ToString() => "DateTimeOffset";
}

/// <summary>A span of time.</summary>
public sealed class TimeSpanDataViewType : PrimitiveDataViewType
{
    private TimeSpanDataViewType() : base(typeof(TimeSpan))
    {
    }

    /// <summary>The one time-span type.</summary>
    public static TimeSpanDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is TimeSpanDataViewType;

    /// <summary><c>TimeSpan</c>.</summary>
    public override string ToString() => "TimeSpan";
}

/// <summary>The id of a row, 128 bits.</summary>
public sealed class RowIdDataViewType : PrimitiveDataViewType
{
    private RowIdDataViewType() : base(typeof(DataViewRowId))
    {
    }

    /// <summary>The one row-id type.</summary>
    public static RowIdDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is RowIdDataViewType;

    /// <summary><c>DataViewRowId</c>.</summary>
    public override string ToString() => "DataViewRowId";
}
