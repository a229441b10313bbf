using System.Text;
using System.Text.Json;
using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Gateway.Ingress.OpenAi;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Core.Configuration;

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

    [Fact]
    public void Gateway_ErrorTable_IsTheOneThatAnswers()
    {
        var shown = Source.Text("docs/guide/gateway.md").Split("| what failed | status | type | code |\n|---|---|---|---|\n")[1].Split("\n\n")[0];
        Assert.Equal(ErrorTable(), shown.Split('\n'));
    }

    [Fact]
    public void Gateway_Page_NamesEveryHeaderAndCodeOfTheTable()
    {
        var page = Source.Text("docs/guide/gateway.md");
        using var rows = JsonDocument.Parse(Source.Text("test/ModelMigrate.Tests/Gateway/broken-requests.json"));
        var codes = rows.RootElement.EnumerateArray().Select(r => r.TryGetProperty("code", out var code) ? code.GetString()! : "")
            .Where(c => c is not ("" or "invalid_value" or "unsupported_parameter"));
        string[] headers =
        [
            ResponseHeaders.RequestId, ResponseHeaders.Route, ResponseHeaders.Model, ResponseHeaders.Arm, ResponseHeaders.Migration, ResponseHeaders.Revision,
            ResponseHeaders.Changes, ResponseHeaders.Untranslatable, ResponseHeaders.Cache, ResponseHeaders.Endpoint,
            ResponseHeaders.Strategy, ResponseHeaders.Rule,
        ];
        var missing = codes.Concat(headers).Distinct(StringComparer.Ordinal).Where(word => !page.Contains($"`{word}`", StringComparison.Ordinal)).ToList();
        Assert.Empty(missing);
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
            var result = ConfigReader.Read(block, file, Samples.Environment);
            Assert.Empty(result.Problems.Where(p => p.Severity == ConfigSeverity.Error).Select(p => $"{p.Line}: {p.Message}\n{block}"));
        }
    }

    [Fact]
    public void Judging_Tables_AreOfTheStoredValues()
    {
        // Both are written by the bench's --guide; on a difference, one of them was edited by hand.
        var page = Source.Text("docs/guide/judging.md");
        var values = Source.Text("docs/guide/judging/cells.csv");
        Assert.Contains("| [healthy-4](judging/healthy-4.svg) | 10 |", page, StringComparison.Ordinal);
        Assert.Equal(GuideTables.Replace(page, values), page);
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

    private static IEnumerable<string> ErrorTable()
    {
        foreach (var kind in Enum.GetValues<ChatErrorKind>())
        {
            var plain = ErrorShape.Of(new ChatError(kind, "x"));
            var told = ErrorShape.Of(new ChatError(kind, "x") { Status = kind == ChatErrorKind.Request ? 422 : 529, Code = "own" });
            var status = told.Status == plain.Status ? $"{plain.Status}" : $"the provider's, else {plain.Status}";
            var code = told.Code == plain.Code ? $"`{plain.Code}`" : plain.Code is null ? "the provider's, or ours" : $"the provider's, else `{plain.Code}`";
            yield return $"| {WhatFailed(kind)} | {status} | `{plain.Type}` | {code} |";
        }
    }

    private static string WhatFailed(ChatErrorKind kind) => kind switch
    {
        ChatErrorKind.Request => "the request itself: the provider refuses it, or it cannot be translated",
        ChatErrorKind.Connection => "no connection, or it broke",
        ChatErrorKind.Timeout => "a time limit passed",
        ChatErrorKind.Throttled => "the provider, or `maxConcurrent`, asks to slow down",
        ChatErrorKind.Provider => "the provider itself",
        ChatErrorKind.Configuration => "the provider refuses the gateway's key, or nothing is at its address (401 to 404, 407)",
        ChatErrorKind.UnknownModel => "the provider says that it does not know the model: a 404 with words",
        ChatErrorKind.Malformed => "an answer that is not the protocol",
        ChatErrorKind.Unavailable => "shutdown, or a rollback that cuts",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

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
