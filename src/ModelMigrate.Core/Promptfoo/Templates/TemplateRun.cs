using System.Text;
using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>One rendering: what is written so far, and the names that the template itself sets. Owned by it.</summary>
internal sealed class TemplateRun(IReadOnlyDictionary<string, JsonElement> vars)
{
    /// <summary>Of all loops together; more are a mistake in a list.</summary>
    private const int MostRounds = 100_000;

    private readonly List<Dictionary<string, JsonElement>> _frames = [new(StringComparer.Ordinal)];
    private StringBuilder _to = new();
    private int _rounds;

    public string Text => _to.ToString();

    public void Write(string text)
    {
        if (_to.Length + text.Length > TemplateValue.Longest)
        {
            throw new TemplateFault($"the text is longer than {TemplateValue.Longest >> 20} million characters");
        }

        _to.Append(text);
    }

    /// <summary>What a part of the template writes, apart from the rest.</summary>
    public string Written(Action write)
    {
        var (outer, own) = (_to, new StringBuilder());
        _to = own;
        try
        {
            write();
        }
        finally
        {
            _to = outer;
        }

        return own.ToString();
    }

    public JsonElement Find(string name)
    {
        for (var i = _frames.Count - 1; i >= 0; i--)
        {
            if (_frames[i].TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Undefined)
            {
                return value;
            }
        }

        return vars.GetValueOrDefault(name);
    }

    /// <summary>As Nunjucks does: a name that was set further out is set there, another one here.</summary>
    public void Set(string name, JsonElement value) => (_frames.FindLast(frame => frame.ContainsKey(name)) ?? _frames[^1])[name] = value;

    /// <summary>Names of this loop alone.</summary>
    public void SetHere(string name, JsonElement value) => _frames[^1][name] = value;

    public void Enter() => _frames.Add(new Dictionary<string, JsonElement>(StringComparer.Ordinal));

    public void Leave() => _frames.RemoveAt(_frames.Count - 1);

    public void Count()
    {
        if (++_rounds > MostRounds)
        {
            throw new TemplateFault($"the loops go round more than {MostRounds} times");
        }
    }
}
