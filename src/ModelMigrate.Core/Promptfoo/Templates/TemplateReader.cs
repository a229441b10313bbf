using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Reads a text's places and statements. Owned by one reading.</summary>
internal sealed class TemplateReader(string text, Func<string, string?> environment)
{
    private const int Deepest = 64;

    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["include"] = "write the other text here", ["import"] = "write the other text here", ["from"] = "write the other text here", ["extends"] = "write the whole text here", ["block"] = "write its text here",
        ["macro"] = "write its text where it is called", ["call"] = "write the text here", ["filter"] = "write {{ value | filter }}", ["switch"] = "write {% if %} and {% elif %}",
        ["asyncEach"] = "write {% for %}", ["asyncAll"] = "write {% for %}",
    };

    private int _at;
    private int _open;
    private int _end;
    private int _depth;
    private bool _trims;

    /// <summary>Whether there is anything to fill or to do.</summary>
    public bool HasPlaces { get; private set; }

    /// <summary>What was read last, for whoever is told that it is wrong.</summary>
    public string Place
    {
        get
        {
            var isStatement = text.AsSpan(_open).StartsWith("{%");
            var written = _end > _open ? text[_open.._end] : text[_open..Math.Min(_open + 2, text.Length)];
            var line = text.AsSpan(0, _open).Count('\n') + 1;
            return $"{(isStatement ? "the statement " : "")}'{(written.Length > 100 ? $"{written[..100]}…" : written).ReplaceLineEndings(" ")}' on line {line} of the text is not understood:";
        }
    }

    public IReadOnlyList<TemplatePart> Read() => Body([], out _, out _);

    /// <summary>Everything to the next statement of these names, which is taken too.</summary>
    private List<TemplatePart> Body(IReadOnlyList<string> until, out string ending, out TemplateTerms rest)
    {
        var (parts, from) = (new List<TemplatePart>(), _open);
        if (++_depth > Deepest)
        {
            throw new TemplateFault($"statements are nested deeper than {Deepest}");
        }

        while (true)
        {
            var open = Next();
            Data(parts, open < 0 ? text.Length : open);
            if (open < 0)
            {
                (ending, rest, _depth) = ("", null!, _depth - 1);
                if (until.Count > 0)
                {
                    (_open, _end) = (from, text.IndexOf("%}", from, StringComparison.Ordinal) + 2);
                    throw new TemplateFault($"it has no {{% {until[^1]} %}}");
                }

                return parts;
            }

            (_open, _end, _at) = (open, 0, open + 2 + (text.AsSpan(open + 2).StartsWith("-") ? 1 : 0));
            if (text[open + 1] == '#')
            {
                Comment();
                continue;
            }

            HasPlaces = true;
            var terms = Inside(text[open + 1] == '{' ? "}}" : "%}");
            if (text[open + 1] == '{')
            {
                var term = terms.Term();
                terms.End();
                parts.Add(run => run.Write(TemplateText.Of(term(run))));
                continue;
            }

            var name = terms.Name("the statement's name");
            if (until.Contains(name, StringComparer.Ordinal))
            {
                (ending, rest, _depth) = (name, terms, _depth - 1);
                return parts;
            }

            parts.Add(Statement(name, terms));
        }
    }

    private TemplatePart Statement(string name, TemplateTerms terms) => name switch
    {
        "if" => If(terms),
        "for" => For(terms),
        "set" => Set(terms),
        "raw" or "verbatim" => Raw(name, terms),
        "else" or "elif" or "elseif" or "endif" or "endfor" or "endset" or "endraw" => throw new TemplateFault($"nothing is open that {name} belongs to"),
        _ => throw new TemplateFault(s_refused.TryGetValue(name, out var remedy) ? $"{name} is not run here; {remedy}" : $"there is no statement '{name}'; there are if, for, set and raw"),
    };

    private TemplatePart If(TemplateTerms terms)
    {
        var branches = new List<(TemplateTerm? Condition, List<TemplatePart> Body)>();
        var condition = Whole(terms);
        while (true)
        {
            var body = Body(condition is null ? ["endif"] : ["elif", "elseif", "else", "endif"], out var ending, out var rest);
            branches.Add((condition, body));
            if (ending == "endif")
            {
                rest.End();
                return run => branches.FirstOrDefault(branch => branch.Condition is null || TemplateValue.IsTrue(branch.Condition(run))).Body?.ForEach(part => part(run));
            }

            condition = ending == "else" ? null : Whole(rest);
            if (ending == "else")
            {
                rest.End();
            }
        }
    }

    private TemplatePart For(TemplateTerms terms)
    {
        var names = new List<string> { terms.Name("a name after 'for'") };
        while (terms.Take(","))
        {
            names.Add(terms.Name("a name after ','"));
        }

        if (!terms.TakeName("in"))
        {
            throw new TemplateFault("'in' is missing: {% for item in list %}");
        }

        var (among, otherwise) = (Whole(terms), new List<TemplatePart>());
        var body = Body(["else", "endfor"], out var ending, out var rest);
        rest.End();
        if (ending == "else")
        {
            otherwise = Body(["endfor"], out _, out rest);
            rest.End();
        }

        return run =>
        {
            var rounds = Rounds(among(run), names.Count);
            run.Enter();
            for (var i = 0; i < rounds.Count; i++)
            {
                run.Count();
                for (var name = 0; name < names.Count; name++)
                {
                    run.SetHere(names[name], name < rounds[i].Count ? rounds[i][name] : default);
                }

                run.SetHere("loop", Loop(i, rounds.Count));
                body.ForEach(part => part(run));
            }

            run.Leave();
            if (rounds.Count == 0)
            {
                otherwise.ForEach(part => part(run));
            }
        };
    }

    /// <summary>What the names stand for in each round. Several names take a list apart, or a group's name and value; one name goes through a list or a text.</summary>
    private static List<IReadOnlyList<JsonElement>> Rounds(JsonElement among, int names) => among.ValueKind switch
    {
        JsonValueKind.Array when names > 1 => [.. among.EnumerateArray().Select(item => (IReadOnlyList<JsonElement>)[.. Enumerable.Range(0, names).Select(i => TemplateValue.Member(item, TemplateValue.Of(i)))])],
        JsonValueKind.Array => [.. among.EnumerateArray().Select(static item => (IReadOnlyList<JsonElement>)[item])],
        JsonValueKind.Object when names == 2 => [.. among.EnumerateObject().Select(static member => (IReadOnlyList<JsonElement>)[TemplateValue.Of(member.Name), member.Value])],
        JsonValueKind.String when names == 1 => [.. among.GetString()!.Select(static c => (IReadOnlyList<JsonElement>)[TemplateValue.Of(c.ToString())])],
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.String => [],
    };

    private static JsonElement Loop(int at, int count) => TemplateValue.Group(
    [
        KeyValuePair.Create("index", TemplateValue.Of(at + 1)), KeyValuePair.Create("index0", TemplateValue.Of(at)), KeyValuePair.Create("revindex", TemplateValue.Of(count - at)),
        KeyValuePair.Create("revindex0", TemplateValue.Of(count - at - 1)), KeyValuePair.Create("first", TemplateValue.Of(at == 0)), KeyValuePair.Create("last", TemplateValue.Of(at == count - 1)),
        KeyValuePair.Create("length", TemplateValue.Of(count)),
    ]);

    private TemplatePart Set(TemplateTerms terms)
    {
        var names = new List<string> { terms.Name("a name after 'set'") };
        while (terms.Take(","))
        {
            names.Add(terms.Name("a name after ','"));
        }

        if (terms.Take("="))
        {
            var value = Whole(terms);
            return run =>
            {
                var made = value(run);
                names.ForEach(name => run.Set(name, made));
            };
        }

        terms.End();
        var body = Body(["endset"], out _, out var rest);
        rest.End();
        return run =>
        {
            var made = TemplateValue.Of(run.Written(() => body.ForEach(part => part(run))));
            names.ForEach(name => run.Set(name, made));
        };
    }

    private TemplatePart Raw(string name, TemplateTerms terms)
    {
        terms.End();
        for (var (from, depth) = (_at, 1); ;)
        {
            var open = text.IndexOf("{%", from, StringComparison.Ordinal);
            if (open < 0)
            {
                throw new TemplateFault($"it has no {{% end{name} %}}");
            }

            var inner = text.AsSpan(open + 2).TrimStart('-').TrimStart();
            depth += inner.StartsWith($"end{name}") ? -1 : inner.StartsWith(name) ? 1 : 0;
            from = open + 2;
            if (depth == 0)
            {
                var written = text[_at..open];
                (_open, _at, _trims) = (open, open + 2, false);
                if (text.AsSpan(open + 2).StartsWith("-"))
                {
                    _at++;
                    written = written.TrimEnd();
                }

                _ = Inside("%}");
                return run => run.Write(written);
            }
        }
    }

    private void Comment()
    {
        var end = text.IndexOf("#}", _open + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateFault("it is not closed by '#}'");
        }

        (_at, _trims) = (end + 2, text[end - 1] == '-' && end - 1 > _open + 1);
    }

    /// <summary>What stands from here to the closing braces, which are taken.</summary>
    private TemplateTerms Inside(string closing)
    {
        var tokens = TemplateTokens.Read(text, _at, closing);
        _trims = tokens[^1].Text.Length > closing.Length;
        _end = _at = tokens[^1].At + tokens[^1].Text.Length;
        return new TemplateTerms(tokens, environment);
    }

    private static TemplateTerm Whole(TemplateTerms terms)
    {
        var term = terms.Term();
        terms.End();
        return term;
    }

    private void Data(List<TemplatePart> parts, int end)
    {
        var data = text[_at..end];
        data = _trims ? data.TrimStart() : data;
        data = end + 2 < text.Length && text[end + 2] == '-' ? data.TrimEnd() : data;
        if (data.Length > 0)
        {
            parts.Add(run => run.Write(data));
        }

        _trims = false;
    }

    private int Next()
    {
        for (var i = text.IndexOf('{', _at); i >= 0 && i + 1 < text.Length; i = text.IndexOf('{', i + 1))
        {
            if (text[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }
}
