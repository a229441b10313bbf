using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Configuration.Changes;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Tests.Core.Configuration;

/// <summary>The reader is total: every input gives a configuration that compiles, or at least one error with a place inside the text.</summary>
public sealed class ConfigReaderTotalityTests
{
    private static readonly int s_runs = Environment.GetEnvironmentVariable("MODEL_MIGRATE_TEST_FULL") == "1" ? 20_000 : 2_000;
    private static readonly string[] s_seeds = [Samples.Text("first-migration"), Samples.Text("hosted"), ConfigReaderTests.Everything];

    private static readonly string[] s_fragments =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "-", "\n", "\n  ", "\t", "\"", "'", "#", "&a ", "*a", "!t ", "|\n", ">\n", "? ", "---\n", "...\n", "%YAML 1.2\n",
        "${", "${A}", "}", "0", "-1", "100%", "1e9", "~", "null", "<<: ", "\r\n", "\u0085", "\0", "\ud83d\ude00", "\ud800", ",", "\\", "\"\\x", "@", "`", "  ",
    ];

    [Fact]
    public void Read_AnyBytes_ConfigurationOrErrors() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes => Holds(ConfigReader.Read(bytes, "f", Samples.Environment), Encoding.UTF8.GetString(bytes)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(s_runs));

    [Fact]
    public void Read_AnyFragments_ConfigurationOrErrors() => Prop.ForAll(
        Gen.Elements(s_fragments.Concat(["providers", "routes", "a", "MIG-a", "steps", "apiKey"])).ListOf().Select(string.Concat).ToArbitrary(),
        text => Holds(Samples.Read(text), text)).Check(Config.QuickThrowOnFailure.WithMaxTest(s_runs));

    [Fact]
    public void Read_MutatedFile_ConfigurationOrErrors()
    {
        var edit =
            from at in Gen.Choose(0, 3000)
            from cut in Gen.Choose(0, 12)
            from insert in Gen.Elements(s_fragments)
            select (At: at, Cut: cut, Insert: insert);
        var mutation =
            from seed in Gen.Elements(s_seeds)
            from edits in edit.ListOf()
            select edits.Take(3).Aggregate(seed, (text, each) => Mutate(text, each.At % (text.Length + 1), each.Cut, each.Insert));
        Prop.ForAll(mutation.ToArbitrary(), text => Holds(Samples.Read(text), text)).Check(Config.QuickThrowOnFailure.WithMaxTest(s_runs));
    }

    private static string Mutate(string text, int at, int cut, string insert)
    {
        at = Math.Min(at, text.Length);
        return string.Concat(text.AsSpan(0, at), insert, text.AsSpan(Math.Min(at + cut, text.Length)));
    }

    private static bool Holds(ConfigResult result, string text)
    {
        var lines = text.Split('\n').Length;
        if (result.Problems.Any(p => p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message.Length == 0 || p.Remedy.Length == 0))
        {
            return false;
        }

        if (result.Config is not { } config)
        {
            return result.Errors.Any();
        }

        var catalog = CatalogCompiler.Compile(config);
        foreach (var migration in config.Migrations)
        {
            var spec = RolloutSpecFactory.Create(migration, config, catalog);
            var after = FinalizeDiff.Create(text, "f", migration.Id, completed: true);
            if (ConfigDiff.Compare(spec, spec).Count > 0 || after is null || Samples.Read(after.Text).Config is not { } finished
                || finished.FindMigration(migration.Id) is not null || finished.FindRoute(migration.Route)!.Model != migration.To)
            {
                return false;
            }
        }

        return !result.Errors.Any();
    }
}
