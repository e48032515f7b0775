using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLPipelines.Tests.Engine;

/// <summary>Which members of one assembly another one refers to, by its metadata: calls, field uses, attributes.</summary>
internal static class CalledMembers
{
    /// <summary>Signatures in the form of <see cref="SignatureOf"/>.</summary>
    public static IEnumerable<string> In(string path, string calledAssembly)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (DeclaringType(reader, member.Parent) is not { } type || AssemblyOf(reader, type) != calledAssembly)
                continue;
            var name = $"{Names.Instance.GetTypeFromReference(reader, type, 0)}::{reader.GetString(member.Name)}";
            yield return member.GetKind() == MemberReferenceKind.Field
                ? name
                : $"{name}({string.Join(",", member.DecodeMethodSignature(Names.Instance, null).ParameterTypes)})";
        }
    }

    /// <summary>Full type name, member, parameter types, as metadata give them: generic parameters by number.</summary>
    public static string SignatureOf(MemberInfo member) => member switch
    {
        MethodBase method =>
            $"{method.DeclaringType!.FullName}::{method.Name}" +
            $"({string.Join(",", method.GetParameters().Select(parameter => TypeName(parameter.ParameterType)))})",
        _ => $"{member.DeclaringType!.FullName}::{member.Name}",
    };

    private static string TypeName(Type type) =>
        type.IsByRef ? $"{TypeName(type.GetElementType()!)}&"
        : type.IsArray ? $"{TypeName(type.GetElementType()!)}[]"
        : type.IsGenericParameter ? $"{(type.DeclaringMethod is null ? "!" : "!!")}{type.GenericParameterPosition}"
        : type.IsGenericType ? $"{type.GetGenericTypeDefinition().FullName}<{string.Join(",", type.GetGenericArguments().Select(TypeName))}>"
        : type.FullName!;

    private static TypeReferenceHandle? DeclaringType(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => (TypeReferenceHandle)parent,
        HandleKind.TypeSpecification => Definition(reader, (TypeSpecificationHandle)parent),
        _ => null,
    };

    // A specification of a generic type: its signature starts with GENERICINST, CLASS or VALUETYPE, then the type.
    private static TypeReferenceHandle? Definition(MetadataReader reader, TypeSpecificationHandle handle)
    {
        var blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadCompressedInteger();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
    }

    private static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            _ => null,
        };
    }

    /// <summary>Types of signatures as text.</summary>
    private sealed class Names : ISignatureTypeProvider<string, object?>
    {
        public static Names Instance { get; } = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            var name = reader.GetString(type.Name);
            if (type.ResolutionScope.Kind == HandleKind.TypeReference)
                return $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)}+{name}";
            return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(",", typeArguments)}>";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetSZArrayType(string elementType) => $"{elementType}[]";

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

        public string GetByReferenceType(string elementType) => $"{elementType}&";

        public string GetPointerType(string elementType) => $"{elementType}*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "System.IntPtr";
    }
}
