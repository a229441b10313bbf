using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Deriving;

/// <summary>
/// Arithmetic over names as mathjs writes it, which promptfoo evaluates: + − * / %, <c>^</c> to the right and before a sign, comparisons that are 1 or 0, <c>? :</c>, and functions of a table. Read once.
/// </summary>
internal sealed partial class ScoreFormula
{
    private const int Deepest = 64;

    private static readonly FrozenDictionary<string, Func<double[], double>> s_functions = new Dictionary<string, Func<double[], double>>(StringComparer.Ordinal)
    {
        ["abs"] = static x => Math.Abs(x[0]), ["sqrt"] = static x => Math.Sqrt(x[0]), ["cbrt"] = static x => Math.Cbrt(x[0]), ["exp"] = static x => Math.Exp(x[0]), ["log10"] = static x => Math.Log10(x[0]),
        ["log2"] = static x => Math.Log2(x[0]), ["floor"] = static x => Math.Floor(x[0]), ["ceil"] = static x => Math.Ceiling(x[0]), ["sign"] = static x => double.IsNaN(x[0]) ? x[0] : Math.Sign(x[0]),
        ["log"] = static x => x.Length > 1 ? Math.Log(x[0]) / Math.Log(x[1]) : Math.Log(x[0]), ["pow"] = static x => x.Length > 1 ? Math.Pow(x[0], x[1]) : double.NaN,
        ["round"] = static x => x.Length > 1 ? Math.Round(x[0], Math.Clamp((int)x[1], 0, 15), MidpointRounding.AwayFromZero) : Math.Round(x[0], MidpointRounding.AwayFromZero),
        ["min"] = static x => x.Min(), ["max"] = static x => x.Max(), ["sum"] = static x => x.Sum(), ["mean"] = static x => x.Average(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly List<(string Kind, string Text)> _tokens;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Term _value;
    private int _at;
    private int _depth;

    /// <summary>A part of a formula that was read: its value for these scores.</summary>
    private delegate double Term(IReadOnlyDictionary<string, double> scores);

    /// <exception cref="FormatException">What of it is not understood.</exception>
    private ScoreFormula(List<(string Kind, string Text)> tokens)
    {
        _tokens = tokens;
        _value = Choice();
        if (Next.Kind != "end")
        {
            throw Unknown();
        }
    }

    /// <summary>Scores that it reads.</summary>
    public IReadOnlyCollection<string> Names => _names;

    private (string Kind, string Text) Next => _tokens[_at];

    /// <summary>The formula; or null and why it is none.</summary>
    public static ScoreFormula? TryParse(string text, out string wrong)
    {
        var tokens = new List<(string, string)>();
        for (var at = 0; at < text.TrimEnd().Length;)
        {
            var match = Token().Match(text, at);
            if (!match.Success)
            {
                wrong = $"'{text[at..].TrimStart()[..1]}' is not known in a formula";
                return null;
            }

            var group = match.Groups.Values.Skip(1).First(static each => each.Success);
            tokens.Add((group.Name, group.Value));
            at = match.Index + match.Length;
        }

        tokens.Add(("end", "the end"));
        try
        {
            wrong = "";
            return new ScoreFormula(tokens);
        }
        catch (FormatException fault)
        {
            wrong = fault.Message;
            return null;
        }
    }

    /// <summary>Its value; not finite where nothing comes of it. Each of <see cref="Names"/> is among the scores.</summary>
    public double Evaluate(IReadOnlyDictionary<string, double> scores) => _value(scores);

    private Term Choice()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException("it is nested too deep");
        }

        var test = Comparison();
        if (Take("?"))
        {
            var yes = Choice();
            Expect(":");
            var (no, condition) = (Choice(), test);
            test = scores => condition(scores) is not 0 ? yes(scores) : no(scores);
        }

        _depth--;
        return test;
    }

    private Term Comparison() => Chain(["<=", ">=", "==", "!=", "<", ">"], Sum, static (sign, a, b) => sign switch
    {
        "<" => a < b, ">" => a > b, "<=" => a <= b, ">=" => a >= b, "==" => a == b, _ => a != b,
    } ? 1 : 0);

    private Term Sum() => Chain(["+", "-"], Product, static (sign, a, b) => sign == "+" ? a + b : a - b);

    /// <summary>What is left of a division has the divisor's sign, as in mathjs.</summary>
    private Term Product() => Chain(["*", "/", "%"], Signed, static (sign, a, b) => sign switch { "*" => a * b, "/" => a / b, _ => a - (b * Math.Floor(a / b)) });

    private Term Signed()
    {
        var isNegative = Take("-");
        if (!isNegative && !Take("+"))
        {
            return Power();
        }

        if (++_depth > Deepest)
        {
            throw new FormatException("it is nested too deep");
        }

        var value = Signed();
        _depth--;
        return isNegative ? scores => -value(scores) : value;
    }

    private Term Power()
    {
        var power = Value();
        if (!Take("^"))
        {
            return power;
        }

        var exponent = Signed();
        return scores => Math.Pow(power(scores), exponent(scores));
    }

    private Term Value()
    {
        var (kind, text) = _tokens[_at];
        _at += kind == "end" ? 0 : 1;
        switch (kind)
        {
            case "number":
                var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                return _ => number;
            case "name" when Take("("):
                return Call(text);
            case "name":
                _names.Add(text);
                return scores => scores[text];
            case "sign" when text == "(":
                var inner = Choice();
                Expect(")");
                return inner;
            default:
                _at -= kind == "end" ? 0 : 1;
                throw Unknown();
        }
    }

    private Term Call(string name)
    {
        if (!s_functions.TryGetValue(name, out var function))
        {
            throw new FormatException($"there is no function '{name}' here; there are {string.Join(", ", s_functions.Keys.Order(StringComparer.Ordinal))}");
        }

        var arguments = new List<Term> { Choice() };
        while (Take(","))
        {
            arguments.Add(Choice());
        }

        Expect(")");
        return scores => function([.. arguments.Select(argument => argument(scores))]);
    }

    private Term Chain(string[] signs, Func<Term> part, Func<string, double, double, double> calculate)
    {
        var value = part();
        while (Next.Kind == "sign" && signs.Contains(Next.Text, StringComparer.Ordinal))
        {
            var (sign, left) = (_tokens[_at++].Text, value);
            var right = part();
            value = scores => calculate(sign, left(scores), right(scores));
        }

        return value;
    }

    private bool Take(string sign)
    {
        var taken = Next is ("sign", var text) && text == sign;
        _at += taken ? 1 : 0;
        return taken;
    }

    private void Expect(string sign)
    {
        if (!Take(sign))
        {
            throw new FormatException($"{(Next.Kind == "end" ? "the end" : $"'{Next.Text}'")} stands where '{sign}' should");
        }
    }

    private FormatException Unknown() => new(Next.Kind == "end" ? "it ends where a name or a number should stand" : $"'{Next.Text}' stands where it should not");

    [GeneratedRegex(@"\G\s*(?:(?<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign><=|>=|==|!=|[-+*/%^()<>?:,]))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
