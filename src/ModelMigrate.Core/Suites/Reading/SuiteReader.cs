using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Reading;

namespace ModelMigrate.Core.Suites.Reading;

/// <summary>Reads a file of suites with the files that it names. Total: the suites, or everything that is wrong, each with its place and what to write instead.</summary>
public static class SuiteReader
{
    private const string Example = "Write 'suites:' with a name and its cases; 'samples/suites' shows them.";

    /// <param name="name">The file's name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="open">Another file relative to its folder, or null when it cannot be read.</param>
    /// <param name="environment">A variable of the environment.</param>
    /// <param name="commands">The commands of this program that a case may run.</param>
    public static (SuiteFile? File, IReadOnlyList<ConfigProblem> Problems) Read(
        string name, ReadOnlySpan<byte> bytes, Func<string, Stream?> open, Func<string, string?> environment, IReadOnlyCollection<string> commands)
    {
        var files = new SourceFiles(open, static (_, _) => [], environment);
        var file = files.Add(name);
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

        if (faults.Count == 0 && root is not YamlMapping)
        {
            faults.Add(new(root?.Start ?? YamlPlace.Start, "file-empty", "The file describes no suites.", Example));
        }

        foreach (var each in faults)
        {
            file.Problems.Add(each);
        }

        if (faults.Count > 0)
        {
            return (null, files.Problems);
        }

        var top = new MapReader((YamlMapping)root!, root!, "", new ReadContext(file.Problems, environment));
        var suites = Suites(top, new CaseReader(file, commands));
        if (suites is [])
        {
            file.Problems.Error(top.At("suites"), "suites", "no-suites", "The file has no suites, so nothing would be tested.", Example);
        }

        var found = new SuiteFile { Name = name, Model = top.Text("model"), Source = top.Text("source"), Models = top.Text("models"), Url = top.Url("url", "http://127.0.0.1:8080"), Suites = suites ?? [] };
        top.Finish();
        return (files.HasErrors ? null : found, files.Problems);
    }

    /// <summary>Null when what stands there was refused as a whole.</summary>
    private static List<Suite>? Suites(MapReader top, CaseReader cases)
    {
        if (top.Node("suites") is { IsNull: false } and not YamlMapping)
        {
            top.Group("suites");
            return null;
        }

        var suites = new List<Suite>();
        foreach (var (entry, path) in top.Entries("suites"))
        {
            if (top.Of(entry.Value, entry.Key, path) is { } reader)
            {
                suites.Add(Suite(entry, reader, cases));
            }
            else
            {
                top.Problems.Error(entry.Value, path, "wrong-type", $"{path} must be a group of keys, not {entry.Value.Kind}.", "Write 'level:' and 'cases:' indented under it.");
                suites.Add(new Suite { Name = entry.Key.Text, Level = SuiteLevel.Unit, Tier = SuiteTier.Pr, Cases = [] });
            }
        }

        return suites;
    }

    private static Suite Suite(YamlEntry entry, MapReader reader, CaseReader cases)
    {
        reader.Missing("level", "Write one of smoke, unit, integration, evaluation, safety, load, chaos.");
        var level = reader.Choice("level", [.. Enum.GetValues<SuiteLevel>().Select(static each => (SuiteWords.Of(each), each))]) ?? SuiteLevel.Unit;
        var tier = reader.Choice("tier", [.. Enum.GetValues<SuiteTier>().Select(static each => (SuiteWords.Of(each), each))]) ?? Core.Suites.Suite.TierOf(level);
        var seed = reader.Count("seed", 0, int.MaxValue);
        var found = cases.Read(reader, CaseReader.Terms(reader, new CaseTerms()));
        if (found is [])
        {
            reader.Problems.Error(reader.Place, reader.PathOf("cases"), "no-cases", $"The suite '{MapReader.Shown(entry.Key.Text)}' has no cases, so it would pass whatever the model does.",
                "Write 'cases:', 'contract:', 'parity:', 'run:' or 'smoke: true'.");
        }

        var faults = reader.Has("faults") ? Faults(reader.Group("faults")) : null;
        if (faults is not null && level != SuiteLevel.Chaos)
        {
            reader.Problems.Error(reader.At("faults"), reader.PathOf("faults"), "bad-level", $"Only a suite of level chaos breaks something, and this one is of level {SuiteWords.Of(level)}.", "Write 'level: chaos', or remove the faults.");
        }

        reader.Finish();
        return new Suite { Name = entry.Key.Text, Level = level, Tier = tier, Seed = seed, Cases = found ?? [], Faults = faults };
    }

    private static ChaosFaults? Faults(MapReader reader)
    {
        reader.Missing("at", "Write the address of a simulated provider, for example http://127.0.0.1:9101.");
        reader.Missing("set", "Write for example {error_rate: 30%}; GET /faults shows every name.");
        var set = reader.Entries("set").Select(each => KeyValuePair.Create(each.Entry.Key.Text, reader.TextOf(each.Entry.Value, each.Entry.Key, each.Path) ?? "")).ToList();
        var at = reader.Url("at", "http://127.0.0.1:9101");
        reader.Finish();
        return at is null ? null : new ChaosFaults(at, set);
    }
}
