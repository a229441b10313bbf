using System.Text;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Docs;

/// <summary>Keeps the documentation true where a machine can.</summary>
public sealed class GuideTests
{
    [Fact]
    public void Rollouts_VerbTable_IsTheOneThatRuns()
    {
        // The page's last part; on a difference, what the code says is the page to write.
        var shown = Source.Text("docs/guide/rollouts.md").Split("## Every state and verb\n\n")[1];
        Assert.Equal(VerbTable().TrimEnd(), shown.TrimEnd());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/guide/configuration.md")]
    public void Configurations_Shown_ReadWithoutProblems(string file)
    {
        var blocks = Fenced(Source.Text(file), "yaml").ToList();
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            var result = ConfigReader.Read(block, file, _ => "set");
            Assert.Empty(result.Problems.Where(p => p.Severity == ConfigSeverity.Error).Select(p => $"{p.Line}: {p.Message}\n{block}"));
        }
    }

    [Fact]
    public void Links_InsideTheRepository_LeadSomewhere()
    {
        string[] files = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", .. Directory.EnumerateFiles(Path.Combine(Source.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        Assert.Empty(
            from file in files
            let path = Path.Combine(Source.Root, file)
            from link in System.Text.RegularExpressions.Regex.Matches(
                File.ReadAllText(path), @"\]\((?<to>[^)#:]+)\)", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            let to = Path.Combine(Path.GetDirectoryName(path)!, link.Groups["to"].Value)
            where !Path.Exists(to)
            select $"{file}: {link.Value}");
    }

    private static string VerbTable()
    {
        var verbs = Enum.GetValues<RolloutVerb>();
        var table = new StringBuilder();
        foreach (var phase in Enum.GetValues<RolloutPhase>())
        {
            table.Append("### ").Append(Words(phase.ToString())).Append("\n\n| verb | becomes | what it does |\n|---|---|---|\n");
            foreach (var verb in verbs)
            {
                var rule = RolloutVerbs.Rule(phase, verb);
                var becomes = rule.Refused ? "*refused*" : rule.Next is { } next ? Words(next.ToString()) : "no change";
                table.Append($"| {Words(verb.ToString())} | {becomes} | {rule.Text} |\n");
            }

            table.Append('\n');
        }

        return table.ToString();
    }

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static IEnumerable<string> Fenced(string text, string language) =>
        text.Split($"```{language}\n").Skip(1).Select(rest => rest.Split("```")[0]);
}
