using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>One document against one schema: where it is, what it has seen, and what is wrong so far. One owner, used once.</summary>
internal sealed class Evaluation(bool tracks)
{
    /// <summary>More errors of one document are not noted.</summary>
    public const int MostErrors = 32;

    /// <summary>Schemas within schemas; a valid document of 64 levels stays far below.</summary>
    private const int MostDepth = 400;

    private readonly List<SchemaError> _errors = [];
    private readonly List<(string? Name, int Index)> _path = [];
    private readonly List<SchemaResource> _scope = [];
    private int _silent;
    private int _depth;

    public IReadOnlyList<SchemaError> Errors => _errors;

    /// <summary>What was seen at the place where it is; null when no schema asks.</summary>
    public Seen? Seen { get; private set; }

    /// <summary>The resources entered on the way here, the outermost first.</summary>
    public IReadOnlyList<SchemaResource> Scope => _scope;

    /// <summary>Applies a schema to the place where it is. What it sees counts here when it holds.</summary>
    public bool InPlace(SchemaNode node, JsonElement instance)
    {
        var outer = Seen;
        Seen = tracks ? new Seen() : null;
        var holds = Run(node, instance);
        if (holds && outer is not null)
        {
            outer.Add(Seen!);
        }

        Seen = outer;
        return holds;
    }

    /// <summary>Applies a schema to a member.</summary>
    public bool Member(SchemaNode node, string name, JsonElement value) => Within(node, (name, 0), value);

    /// <summary>Applies a schema to an item.</summary>
    public bool Item(SchemaNode node, int index, JsonElement value) => Within(node, (null, index), value);

    /// <summary>Asks without noting what is wrong.</summary>
    public bool Quietly(Func<bool> ask)
    {
        _silent++;
        var holds = ask();
        _silent--;
        return holds;
    }

    /// <summary>Asks whether a schema holds at the place where it is, and if not, what is wrong first; null when nobody would hear of it.</summary>
    public bool Ask(SchemaNode node, JsonElement instance, out string? why)
    {
        var before = _errors.Count;
        var holds = InPlace(node, instance);
        why = _errors.Count > before ? _errors[before].Message : null;
        _errors.RemoveRange(before, _errors.Count - before);
        return holds;
    }

    /// <summary>Notes what is wrong with the place where it is; answers false.</summary>
    public bool Fail(SchemaNode node, string keyword, string message)
    {
        if (_silent == 0 && _errors.Count < MostErrors)
        {
            _errors.Add(new SchemaError(Pointer(), node.Location + (keyword.Length == 0 ? "" : $"/{keyword}"), message));
        }

        return false;
    }

    private bool Within(SchemaNode node, (string? Name, int Index) step, JsonElement value)
    {
        _path.Add(step);
        var outer = Seen;
        Seen = tracks ? new Seen() : null;
        var holds = Run(node, value);
        Seen = outer;
        _path.RemoveAt(_path.Count - 1);
        return holds;
    }

    private bool Run(SchemaNode node, JsonElement instance)
    {
        if (node.IsNever)
        {
            return Fail(node, "", "is not allowed here");
        }

        if (++_depth > MostDepth)
        {
            _depth--;
            return Fail(node, "", $"needs more than {MostDepth} schemas within each other");
        }

        var enters = _scope.Count == 0 || _scope[^1] != node.Resource;
        if (enters)
        {
            _scope.Add(node.Resource);
        }

        var holds = true;
        foreach (var keyword in node.Keywords)
        {
            holds &= keyword.Check(instance, this);
            if (!holds && _silent > 0)
            {
                break;
            }
        }

        if (enters)
        {
            _scope.RemoveAt(_scope.Count - 1);
        }

        _depth--;
        return holds;
    }

    private string Pointer()
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            text.Append('/').Append(name is null ? index.ToString(CultureInfo.InvariantCulture) : JsonPointer.Escape(name));
        }

        return text.ToString();
    }
}
