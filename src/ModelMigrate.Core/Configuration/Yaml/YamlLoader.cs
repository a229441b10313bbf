using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Reads one YAML document into nodes that know their place. Total: every text gives a tree or a reason.</summary>
internal sealed class YamlLoader
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;

    private readonly Parser _parser;
    private readonly List<YamlFault> _faults;
    private readonly YamlAnchors? _anchors;
    private int _nodes;

    private YamlLoader(string text, List<YamlFault> faults, bool followsAliases)
    {
        _parser = new Parser(new StringReader(text));
        _faults = faults;
        _anchors = followsAliases ? new YamlAnchors() : null;
    }

    /// <summary>
    /// The document's root, or null when it is empty or <paramref name="faults"/> says why there is none. Aliases and <c>&lt;&lt;</c> are followed only when asked for,
    /// and count as the values that they stand for.
    /// </summary>
    public static YamlNode? Load(string text, List<YamlFault> faults, bool followsAliases = false)
    {
        text = YamlText.Normalize(text, faults);
        if (faults.Count > 0)
        {
            return null;
        }

        var loader = new YamlLoader(text, faults, followsAliases);
        try
        {
            return loader.ReadDocument();
        }
        catch (YamlException e)
        {
            faults.AddRange(YamlSyntax.Explain(text, e.Message, (int)Math.Clamp(e.Start.Index, 0, text.Length)));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser has inputs that it does not expect itself; it was just past its last event.
            faults.AddRange(YamlSyntax.Explain(text, "unexpected characters", (int)Math.Clamp(loader._parser.Current?.End.Index ?? 0, 0, text.Length)));
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        if (ReadNode(0) is not { } root)
        {
            return null;
        }

        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            Refuse(second.Start, "yaml-documents", "A second document begins here.", "Keep one document in the file: remove the line '---'.");
        }

        return _faults.Count > 0 ? null : root;
    }

    // Null means refused: the tree is abandoned, because what follows would be read at the wrong depth.
    private YamlNode? ReadNode(int depth)
    {
        var current = _parser.Current!;
        if (depth > MaxDepth)
        {
            return Refuse(current.Start, "yaml-depth", $"The nesting is deeper than {MaxDepth} levels.", "No setting is nested that deep; remove the extra levels.");
        }

        if (++_nodes > MaxNodes)
        {
            return Refuse(current.Start, "yaml-size", $"The file has more than {MaxNodes} values.", "A configuration has a few hundred; name the right file.");
        }

        if (_anchors is not null && current is AnchorAlias)
        {
            return ReadAlias(_parser.Consume<AnchorAlias>(), depth);
        }

        var anchor = current is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : null;
        if (current is AnchorAlias || (anchor is not null && _anchors is null))
        {
            return Refuse(current.Start, "yaml-alias", "Anchors (&) and aliases (*) are not read.", "Write the value out; quote it if it begins with & or *.");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            return Refuse(current.Start, "yaml-tag", "Tags (!) are not read.", "Remove the tag; quote the value if it begins with !.");
        }

        var before = _nodes;
        YamlNode? node = current switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            _ => ReadMapping(depth),
        };
        if (anchor is not null && node is not null)
        {
            _anchors!.Add(anchor, node, 1 + _nodes - before);
        }

        return node;
    }

    private YamlNode? ReadAlias(AnchorAlias alias, int depth)
    {
        if (_anchors!.Find(alias.Value.Value) is not var (node, size, height))
        {
            return Refuse(alias.Start, "yaml-alias", $"No anchor '&{alias.Value.Value}' stands before this.", "Write the value out, or the anchor before it.");
        }

        _nodes += size;
        return _nodes > MaxNodes ? Refuse(alias.Start, "yaml-size", $"With its aliases written out the file has more than {MaxNodes} values.", "Write what is needed of them.")
            : depth + height > MaxDepth ? Refuse(alias.Start, "yaml-depth", $"With its aliases written out the nesting is deeper than {MaxDepth} levels.", "Remove the extra levels.")
            : node;
    }

    private YamlScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new(scalar.Value, scalar.Style == ScalarStyle.Plain, Place(scalar.Start), Place(scalar.End));
    }

    private YamlSequence? ReadSequence(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        SequenceEnd end;
        while (!_parser.TryConsume(out end!))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        var isFlow = start.Style == SequenceStyle.Flow;
        return new(items, isFlow, Place(start.Start), isFlow || items.Count == 0 ? Place(end.End) : items[^1].End);
    }

    private YamlMapping? ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        MappingEnd end;
        while (!_parser.TryConsume(out end!))
        {
            if (ReadNode(depth + 1) is not { } key)
            {
                return null;
            }

            if (key is not YamlScalar name)
            {
                Refuse(key.Start, "yaml-key", $"A key must be a name, not {key.Kind}.", "Write 'name: value'.");
                return null;
            }

            if (ReadNode(depth + 1) is not { } value)
            {
                return null;
            }

            entries.Add(new(name, value));
        }

        entries = _anchors is null ? entries : YamlAnchors.Merged(entries);
        var isFlow = start.Style == MappingStyle.Flow;
        return new(entries, isFlow, Place(start.Start), isFlow || entries.Count == 0 ? Place(end.End) : entries[^1].Value.End);
    }

    private YamlNode? Refuse(Mark mark, string code, string message, string remedy) => Refuse(Place(mark), code, message, remedy);

    private YamlNode? Refuse(YamlPlace place, string code, string message, string remedy)
    {
        _faults.Add(new(place, code, message, remedy));
        return null;
    }

    private static YamlPlace Place(Mark mark) => new((int)mark.Line, (int)mark.Column, (int)mark.Index);
}
