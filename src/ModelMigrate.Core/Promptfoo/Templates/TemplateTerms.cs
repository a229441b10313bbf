using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>
/// Reads expressions out of the signs within braces, with Nunjucks's order of operators: <c>if else</c>, or, and, not, in, is, comparisons, <c>~</c>, +, −, *, /, //, %, **, filters.
/// Functions are not called, but for <c>range</c>. Owned by one reading.
/// </summary>
internal sealed class TemplateTerms(IReadOnlyList<TemplateToken> tokens, Func<string, string?> environment)
{
    private const int Deepest = 64;

    private static readonly string[] s_comparisons = ["==", "===", "!=", "!==", "<", ">", "<=", ">="];

    private int _at;
    private int _depth;

    public TemplateToken Next => tokens[_at];

    public bool IsAtEnd => Next.Kind == TemplateTokenKind.End;

    public TemplateTerm Term()
    {
        if (++_depth > Deepest)
        {
            throw new TemplateFault($"it is nested deeper than {Deepest}");
        }

        var term = Or();
        if (TakeName("if"))
        {
            var (condition, otherwise) = (Or(), TakeName("else") ? Or() : static _ => TemplateValue.Of(""));
            var then = term;
            term = run => TemplateValue.IsTrue(condition(run)) ? then(run) : otherwise(run);
        }

        _depth--;
        return term;
    }

    public string Name(string what)
    {
        if (Next.Kind != TemplateTokenKind.Name)
        {
            throw new TemplateFault($"{what} is missing");
        }

        return tokens[_at++].Text;
    }

    public bool TakeName(string name)
    {
        var taken = Next.IsName(name);
        _at += taken ? 1 : 0;
        return taken;
    }

    public bool Take(string sign)
    {
        var taken = Next.IsSign(sign);
        _at += taken ? 1 : 0;
        return taken;
    }

    public void End()
    {
        if (!IsAtEnd)
        {
            throw new TemplateFault($"'{Next.Text}' is more than an expression");
        }
    }

    private TemplateTerm Or() => Chain(And, () => TakeName("or"), static (a, b) => run => a(run) is var value && TemplateValue.IsTrue(value) ? value : b(run));

    private TemplateTerm And() => Chain(Not, () => TakeName("and"), static (a, b) => run => a(run) is var value && TemplateValue.IsTrue(value) ? b(run) : value);

    private TemplateTerm Not()
    {
        if (!TakeName("not"))
        {
            return In();
        }

        var term = Deeper(Not);
        return run => TemplateValue.Of(!TemplateValue.IsTrue(term(run)));
    }

    private TemplateTerm In()
    {
        var term = Is();
        while (Next.IsName("in") || (Next.IsName("not") && tokens[_at + 1].IsName("in")))
        {
            var (isNot, item) = (TakeName("not"), term);
            _at++;
            var among = Is();
            term = run => TemplateValue.Of(TemplateValue.IsIn(item(run), among(run)) != isNot);
        }

        return term;
    }

    private TemplateTerm Is()
    {
        var term = Comparison();
        if (!TakeName("is"))
        {
            return term;
        }

        var (isNot, name) = (TakeName("not"), Name("the test's name after 'is'"));
        var test = TemplateTests.Find(name) ?? throw new TemplateFault($"there is no test '{name}' here; there are {string.Join(", ", TemplateTests.Names)}");
        var other = Take("(") ? Closed(Term) : static _ => default;
        return run => TemplateValue.Of(test(term(run), other(run)) != isNot);
    }

    private TemplateTerm Comparison()
    {
        var term = Text();
        while (s_comparisons.FirstOrDefault(Take) is { } sign)
        {
            var (a, b) = (term, Text());
            term = sign switch
            {
                "==" => run => TemplateValue.Of(TemplateValue.Equal(a(run), b(run))),
                "===" => run => TemplateValue.Of(TemplateValue.Same(a(run), b(run))),
                "!=" => run => TemplateValue.Of(!TemplateValue.Equal(a(run), b(run))),
                "!==" => run => TemplateValue.Of(!TemplateValue.Same(a(run), b(run))),
                "<" => run => TemplateValue.Of(TemplateValue.Compare(a(run), b(run)) < 0),
                ">" => run => TemplateValue.Of(TemplateValue.Compare(a(run), b(run)) > 0),
                "<=" => run => TemplateValue.Of(TemplateValue.Compare(a(run), b(run)) <= 0),
                _ => run => TemplateValue.Of(TemplateValue.Compare(a(run), b(run)) >= 0),
            };
        }

        return term;
    }

    private TemplateTerm Text() => Chain(Sum, () => Take("~"), static (a, b) => run => TemplateValue.Of(TemplateValue.Word(a(run)) + TemplateValue.Word(b(run))));

    private TemplateTerm Sum() => Chain(Difference, () => Take("+"), static (a, b) => run => TemplateValue.Add(a(run), b(run)));

    private TemplateTerm Difference() => Numbers(Product, "-", static (a, b) => a - b);

    private TemplateTerm Product() => Numbers(Quotient, "*", static (a, b) => a * b);

    private TemplateTerm Quotient() => Numbers(Whole, "/", static (a, b) => a / b);

    private TemplateTerm Whole() => Numbers(Remainder, "//", static (a, b) => Math.Floor(a / b));

    private TemplateTerm Remainder() => Numbers(Power, "%", static (a, b) => a % b);

    private TemplateTerm Power() => Numbers(() => Signed(filters: true), "**", Math.Pow);

    private TemplateTerm Signed(bool filters)
    {
        var isNegative = Take("-");
        if (isNegative || Take("+"))
        {
            var number = Deeper(() => Signed(filters: false));
            TemplateTerm signed = run => TemplateValue.Of(TemplateValue.Number(number(run)) * (isNegative ? -1 : 1));
            return filters ? Filtered(signed) : signed;
        }

        return filters ? Filtered(Primary()) : Primary();
    }

    private TemplateTerm Filtered(TemplateTerm term)
    {
        while (Take("|"))
        {
            var name = Name("a filter's name after '|'");
            var filter = TemplateFilter.Find(name) ?? throw new TemplateFault($"there is no filter '{name}' here; there are {string.Join(", ", TemplateFilter.All.Select(static each => each.Name))}");
            var (value, arguments) = (term, Take("(") ? Arguments(filter) : []);
            if (arguments.Length > filter.Most || arguments.Length < filter.Least)
            {
                throw new TemplateFault($"the filter {name} takes {(filter.Least == filter.Most ? filter.Most : $"{filter.Least} to {filter.Most}")} values in brackets, for example {filter.Example}");
            }

            term = run => filter.Apply(value(run), [.. arguments.Select(argument => argument(run))]);
        }

        return term;
    }

    private TemplateTerm[] Arguments(TemplateFilter filter)
    {
        var arguments = new List<TemplateTerm>();
        while (!Take(")"))
        {
            if (arguments.Count > 0 && !Take(","))
            {
                throw new TemplateFault($"'{Next.Text}' stands where ',' or ')' should");
            }

            if (Next.Kind == TemplateTokenKind.Name && tokens[_at + 1].IsSign("="))
            {
                var name = Name("");
                var place = filter.Named.ToList().IndexOf(name);
                if (place < 0)
                {
                    throw new TemplateFault($"the filter {filter.Name} has no '{name}=', for example {filter.Example}");
                }

                _at++;
                while (arguments.Count <= place)
                {
                    arguments.Add(static _ => default);
                }

                arguments[place] = Term();
            }
            else
            {
                arguments.Add(Term());
            }
        }

        return [.. arguments];
    }

    private TemplateTerm Primary()
    {
        var token = tokens[_at++];
        TemplateTerm term = token switch
        {
            { Kind: TemplateTokenKind.Constant, Value: var constant } => _ => constant,
            { Kind: TemplateTokenKind.Name, Text: "true" } => static _ => TemplateValue.Of(true),
            { Kind: TemplateTokenKind.Name, Text: "false" } => static _ => TemplateValue.Of(false),
            { Kind: TemplateTokenKind.Name, Text: "none" or "null" } => static _ => TemplateValue.Null,
            { Kind: TemplateTokenKind.Name, Text: "env" } when Variable() is { } variable => _ => variable,
            { Kind: TemplateTokenKind.Name, Text: "range" } when Take("(") => Range(),
            { Kind: TemplateTokenKind.Name, Text: var name } => run => run.Find(name),
            _ when token.IsSign("(") => Closed(Term),
            _ when token.IsSign("[") => List(),
            _ when token.IsSign("{") => Group(),
            _ => throw new TemplateFault(token.Kind == TemplateTokenKind.End ? "a variable's name is missing" : $"'{token.Text}' stands where a variable's name should"),
        };

        while (true)
        {
            var of = term;
            if (Take("."))
            {
                var key = TemplateValue.Of(Next.Kind == TemplateTokenKind.Constant ? tokens[_at++].Text : Name("the part's name after '.'"));
                term = run => TemplateValue.Member(of(run), key);
            }
            else if (Take("["))
            {
                var key = Closed(Term, "]");
                term = run => TemplateValue.Member(of(run), key(run));
            }
            else
            {
                return Next.IsSign("(") ? throw new TemplateFault($"functions such as '{token.Text}' are not called; use a filter, such as {token.Text} | upper") : term;
            }
        }
    }

    /// <summary>A variable of the environment is read once, with the template.</summary>
    private JsonElement? Variable()
    {
        if (Next.IsSign(".") && tokens[_at + 1].Kind == TemplateTokenKind.Name)
        {
            _at += 2;
            return TemplateValue.Of(environment(tokens[_at - 1].Text) ?? "");
        }

        if (Next.IsSign("[") && tokens[_at + 1] is { Kind: TemplateTokenKind.Constant } name && tokens[_at + 2].IsSign("]"))
        {
            _at += 3;
            return TemplateValue.Of(environment(TemplateText.Of(name.Value)) ?? "");
        }

        return null;
    }

    private TemplateTerm List()
    {
        var items = Items("]");
        return run => TemplateValue.List(items.Select(item => item(run)));
    }

    private TemplateTerm Group()
    {
        var members = new List<(string Name, TemplateTerm Value)>();
        while (!Take("}"))
        {
            if (members.Count > 0 && !Take(","))
            {
                throw new TemplateFault($"'{Next.Text}' stands where ',' or '}}' should");
            }

            var name = Next.Kind == TemplateTokenKind.Constant ? TemplateText.Of(tokens[_at++].Value) : Name("a key");
            members.Add(Take(":") ? (name, Term()) : throw new TemplateFault("':' is missing after a key"));
        }

        return run => TemplateValue.Group(members.Select(member => KeyValuePair.Create(member.Name, member.Value(run))));
    }

    private TemplateTerm Range()
    {
        var bounds = Items(")");
        return bounds.Count is 0 or > 3 ? throw new TemplateFault("range takes one to three numbers, for example range(3)") : run =>
        {
            var numbers = bounds.Select(bound => TemplateValue.Number(bound(run))).ToList();
            var (from, to, step) = numbers.Count == 1 ? (0, numbers[0], 1) : (numbers[0], numbers[1], numbers.Count > 2 && numbers[2] != 0 ? numbers[2] : 1);
            var items = new List<JsonElement>();
            for (var i = from; step > 0 ? i < to : i > to; i += step)
            {
                run.Count();
                items.Add(TemplateValue.Of(i));
            }

            return TemplateValue.List(items);
        };
    }

    private List<TemplateTerm> Items(string closing)
    {
        var items = new List<TemplateTerm>();
        while (!Take(closing))
        {
            items.Add(items.Count == 0 || Take(",") ? Term() : throw new TemplateFault($"'{Next.Text}' stands where ',' or '{closing}' should"));
        }

        return items;
    }

    private TemplateTerm Closed(Func<TemplateTerm> read, string closing = ")")
    {
        var term = read();
        return Take(closing) ? term : throw new TemplateFault($"'{Next.Text}' stands where '{closing}' should");
    }

    private TemplateTerm Deeper(Func<TemplateTerm> read)
    {
        if (++_depth > Deepest)
        {
            throw new TemplateFault($"it is nested deeper than {Deepest}");
        }

        var term = read();
        _depth--;
        return term;
    }

    private static TemplateTerm Chain(Func<TemplateTerm> part, Func<bool> goesOn, Func<TemplateTerm, TemplateTerm, TemplateTerm> join)
    {
        var term = part();
        while (goesOn())
        {
            term = join(term, part());
        }

        return term;
    }

    private TemplateTerm Numbers(Func<TemplateTerm> part, string sign, Func<double, double, double> calculate) =>
        Chain(part, () => Take(sign), (a, b) => run => TemplateValue.Of(calculate(TemplateValue.Number(a(run)), TemplateValue.Number(b(run)))));
}
