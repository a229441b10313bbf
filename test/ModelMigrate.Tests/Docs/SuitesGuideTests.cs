using ModelMigrate.Commands;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Reading;
using ModelMigrate.Core.Suites.Smoke;
using ModelMigrate.Output;
using ModelMigrate.Suites;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Docs;

/// <summary>The page on suites against the code: checks, levels, commands, and every file that it shows.</summary>
public sealed class SuitesGuideTests
{
    private static readonly string s_page = Source.Text("docs/guide/suites.md");

    [Fact]
    public void Page_TableOfTheSmokeSuite_IsTheOneThatRuns() => Assert.Contains(
        "| check | tags | why |\n|---|---|---|\n" + string.Concat(SmokeSuite.Checks.Select(static check => $"| `{check.Id}` | {string.Join(", ", check.Tags)} | {check.Why} |\n")) + "\n", s_page, StringComparison.Ordinal);

    [Fact]
    public void Page_LevelsTiersAndCommands_AreNamed()
    {
        Assert.All(Enum.GetValues<SuiteLevel>(), level => Assert.Contains($"`{SuiteWords.Of(level)}`", s_page, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<SuiteTier>(), tier => Assert.Contains($"`{SuiteWords.Of(tier)}`", s_page, StringComparison.Ordinal));
        Assert.All(CommandProbe.Verbs, verb => Assert.Contains($"`{verb}`", s_page, StringComparison.Ordinal));
    }

    [Fact]
    public void Commands_OfCases_Exist()
    {
        using var writer = new StringWriter();
        var verbs = CommandLine.Create(new Terminal(writer, writer, live: false, static _ => null, TimeProvider.System)).Subcommands.Select(static command => command.Name);
        Assert.Empty(CommandProbe.Verbs.Except(verbs));
    }

    [Fact]
    public void Files_ShownAndSamples_ReadWithoutProblems()
    {
        var folder = Path.Combine(Source.Root, "samples/suites");
        string[] texts = [.. s_page.Split("```yaml\n").Skip(1).Select(static rest => rest.Split("```")[0]), .. Directory.EnumerateFiles(folder, "*.yaml").Select(File.ReadAllText)];

        Assert.True(texts.Length >= 7);
        Assert.All(texts, text =>
        {
            var (file, problems) = SuiteReader.Read("shown.yaml", System.Text.Encoding.UTF8.GetBytes(text), name => File.OpenRead(Path.Combine(folder, name)), static _ => "set", CommandProbe.Verbs);
            Assert.True(file is not null, string.Join('\n', problems));
        });
    }
}
