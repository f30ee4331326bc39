using System.Reflection;
using System.Text;

namespace Quicprochat.Transport.Tests.Api;

/// <summary>An assembly's public members, one a line, sorted.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Type type in assembly.GetExportedTypes())
        {
            lines.Add($"{type.FullName}{BaseOf(type)}");
            foreach (MemberInfo member in type.GetMembers(Declared))
            {
                if (Describe(member) is { } description)
                {
                    lines.Add($"{type.FullName}.{description}");
                }
            }
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string BaseOf(Type type) =>
        type.IsEnum || type.IsValueType || type.BaseType is null || type.BaseType == typeof(object) ? "" : $" : {NameOf(type.BaseType)}";

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsPublic: true, IsSpecialName: false } field => field.IsLiteral
            ? $"{field.Name} = {field.GetRawConstantValue()}"
            : $"{field.Name} : {NameOf(field.FieldType)}",
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) =>
            $"{StaticOf(property.GetMethod)}{property.Name} : {NameOf(property.PropertyType)} {{{(IsVisible(property.GetMethod) ? " get;" : "")}{(IsVisible(property.SetMethod) ? SetterOf(property) : "")} }}",
        ConstructorInfo constructor when IsVisible(constructor) => $"ctor({ParametersOf(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !method.Name.Contains('<', StringComparison.Ordinal) =>
            $"{StaticOf(method)}{method.Name}({ParametersOf(method)}) : {NameOf(method.ReturnType)}",
        _ => null,
    };

    private static string SetterOf(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? " init;" : " set;";

    private static string StaticOf(MethodBase? method) => method?.IsStatic == true ? "static " : "";

    private static bool IsVisible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(static parameter => $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? "?" : "")}"));

    private static string NameOf(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }
        var name = new StringBuilder(type.GetGenericTypeDefinition().FullName!.Split('`')[0]);
        return name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(NameOf)).Append('>').ToString();
    }
}
