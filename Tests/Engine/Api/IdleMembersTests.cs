using System.Reflection;
using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>
/// The engine is kept to what is used. A public member is used when another assembly of the solution refers to it: a product, a sample, or a test,
/// because a member that a test pins to ML.NET's behaviour is worth having. Not asked for are members that cannot show up as a reference: constants
/// and enumeration values (compiled in), overrides and implementations (called through what they override or implement), and the abstract and
/// virtual members of a type that somebody uses (they are obligations, not offers).
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
                .Where(path => Path.GetFileNameWithoutExtension(path) is "mlp" or ['M', 'L', 'P', ..] && Path.GetFileNameWithoutExtension(path) != engine.GetName().Name),
        ];
        Assert.IsGreaterThanOrEqualTo(5, callers.Length);
        var called = callers.SelectMany(path => CalledMembers.In(path, engine.GetName().Name!)).ToHashSet();
        var usedTypes = callers.SelectMany(path => CalledMembers.TypesIn(path, engine.GetName().Name!)).ToHashSet();

        string[] idle =
        [
            .. from type in PublicApi.Types(engine)
               where !type.IsEnum
               from member in PublicApi.Members(type)
               let methods = MethodsOf(member)
               where member is not FieldInfo { IsLiteral: true }
                   && !methods.Any(IsOverrideOrImplementation)
                   && !(usedTypes.Contains(type.FullName!) && methods.Any(method => method.IsVirtual && !method.IsFinal))
                   && !methods.Cast<MemberInfo>().DefaultIfEmpty(member).Any(one => called.Contains(CalledMembers.SignatureOf(one)))
               select PublicApi.Line(member),
        ];
        Assert.IsEmpty(idle, $"Nothing calls these; remove them or make them internal:\n{string.Join("\n", idle.Order(StringComparer.Ordinal))}");
    }

    private static MethodBase[] MethodsOf(MemberInfo member) => member switch
    {
        MethodBase method => [method],
        PropertyInfo property => property.GetAccessors(nonPublic: false) is { Length: > 0 } accessors ? accessors : property.GetAccessors(nonPublic: true),
        EventInfo @event => [@event.AddMethod!],
        _ => [],
    };

    private static bool IsOverrideOrImplementation(MethodBase method) =>
        method is MethodInfo { IsVirtual: true } own &&
        (own.GetBaseDefinition() != own ||
         (!own.DeclaringType!.IsInterface && own.DeclaringType.GetInterfaces().Any(contract => own.DeclaringType.GetInterfaceMap(contract).TargetMethods.Contains(own))));
}
