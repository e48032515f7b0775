using System.Reflection;
using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// The engine is kept to what is used. A public member is used when another assembly of the solution refers to it: a product, a sample, or a test,
/// because a member that a test pins to ML.NET's behaviour is worth having. Not asked for are members that need not show up as a reference:
/// constants and enumeration values (compiled in), overrides and implementations (called through what they override or implement), abstract and
/// virtual members (obligations, not offers), and constructors of base classes (called through those of the derived ones).
/// </summary>
[TestClass]
public sealed class IdleMembersTests
{
    [TestMethod]
    public void Every_public_member_of_the_engine_is_used_by_somebody()
    {
        EmbeddedEngine.Require("the genuine packages offer more than we use.");
        var engine = typeof(MLContext).Assembly;
        string[] callers =
        [
            .. Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
                .Where(path => Path.GetFileNameWithoutExtension(path) is var name && name != engine.GetName().Name &&
                    (name == "mlp" || name.StartsWith("MLPipelines.", StringComparison.Ordinal))),
        ];
        Assert.IsGreaterThanOrEqualTo(5, callers.Length);
        var called = callers.SelectMany(path => CalledMembers.In(path, engine.GetName().Name!)).ToHashSet();

        string[] idle =
        [
            .. from type in PublicApi.Types(engine)
               where !type.IsEnum
               from member in PublicApi.Members(type)
               let methods = MethodsOf(member)
               where member is not FieldInfo { IsLiteral: true }
                   && !methods.Any(IsOverrideOrImplementation)
                   && !methods.Any(method => method.IsVirtual && !method.IsFinal)
                   && !(member is ConstructorInfo && engine.GetTypes().Any(derived => IsDerivedFrom(derived, type)))
                   && !methods.Cast<MemberInfo>().DefaultIfEmpty(member).Any(one => called.Contains(CalledMembers.SignatureOf(one)))
               select PublicApi.Line(member),
        ];
        Assert.IsEmpty(idle, $"Nothing calls these; remove them or make them internal:\n{string.Join("\n", idle.Order(StringComparer.Ordinal))}");
    }

    private static bool IsDerivedFrom(Type derived, Type type) =>
        derived.BaseType is { } parent && (parent.IsGenericType ? parent.GetGenericTypeDefinition() : parent) == type;

    private static MethodBase[] MethodsOf(MemberInfo member) => member switch
    {
        MethodBase method => [method],
        PropertyInfo property => property.GetAccessors(nonPublic: true),
        EventInfo @event => [@event.AddMethod!],
        _ => [],
    };

    private static bool IsOverrideOrImplementation(MethodBase method) =>
        method is MethodInfo { IsVirtual: true } own &&
        (own.GetBaseDefinition() != own ||
         (own.DeclaringType is { IsInterface: false } type &&
          type.GetInterfaces().Any(contract => type.GetInterfaceMap(contract).TargetMethods.Contains(own))));
}
