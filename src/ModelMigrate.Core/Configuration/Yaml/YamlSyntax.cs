namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Says in a person's words what the YAML parser stumbled over.</summary>
internal static class YamlSyntax
{
    public static IEnumerable<YamlFault> Explain(string text, string error, int index)
    {
        var tabs = TabsInIndentation(text).ToList();
        if (tabs.Count > 0)
        {
            return tabs;
        }

        var place = Place(text, index);
        return [FlowReference(text, place) ?? Plain(place, error)];
    }

    private static IEnumerable<YamlFault> TabsInIndentation(string text)
    {
        var index = 0;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var indent = line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length);
            var tab = indent.IndexOf('\t');
            if (tab >= 0 && indent.Length < line.TrimEnd('\r').Length)
            {
                yield return new(new(number, tab + 1, index + tab), "yaml-tab", "The line is indented with a tab.", "Indent with spaces.");
            }

            index += line.Length + 1;
        }
    }

    // Inside { } and [ ] an unquoted ${NAME} ends the value at its own brace: the first trap that a hand-written file falls into.
    private static YamlFault? FlowReference(string text, YamlPlace place)
    {
        var from = text.LastIndexOf('\n', Math.Clamp(place.Index - 1, 0, Math.Max(text.Length - 1, 0))) + 1;
        var to = text.IndexOf('\n', from);
        var line = text.AsSpan(from, (to < 0 ? text.Length : to) - from);
        for (var i = 1; i < line.Length - 1; i++)
        {
            if (Math.Abs(place.Index - from - i) <= 2 && line[i] == '$' && line[i + 1] == '{' && line[i - 1] is not ('"' or '\'') && line[i..].Contains('}'))
            {
                var reference = line[i..(i + line[i..].IndexOf('}') + 1)].ToString();
                return new(
                    new(place.Line, i + 1, from + i), "yaml-env-quotes", $"Inside {{ }} or [ ] the value {reference} must be quoted.", $"Write \"{reference}\".");
            }
        }

        return null;
    }

    private static YamlFault Plain(YamlPlace place, string error)
    {
        var what = error.TrimEnd('.');
        var remedy = what switch
        {
            _ when what.Contains("invalid mapping", StringComparison.Ordinal) => "Quote a value that contains ': ', and begin a new key on its own line.",
            "unexpected characters" => "Close every { } and [ ], and put a comma between their entries.",
            _ when what.Contains("'}'", StringComparison.Ordinal) => "Close the { } on this line or put a comma between its entries.",
            _ when what.Contains("']'", StringComparison.Ordinal) => "Close the [ ] or put a comma between its entries.",
            _ when what.Contains("'-' indicator", StringComparison.Ordinal) => "Write '- ' with a space before each item, all at the same indentation.",
            _ when what.Contains("quoted scalar", StringComparison.Ordinal) => "Close the quotes; inside \"…\" write a backslash as \\\\.",
            _ when what.Contains("cannot start any token", StringComparison.Ordinal) => "Quote a value that begins with %, @ or a backquote.",
            _ when what.Contains("simple key", StringComparison.Ordinal) => "Write 'key: value', with a colon and a space.",
            _ => "Check the indentation and the colon on this line and the one above.",
        };
        return new(place, "yaml-syntax", $"This is not valid YAML: {Lower(what)}.", remedy);
    }

    // The parser may point past the end, where no editor can go.
    private static YamlPlace Place(string text, int index) =>
        YamlText.PlaceOf(text, index == text.Length ? text.TrimEnd('\n', '\r', ' ').Length : index);

    private static string Lower(string text) => text.Length == 0 ? "the parser gives no reason" : char.ToLowerInvariant(text[0]) + text[1..];
}
