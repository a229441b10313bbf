using System.Globalization;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>Reads words into what computes their value, by JavaScript's precedence. Refuses with a <see cref="ScriptFault"/>.</summary>
/// <param name="tokens">The words.</param>
/// <param name="names">What the scope knows beside the usual names.</param>
internal sealed class ScriptParser(List<ScriptToken> tokens, IReadOnlyList<string> names)
{
    private const int Deepest = 40;

    private static readonly string[][] s_levels = [["??"], ["||"], ["&&"], ["===", "!==", "==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];

    private int _at;
    private int _depth;

    private ScriptToken Next => tokens[_at];

    public Func<ScriptScope, object?> Whole()
    {
        var value = Choice();
        return Next.Kind == 'e' ? value : throw Unknown();
    }

    private Func<ScriptScope, object?> Choice()
    {
        if (++_depth > Deepest)
        {
            throw new ScriptFault("it is nested too deep");
        }

        var test = Binary(0);
        _depth--;
        if (!Take("?"))
        {
            return test;
        }

        var yes = Choice();
        Expect(":");
        var no = Choice();
        return scope => ScriptValue.IsTrue(test(scope)) ? yes(scope) : no(scope);
    }

    private Func<ScriptScope, object?> Binary(int level)
    {
        if (level == s_levels.Length)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        while (Next.Kind == 'o' && s_levels[level].Contains(Next.Text, StringComparer.Ordinal))
        {
            var (sign, first) = (tokens[_at++].Text, left);
            var second = Binary(level + 1);
            left = sign switch
            {
                "&&" => scope => first(scope) is var value && ScriptValue.IsTrue(value) ? second(scope) : value,
                "||" => scope => first(scope) is var value && ScriptValue.IsTrue(value) ? value : second(scope),
                "??" => scope => first(scope) is { } value and not ScriptValue.Nothing ? value : second(scope),
                _ => scope => ScriptValue.Combine(sign, first(scope), second(scope)),
            };
        }

        return left;
    }

    private Func<ScriptScope, object?> Unary()
    {
        if (Take("!"))
        {
            var value = Unary();
            return scope => !ScriptValue.IsTrue(value(scope));
        }

        if (Take("-"))
        {
            var value = Unary();
            return scope => -ScriptValue.Number(value(scope));
        }

        return Member(Primary());
    }

    private Func<ScriptScope, object?> Member(Func<ScriptScope, object?> value)
    {
        while (true)
        {
            var of = value;
            if (Take("."))
            {
                var name = Name();
                if (Take("("))
                {
                    var arguments = List(")");
                    if (!ScriptMethods.Exists(name))
                    {
                        throw new ScriptFault($"'.{name}(…)' is not known here; there are {ScriptMethods.Names}");
                    }

                    value = scope => ScriptMethods.Call(of(scope), name, [.. arguments.Select(argument => argument(scope))]);
                }
                else
                {
                    value = scope => ScriptValue.Member(of(scope), name);
                }
            }
            else if (Take("["))
            {
                var index = Choice();
                Expect("]");
                value = scope => ScriptValue.Member(of(scope), ScriptValue.Text(index(scope)));
            }
            else
            {
                return value;
            }
        }
    }

    private Func<ScriptScope, object?> Primary()
    {
        var token = tokens[_at];
        _at++;
        switch (token.Kind)
        {
            case 'n' when double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return _ => number;
            case 's':
                return _ => token.Text;
            case 'r':
                var pattern = ScriptPattern.Of(token.Text, token.Flags);
                return _ => pattern;
            case 'o' when token.Text == "(":
                var inner = Choice();
                Expect(")");
                return inner;
            case 'o' when token.Text == "[":
                var items = List("]");
                return scope => items.Select(item => item(scope)).ToList();
            case 'i':
                return Named(token.Text);
            default:
                _at--;
                throw Unknown();
        }
    }

    private Func<ScriptScope, object?> Named(string name)
    {
        switch (name)
        {
            case "output" when names.Count == 0:
                return scope => scope.Output;
            case "true" or "false":
                return _ => name == "true";
            case "null":
                return _ => null;
            case "undefined":
                return _ => ScriptValue.Nothing.Only;
            case "context":
                Expect(".");
                if (Name() != "vars")
                {
                    throw new ScriptFault("of context only 'context.vars' is known here");
                }

                return scope => scope.Vars;
            case "JSON" or "Math" or "Number" or "String" or "Boolean" or "parseInt" or "parseFloat":
                var function = name is "JSON" or "Math" ? Take(".") ? $"{name}.{Name()}" : throw Unknown() : name;
                Expect("(");
                var arguments = List(")");
                if (!ScriptMethods.Functions.Contains(function))
                {
                    throw new ScriptFault($"'{function}' is not known here");
                }

                return scope => ScriptMethods.Call(function, [.. arguments.Select(argument => argument(scope))]);
            case var given when names.Contains(given, StringComparer.Ordinal):
                return scope => scope.Names[given];
            default:
                throw new ScriptFault($"'{name}' is not known here; the names are {(names.Count > 0 ? string.Join(", ", names) : "output")}, context.vars, JSON, Math, Number, String and Boolean");
        }
    }

    private List<Func<ScriptScope, object?>> List(string end)
    {
        var items = new List<Func<ScriptScope, object?>>();
        while (!Take(end))
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            items.Add(Choice());
        }

        return items;
    }

    private string Name() => Next.Kind == 'i' ? tokens[_at++].Text : throw Unknown();

    private bool Take(string sign)
    {
        var taken = Next.Kind == 'o' && Next.Text == sign;
        _at += taken ? 1 : 0;
        return taken;
    }

    private void Expect(string sign)
    {
        if (!Take(sign))
        {
            throw new ScriptFault($"'{sign}' is missing before {(Next.Kind == 'e' ? "the end" : $"'{Next.Text}'")}");
        }
    }

    private ScriptFault Unknown() => new(Next.Kind == 'e' ? "it ends too early" : $"'{Next.Text}' is no part of a pure comparison");
}
