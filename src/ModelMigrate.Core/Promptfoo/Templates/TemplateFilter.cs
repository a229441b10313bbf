using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>A filter of Nunjucks that is run here.</summary>
/// <param name="Name">As written after the bar.</param>
/// <param name="Least">Values that it needs in brackets.</param>
/// <param name="Most">Values that it takes there.</param>
/// <param name="Example">How it is written.</param>
/// <param name="Takes">What it can be put behind: a text, a list, a number, a group.</param>
/// <param name="Of">What it makes of a value; null when it cannot take it.</param>
internal sealed record TemplateFilter(string Name, int Least, int Most, string Example, string Takes, Func<JsonElement, IReadOnlyList<JsonElement>, JsonElement?> Of)
{
    public static IReadOnlyList<TemplateFilter> All { get; } = [.. TextFilters.All.Concat(ListFilters.All).OrderBy(static filter => filter.Name, StringComparer.Ordinal)];

    /// <summary>Names by which its values may be given, in their order; only some filters have any.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    public static TemplateFilter? Find(string name) => All.FirstOrDefault(filter => filter.Name == name);

    public JsonElement Apply(JsonElement value, IReadOnlyList<JsonElement> arguments) =>
        Of(value, arguments) ?? throw new TemplateFault($"{Name}: it takes {Takes}, not {TemplateText.Kind(value)}");
}
