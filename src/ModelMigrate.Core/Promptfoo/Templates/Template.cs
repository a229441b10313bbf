using System.Text;
using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>
/// A text with places for variables: <c>{{ name }}</c>, <c>{{ name.part[0] | filter }}</c>, comments <c>{# … #}</c>. That is the part of Nunjucks that is read;
/// statements <c>{% … %}</c> are refused. A variable that is not there is empty, as in Nunjucks.
/// </summary>
internal sealed class Template
{
    private readonly IReadOnlyList<(string Text, TemplateExpression? Expression)> _parts;

    private Template(IReadOnlyList<(string, TemplateExpression?)> parts) => _parts = parts;

    public bool HasVariables => _parts.Any(static part => part.Expression is not null);

    /// <summary>The template; or null and what of it is not understood, with its line in the text.</summary>
    public static Template? TryParse(string text, Func<string, string?> environment, out string wrong)
    {
        wrong = "";
        var parts = new List<(string, TemplateExpression?)>();
        var at = 0;
        while (at < text.Length)
        {
            var open = Next(text, at);
            if (open < 0)
            {
                parts.Add((text[at..], null));
                break;
            }

            if (open > at)
            {
                parts.Add((text[at..open], null));
            }

            var closing = text[open + 1] switch { '{' => "}}", '%' => "%}", _ => "#}" };
            var end = text.IndexOf(closing, open + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                wrong = $"'{text.AsSpan(open, 2)}' on line {Line(text, open)} of the text is not closed by '{closing}'";
                return null;
            }

            if (closing == "%}")
            {
                wrong = $"the statement '{{%{text.AsSpan(open + 2, end - open - 2)}%}}' on line {Line(text, open)} of the text is not run; only {{{{ variable | filter }}}} is";
                return null;
            }

            if (closing == "}}")
            {
                var inner = text[(open + 2)..end].Trim('-').Trim();
                if (TemplateExpression.TryParse(inner, environment, out var why) is not { } expression)
                {
                    wrong = $"'{{{{ {inner} }}}}' on line {Line(text, open)} of the text is not understood: {why}";
                    return null;
                }

                parts.Add(("", expression));
            }

            at = end + 2;
        }

        return new Template(parts);
    }

    /// <summary>The text; or null and why a filter cannot take what it got.</summary>
    public string? Render(IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        fault = "";
        if (_parts is [(var only, null)])
        {
            return only;
        }

        var to = new StringBuilder();
        foreach (var (text, expression) in _parts)
        {
            to.Append(text);
            if (expression?.Evaluate(vars, out fault) is { } value)
            {
                to.Append(TemplateText.Of(value));
            }

            if (fault.Length > 0)
            {
                return null;
            }
        }

        return to.ToString();
    }

    private static int Next(string text, int from)
    {
        for (var i = text.IndexOf('{', from); i >= 0 && i + 1 < text.Length; i = text.IndexOf('{', i + 1))
        {
            if (text[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private static int Line(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;
}
