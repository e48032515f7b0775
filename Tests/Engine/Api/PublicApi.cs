using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MLPipelines.Tests.Engine;

/// <summary>Writes the public API of an assembly in the form of the lists in this folder: a type's header, then one member a line.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte", [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>Types that other assemblies can see.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(IsVisible);

    /// <summary>Members that other assemblies can see, without the accessors of properties and events.</summary>
    public static IEnumerable<MemberInfo> Members(Type type)
    {
        if (IsDelegate(type))
            return [type.GetMethod("Invoke")!];
        return type.GetMembers(Declared).Where(member => member switch
        {
            MethodBase method => IsVisible(method) && (method is ConstructorInfo || !method.IsSpecialName),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
            EventInfo @event => IsVisible(@event.AddMethod!),
            FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
            _ => false,
        });
    }

    public static string Header(Type type) =>
        $"public {Kind(type)} {Name(type)}";

    public static string Kind(Type type) =>
        IsDelegate(type) ? "delegate"
        : type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    /// <summary>The base class and all interfaces, as the lists give them after the colon.</summary>
    public static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum || IsDelegate(type))
            return [];
        var own = type.GetInterfaces().Where(IsVisible).Select(Name);
        return type is { IsInterface: false, IsValueType: false } && type.BaseType is { } parent && parent != typeof(object)
            ? own.Prepend(Name(parent))
            : own;
    }

    public static string Constraints(Type[] parameters) =>
        string.Concat(parameters.Select(parameter =>
        {
            List<string> constraints = [];
            var flags = parameter.GenericParameterAttributes;
            if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
                constraints.Add("class");
            constraints.AddRange(parameter.GetGenericParameterConstraints().Select(Name));
            if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
                constraints.Add("new()");
            return constraints.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", constraints)}";
        }));

    /// <summary>The line of a member.</summary>
    public static string Line(MemberInfo member) => $"{Name(member.DeclaringType!)} :: {Signature(member)}";

    private static string Signature(MemberInfo member) => member switch
    {
        FieldInfo { DeclaringType.IsEnum: true } value =>
            $"{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo { IsLiteral: true } constant =>
            $"public const {Name(constant.FieldType)} {constant.Name} = {Value(constant.GetRawConstantValue(), constant.FieldType)}",
        FieldInfo field =>
            $"{Access(field.IsPublic)} {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} " +
            $"{field.Name}",
        ConstructorInfo constructor => $"{Access(constructor.IsPublic)} .ctor({Parameters(constructor)})",
        MethodInfo { Name: "Invoke" } invoke when IsDelegate(invoke.DeclaringType!) => $"{Name(invoke.ReturnType)} Invoke({Parameters(invoke)})",
        MethodInfo method =>
            $"{Access(method.IsPublic)} {Modifiers(method)}{Name(method.ReturnType)} {method.Name}{GenericArguments(method)}({Parameters(method)})" +
            (method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : ""),
        PropertyInfo property => PropertySignature(property),
        EventInfo @event => $"public event {Name(@event.EventHandlerType!)} {@event.Name}",
        _ => throw new NotSupportedException($"{member}"),
    };

    private static string PropertySignature(PropertyInfo property)
    {
        var accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        var name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        var (get, set) = (property.GetMethod is { } g && IsVisible(g) ? "get; " : "", property.SetMethod is { } s && IsVisible(s) ? "set; " : "");
        return $"{Access(accessor.IsPublic)} {Modifiers(accessor)}{Name(property.PropertyType)} {name} {{ {get}{set}}}";
    }

    private static string Access(bool isPublic) => isPublic ? "public" : "protected";

    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface || method.IsFinal ? ""
        : method.IsAbstract ? "abstract "
        : method.IsVirtual && method.GetBaseDefinition() == method ? "virtual "
        : method.GetBaseDefinition() != method ? "override "
        : "";

    private static string GenericArguments(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var modifier = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : type.IsByRef ? "ref " : "";
        var text = $"{modifier}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Value(parameter.RawDefaultValue, type)}" : text;
    }

    private static string Value(object? value, Type type) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        char letter => $"'{letter}'",
        _ when type.IsEnum => $"{Name(type)}.{Enum.GetName(type, value)}",
        float number => $"{number.ToString(CultureInfo.InvariantCulture)}f",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    public static bool IsOverride(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetBaseDefinition() != method,
        PropertyInfo property => property.GetAccessors(nonPublic: true).All(IsOverride),
        _ => false,
    };

    public static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying)}?";

        // A nested type repeats the generic arguments of the types around it.
        var arguments = type.GetGenericArguments();
        var around = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var simple = type.Name.Split('`')[0] + (arguments.Length > around ? $"<{string.Join(", ", arguments[around..].Select(Name))}>" : "");
        if (type.DeclaringType is not { } outer)
            return $"{type.Namespace}.{simple}";
        return $"{Name(around > 0 ? outer.MakeGenericType(arguments[..around]) : outer)}.{simple}";
    }

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(MulticastDelegate));

    private static bool IsVisible(Type type) =>
        (type.IsGenericType && !type.IsGenericTypeDefinition ? type.GetGenericTypeDefinition() : type) is var definition &&
        (definition.IsPublic ||
         ((definition.IsNestedPublic || definition.IsNestedFamily || definition.IsNestedFamORAssem) && IsVisible(definition.DeclaringType!)));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
