using System.Text.Json;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Demo;

/// <summary>The demo in real time, as a user runs it. Two scenarios always, all six with <c>MODEL_MIGRATE_TEST_FULL=1</c>.</summary>
[Trait("kind", "slow")]
public sealed class DemoScenarioTests
{
    private static readonly string[] s_order =
    [
        "scenario", "outcome", "migration_id", "requests", "user_errors", "target_requests", "target_failures", "rescued",
        "exposed_before_rollback", "seconds_to_rollback", "reason", "report",
    ];

    public static TheoryData<string> Scenarios() => Environment.GetEnvironmentVariable("MODEL_MIGRATE_TEST_FULL") == "1"
        ? ["healthy", "errors", "slow", "malformed", "outage", "both-outage"]
        : ["healthy", "errors"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Demo_Scenario_EndsAsItMust(string scenario)
    {
        var run = await CliRun.OfAsync($"demo --scenario {scenario} --json");
        var last = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith($$"""{"scenario":"{{scenario}}",""", last, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(last);
        var result = json.RootElement;
        Assert.Equal(s_order, result.EnumerateObject().Select(p => p.Name).Take(s_order.Length));
        Assert.True(run.Code == 0, last);
        Assert.True(result.GetProperty("requests").GetInt64() > 500, last);
        Assert.Equal(result.GetProperty("unanswered").GetInt64(), result.GetProperty("user_errors").GetInt64());
        var report = await File.ReadAllTextAsync(result.GetProperty("report").GetString()!);
        Assert.Contains($"**{result.GetProperty("outcome").GetString()}**", report, StringComparison.Ordinal);
        Assert.All(["Models", "Arms", "Gates", "Exposure", "Success criteria", "Risks", "Timeline"], title => Assert.Contains($"\n## {title}\n", report, StringComparison.Ordinal));
        var judged = await CliRun.OfAsync($"judge --observations {result.GetProperty("export").GetString()}");
        Assert.True(judged.Code == 0, judged.Out + judged.Error);
        Assert.Contains("are the same.", judged.Out, StringComparison.Ordinal);
        switch (scenario)
        {
            case "healthy":
                Assert.Equal("completed", result.GetProperty("outcome").GetString());
                Assert.True(result.GetProperty("seconds").GetDouble() <= 60, last);
                Assert.Equal(0, result.GetProperty("user_errors").GetInt64());
                break;
            case "both-outage":
                Assert.NotEqual("rolled_back", result.GetProperty("outcome").GetString());
                Assert.True(result.GetProperty("user_errors").GetInt64() > 0, last);
                break;
            default:
                Assert.Equal("rolled_back", result.GetProperty("outcome").GetString());
                Assert.Equal(0, result.GetProperty("user_errors").GetInt64());
                Assert.InRange(result.GetProperty("exposed_before_rollback").GetInt64(), 1, 99);
                break;
        }
    }

    [Fact]
    public async Task Demo_TooShort_EndsRunningAndSaysItIsNotTheOutcome()
    {
        var run = await CliRun.OfAsync("demo --seconds 10 --rate 50 --json");
        Assert.Equal(1, run.Code);
        Assert.Contains("\"outcome\":\"running\"", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Out + run.Error, StringComparison.Ordinal);
    }
}
