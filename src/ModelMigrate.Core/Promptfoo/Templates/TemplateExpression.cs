using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>A variable's path or a constant, and the filters that it goes through.</summary>
internal sealed class TemplateExpression
{
    private readonly IReadOnlyList<string> _path;
    private readonly JsonElement _constant;
    private readonly IReadOnlyList<(TemplateFilter Filter, IReadOnlyList<JsonElement> Arguments)> _filters;

    private TemplateExpression(IReadOnlyList<string> path, JsonElement constant, IReadOnlyList<(TemplateFilter, IReadOnlyList<JsonElement>)> filters) => (_path, _constant, _filters) = (path, constant, filters);

    public static TemplateExpression? TryParse(string text, Func<string, string?> environment, out string wrong)
    {
        var reader = new Scan(text);
        var path = new List<string>();
        if (!reader.Constant(out var constant) && !reader.Path(path))
        {
            wrong = "write a variable's name, with its parts after dots";
            return null;
        }

        if (path is ["env", var variable])
        {
            constant = TemplateText.From(environment(variable) ?? "");
            path.Clear();
        }

        var filters = new List<(TemplateFilter, IReadOnlyList<JsonElement>)>();
        while (reader.Take('|'))
        {
            var name = reader.Name();
            if (TemplateFilter.Find(name) is not { } filter)
            {
                wrong = name.Length == 0 ? "a filter's name is missing after '|'" : $"there is no filter '{name}' here; there are {string.Join(", ", TemplateFilter.All.Select(static each => each.Name))}";
                return null;
            }

            if (reader.Arguments() is not { } arguments || arguments.Count > filter.Most || arguments.Count < filter.Least)
            {
                wrong = $"the filter {name} takes {(filter.Least == filter.Most ? filter.Most : $"{filter.Least} to {filter.Most}")} constants in brackets, for example {filter.Example}";
                return null;
            }

            filters.Add((filter, arguments));
        }

        wrong = reader.IsAtEnd ? "" : $"'{reader.Rest}' is more than a variable and filters";
        return reader.IsAtEnd ? new TemplateExpression(path, constant, filters) : null;
    }

    public JsonElement Evaluate(IReadOnlyDictionary<string, JsonElement> vars, out string fault)
    {
        fault = "";
        var value = _path.Count == 0 ? _constant : Find(vars);
        foreach (var (filter, arguments) in _filters)
        {
            value = filter.Apply(value, arguments, out fault);
            if (fault.Length > 0)
            {
                fault = $"{string.Join('.', _path)} | {filter.Name}: {fault}";
                return default;
            }
        }

        return value;
    }

    private JsonElement Find(IReadOnlyDictionary<string, JsonElement> vars)
    {
        var value = vars.GetValueOrDefault(_path[0]);
        foreach (var step in _path.Skip(1))
        {
            value = value.ValueKind switch
            {
                JsonValueKind.Object => value.TryGetProperty(step, out var member) ? member : default,
                JsonValueKind.Array => step == "length" ? JsonSerializer.SerializeToElement(value.GetArrayLength())
                    : int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < value.GetArrayLength() ? value[at] : default,
                JsonValueKind.String => step == "length" ? JsonSerializer.SerializeToElement(value.GetString()!.Length) : default,
                JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => default,
            };
        }

        return value;
    }

    /// <summary>Reads an expression from left to right.</summary>
    private sealed class Scan(string text)
    {
        private int _at;

        public bool IsAtEnd => Skip() == text.Length;

        public string Rest => text[Skip()..];

        public bool Take(char c)
        {
            var taken = Skip() < text.Length && text[_at] == c;
            _at += taken ? 1 : 0;
            return taken;
        }

        public string Name()
        {
            var from = Skip();
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '$'))
            {
                _at++;
            }

            return text[from.._at];
        }

        public bool Path(List<string> path)
        {
            if (Name() is not { Length: > 0 } first || char.IsAsciiDigit(first[0]))
            {
                return false;
            }

            path.Add(first);
            while (true)
            {
                if (Take('.') && Name() is { Length: > 0 } member)
                {
                    path.Add(member);
                }
                else if (Take('[') && Constant(out var index) && Take(']'))
                {
                    path.Add(TemplateText.Of(index));
                }
                else
                {
                    return true;
                }
            }
        }

        public bool Constant(out JsonElement value)
        {
            value = default;
            var from = Skip();
            if (from < text.Length && text[from] is '\'' or '"')
            {
                var to = new StringBuilder();
                for (_at++; _at < text.Length && text[_at] != text[from]; _at++)
                {
                    _at += text[_at] == '\\' && _at + 1 < text.Length ? 1 : 0;
                    to.Append(text[_at - 1] == '\\' && text[_at] == 'n' ? '\n' : text[_at]);
                }

                _at++;
                value = TemplateText.From(to.ToString());
                return _at <= text.Length;
            }

            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or '-'))
            {
                _at++;
            }

            if (_at > from && double.TryParse(text.AsSpan(from, _at - from), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                value = JsonSerializer.SerializeToElement(number);
                return true;
            }

            _at = from;
            foreach (var word in new[] { "true", "false" })
            {
                if (string.CompareOrdinal(text, from, word, 0, word.Length) == 0 && (from + word.Length == text.Length || !char.IsLetterOrDigit(text[from + word.Length])))
                {
                    _at += word.Length;
                    value = JsonSerializer.SerializeToElement(word == "true");
                    return true;
                }
            }

            return false;
        }

        /// <summary>Constants in brackets; none without brackets; null when they are something else.</summary>
        public List<JsonElement>? Arguments()
        {
            var arguments = new List<JsonElement>();
            if (!Take('('))
            {
                return arguments;
            }

            while (!Take(')'))
            {
                if ((arguments.Count > 0 && !Take(',')) || !Constant(out var value))
                {
                    return null;
                }

                arguments.Add(value);
            }

            return arguments;
        }

        private int Skip()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }

            return _at;
        }
    }
}
