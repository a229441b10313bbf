using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Core.Configuration;

/// <summary>The files under <c>samples/</c>, and a reader that knows the variables that they name.</summary>
internal static class Samples
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(Source.Root, "samples", name, "model-migrate.yaml"));

    /// <summary>Every variable is set, but for those whose name begins with <c>UNSET</c>.</summary>
    public static string? Environment(string name) =>
        name switch
        {
            "WITH_NEWLINE" => "secret\n",
            "EMPTY" => "",
            _ => name.StartsWith("UNSET", StringComparison.Ordinal) ? null : $"value-of-{name}",
        };

    public static ConfigResult Read(string text) => ConfigReader.Read(text, "model-migrate.yaml", Environment);
}
