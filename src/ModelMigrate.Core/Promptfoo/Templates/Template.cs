using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>
/// A text with places for variables and statements, of Nunjucks: <c>{{ name.part[0] | filter }}</c>, <c>{% if %}</c>, <c>{% for %}</c>, <c>{% set %}</c>, <c>{% raw %}</c>, comments.
/// What takes in other files or defines functions is refused. A variable that is not there is empty, as in Nunjucks.
/// </summary>
internal sealed class Template
{
    private readonly IReadOnlyList<TemplatePart> _parts;

    private Template(IReadOnlyList<TemplatePart> parts, bool hasVariables) => (_parts, HasVariables) = (parts, hasVariables);

    /// <summary>Whether it is anything else than its own text.</summary>
    public bool HasVariables { get; }

    /// <summary>The template; or null and what of it is not understood, with its line in the text.</summary>
    public static Template? TryParse(string text, Func<string, string?> environment, out string wrong)
    {
        var reader = new TemplateReader(text, environment);
        wrong = "";
        try
        {
            return new Template(reader.Read(), reader.HasPlaces);
        }
        catch (TemplateFault fault)
        {
            wrong = $"{reader.Place} {fault.Message}";
            return null;
        }
    }

    /// <summary>The text; or null and why a value cannot stand where it does.</summary>
    public string? Render(IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        fault = "";
        var run = new TemplateRun(vars);
        try
        {
            foreach (var part in _parts)
            {
                part(run);
            }

            return run.Text;
        }
        catch (TemplateFault wrong)
        {
            fault = $"{wrong.Message}.";
            return null;
        }
    }
}
