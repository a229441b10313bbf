using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Switches;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Core.Configuration;

/// <summary>The files under <c>samples/</c>, and a reader that knows the variables that they name.</summary>
internal static class Samples
{
    private static readonly string[] s_unset = ["UNSET", "ENABLE_", SwitchNames.PrimaryProvider, SwitchNames.PrimarySpeechProvider, SwitchNames.MigrationMode, "FF_"];

    public static string Text(string name) => File.ReadAllText(Path.Combine(Source.Root, "samples", name, "model-migrate.yaml"));

    /// <summary>Every variable is set, but for those whose name begins with <c>UNSET</c>, and those that override the file.</summary>
    public static string? Environment(string name) =>
        name switch
        {
            "WITH_NEWLINE" => "secret\n",
            "EMPTY" => "",
            _ => s_unset.Any(start => name.StartsWith(start, StringComparison.Ordinal)) ? null : $"value-of-{name}",
        };

    public static ConfigResult Read(string text) => ConfigReader.Read(text, "model-migrate.yaml", Environment);
}
