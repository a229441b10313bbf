using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Keywords that lead to other schemas.</summary>
internal static class ReferenceKeywords
{
    public static Keyword? Read(SchemaSource source, JsonProperty member) => member.Name switch
    {
        "$ref" => Reference(source, member.Value.GetString()!),
        "$dynamicRef" when !source.IsDraft7 => DynamicReference(source, member.Value.GetString()!),
        _ => null,
    };

    private static Keyword? Reference(SchemaSource source, string reference) => source.Compiler.Resolve(source, "$ref", reference) is { } target
        ? new Keyword("$ref", (instance, run) => run.InPlace(target, instance)) { InPlace = [target] }
        : null;

    /// <summary>
    /// As <c>$ref</c>; but when it leads to a dynamic anchor, the outermost resource on the way here that has an anchor of that name is taken
    /// (core specification 2020-12, section 8.2.3.2).
    /// </summary>
    private static Keyword? DynamicReference(SchemaSource source, string reference)
    {
        if (source.Compiler.Resolve(source, "$dynamicRef", reference) is not { } target)
        {
            return null;
        }

        var name = SchemaUri.Resolve(source.Node.Resource.Uri, reference)!.Value.Fragment;
        if (name.Length == 0 || name[0] == '/' || !target.Resource.DynamicAnchors.Contains(name))
        {
            return new Keyword("$dynamicRef", (instance, run) => run.InPlace(target, instance)) { InPlace = [target] };
        }

        return new Keyword(
            "$dynamicRef",
            (instance, run) =>
            {
                foreach (var scope in run.Scope)
                {
                    if (scope.Dynamic.TryGetValue(name, out var outermost))
                    {
                        return run.InPlace(outermost, instance);
                    }
                }

                return run.InPlace(target, instance);
            })
        {
            InPlace = [target],
        };
    }
}
