using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo.Deriving;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Figures that are worked out of named scores.</summary>
public sealed class PromptfooDerivedTests
{
    /// <summary>As promptfoo 0.121.20 has them of the same file, but for one that it takes for 0 and one that it writes as null: nothing is known of either.</summary>
    [Fact]
    public async Task Command_DerivedMetrics_AreSaidAndWritten()
    {
        var folder = Directory.CreateTempSubdirectory("mm-derived-");
        try
        {
            var (config, output) = (Path.Combine(folder.FullName, "p.yaml"), Path.Combine(folder.FullName, "out.json"));
            await File.WriteAllTextAsync(config, """
                prompts: ['{{t}}']
                providers: [echo]
                derivedMetrics:
                  - { name: share, value: 'hits / (hits + misses)' }
                  - { name: twice, value: '2 * share' }
                  - { name: rows, value: '__count' }
                  - { name: guarded, value: 'nothing > 0 ? hits / nothing : __count' }
                  - { name: zero, value: '1 / (hits - hits)' }
                tests:
                  - { vars: { t: a }, assert: [{ type: equals, value: a, metric: hits }, { type: equals, value: b, metric: misses }] }
                  - { vars: { t: b }, assert: [{ type: equals, value: b, metric: hits }, { type: equals, value: b, metric: misses }] }
                  - { vars: { t: c }, assert: [{ type: equals, value: c, metric: hits }, { type: equals, value: b, metric: misses }] }
                """);
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config} -o {output}");
            Assert.Contains("echo: 1 of 3 pass, mean score 0.6667, rows 3, share 0.75, twice 1.5", run.Out, StringComparison.Ordinal);
            Assert.Contains("echo: 'guarded' is not known: no row has a score 'nothing'.", run.Out, StringComparison.Ordinal);
            Assert.Contains("echo: 'zero' is not known: it divides by 0, or is no number.", run.Out, StringComparison.Ordinal);
            var written = JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!["prompts"]![0]!["metrics"]!["namedScores"]!;
            Assert.Equal("""{"hits":3,"misses":1,"rows":3,"share":0.75,"twice":1.5}""", written.ToJsonString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>As mathjs works them out, with hits = 3.</summary>
    [Theory]
    [InlineData("-2 ^ 2 + 2 ^ 3 ^ 2", 508)]
    [InlineData("-7 % 3 + 7 % -3", 0)]
    [InlineData("hits >= 2 ? hits * 10 : 0", 30)]
    [InlineData("sqrt(16) + max(1, hits, 3) + log(8, 2) + round(2.345, 2) + abs(-1) + mean(1, 2)", 14.85)]
    [InlineData("3 - -2 * +4", 11)]
    [InlineData("round(2.5) + round(-2.5)", 0)]
    [InlineData("1.5e1 + .5", 15.5)]
    [InlineData("(hits == 3) + (hits != 3)", 1)]
    [InlineData("pow(hits, 2) - exp(0) - log(exp(1)) - floor(1.9) - ceil(0.1) - sign(-2)", 6)]
    public void Evaluate_AFormula_IsAsInMathjs(string text, double value)
    {
        var formula = ScoreFormula.TryParse(text, out var wrong);
        Assert.True(formula is not null, wrong);
        Assert.Equal(value, formula.Evaluate(new Dictionary<string, double>(StringComparer.Ordinal) { ["hits"] = 3 }), 12);
    }

    [Theory]
    [InlineData("{value: a}", "p.yaml:3:18: error missing-key", "needs a name and a formula")]
    [InlineData("{name: x, value: 'a +'}", "p.yaml:3:35: error bad-value", "it ends where a name or a number should stand")]
    [InlineData("{name: x, value: 'a b'}", "p.yaml:3:35: error bad-value", "'b' stands where it should not")]
    [InlineData("{name: x, value: 'a && b'}", "p.yaml:3:35: error bad-value", "'&' is not known in a formula")]
    [InlineData("{name: x, value: 'f(a)'}", "p.yaml:3:35: error bad-value", "there is no function 'f' here; there are abs, cbrt")]
    [InlineData("{name: x, value: '(a'}", "p.yaml:3:35: error bad-value", "the end stands where ')' should")]
    [InlineData("{name: x, value: 'x + 1'}", "p.yaml:3:35: error bad-value", "reads 'x'")]
    [InlineData("{name: x, value: file://f.js}", "p.yaml:3:35: error not-run", "is a program")]
    [InlineData("{name: x, formula: a}", "p.yaml:3:28: error unknown-key", "formula")]
    public void Read_AFormulaThatIsNone_IsRefused(string metric, string place, string says)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [echo]\nderivedMetrics: [{metric}]\ntests: [{{assert: [{{type: equals, value: a, metric: a}}]}}]\n");
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void TryParse_NestedWithoutEnd_IsRefused() => Assert.Null(ScoreFormula.TryParse(new string('(', 5000) + "1" + new string(')', 5000), out _));
}
