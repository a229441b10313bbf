using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Checks names: that a new one can be used, and that a used one is declared.</summary>
internal static class Reference
{
    /// <summary>Whether a declared name can be one: 1 to 128 characters without white space at its ends or control characters.</summary>
    public static void CheckName(ProblemList problems, YamlScalar key, string path, string kind)
    {
        var name = key.Text;
        if (name.Length is 0 or > 128 || name.Trim().Length != name.Length || name.Any(char.IsControl) || name.Contains("${", StringComparison.Ordinal))
        {
            problems.Error(key, path, "bad-name", $"This is not a name for a {kind}.", "Write 1 to 128 characters on one line, without variables.");
        }
    }

    /// <summary>Whether <paramref name="name"/> is declared; says so when it is not.</summary>
    public static bool Exists(ProblemList problems, YamlNode at, string path, string kind, string name, IReadOnlyList<string> declared)
    {
        if (declared.Contains(name, StringComparer.Ordinal))
        {
            return true;
        }

        var nearest = NearestName.Of(name, declared);
        problems.Error(
            at, path, $"unknown-{kind}", $"{path} names the {kind} '{MapReader.Shown(name)}', which is not declared.",
            nearest is not null ? $"Write {nearest}, or declare it under {kind}s."
            : declared.Count is > 0 and <= 10 ? $"Declare it under {kind}s, or write one of {string.Join(", ", declared.Select(MapReader.Shown))}."
            : $"Declare it under {kind}s.");
        return false;
    }
}
