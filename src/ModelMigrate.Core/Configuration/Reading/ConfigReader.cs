using ModelMigrate.Core.Configuration.Sections;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>
/// Reads <c>model-migrate.yaml</c>. Total: every input gives a configuration or at least one error, and all errors at once,
/// each with its place and what to write instead.
/// </summary>
public static class ConfigReader
{
    /// <summary>Reads a file's bytes: UTF-8 with or without byte order mark, at most 1 MiB.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="fileName">As problems shall name it.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static ConfigResult Read(ReadOnlySpan<byte> bytes, string fileName, Func<string, string?> environment)
    {
        if (YamlText.Decode(bytes, out var fault) is { } text)
        {
            return Read(text, fileName, environment);
        }

        var problems = new ProblemList(fileName);
        problems.Add(fault!);
        return new(null, problems.ToList());
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="fileName">As problems shall name it.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static ConfigResult Read(string text, string fileName, Func<string, string?> environment)
    {
        var problems = new ProblemList(fileName);
        var faults = new List<YamlFault>();
        var root = YamlLoader.Load(text, faults);
        if (faults.Count == 0 && root is null or { IsNull: true })
        {
            faults.Add(new(
                YamlPlace.Start, "file-empty", "The file declares nothing.", "Begin with providers, models and routes; 'samples/first-migration' shows them."));
        }
        else if (faults.Count == 0 && root is not YamlMapping)
        {
            faults.Add(new(root!.Start, "wrong-type", $"The file must be a group of keys, not {root.Kind}.", "Begin with 'providers:'."));
        }

        foreach (var fault in faults)
        {
            problems.Add(fault);
        }

        if (root is not YamlMapping map || faults.Count > 0)
        {
            return new(null, problems.ToList());
        }

        var config = FileSection.Read(new MapReader(map, map, "", new ReadContext(problems, environment)));
        return new(problems.HasErrors ? null : config, problems.ToList());
    }
}
