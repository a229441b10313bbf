using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Sections.Migrations;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>Reads gates that stand in a file of their own: the list under <c>gates:</c> of a migration, with the key or without.</summary>
public static class GatesReader
{
    /// <summary>The gates, or null and everything that is wrong. At most 1 MiB of UTF-8.</summary>
    public static (IReadOnlyList<GateSpec>? Gates, IReadOnlyList<ConfigProblem> Problems) Read(
        ReadOnlySpan<byte> bytes, string fileName, Func<string, string?> environment)
    {
        var problems = new ProblemList(fileName);
        var faults = new List<YamlFault>();
        YamlNode? root = null;
        if (YamlText.Decode(bytes, out var fault) is { } text)
        {
            root = YamlLoader.Load(text, faults);
        }
        else
        {
            faults.Add(fault!);
        }

        if (root is YamlSequence)
        {
            // A bare list: read it as if it stood under its key.
            root = new YamlMapping([new(new("gates", IsPlain: true, root.Start, root.End), root)], IsFlow: false, root.Start, root.End);
        }

        if (faults.Count == 0 && (root is not YamlMapping map || !map.Entries.Any(entry => entry.Key.Text == "gates")))
        {
            faults.Add(new(root?.Start ?? YamlPlace.Start, "no-gates", "The file has no 'gates:'.", "Write the list of a migration: 'gates:' and below it '- {metric: errorRate, margin: 1pp}'."));
        }

        foreach (var each in faults)
        {
            problems.Add(each);
        }

        if (faults.Count > 0)
        {
            return (null, problems.ToList());
        }

        var reader = new MapReader((YamlMapping)root!, root!, "", new ReadContext(problems, environment));
        var gates = GateSection.Read(reader, checks: null);
        reader.Finish();
        return (problems.HasErrors ? null : [.. gates.Select(RolloutSpecFactory.Gate)], problems.ToList());
    }
}
