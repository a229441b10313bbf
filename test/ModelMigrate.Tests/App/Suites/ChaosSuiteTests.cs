using System.Text.Json.Nodes;

namespace ModelMigrate.Tests.App.Suites;

/// <summary>A suite that breaks something, and leaves it as it was.</summary>
public sealed class ChaosSuiteTests : IAsyncLifetime
{
    private SuiteRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SuiteRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Faults_OfASuite_AreSetForItAloneAndTakenBack()
    {
        var before = _rig.Model.Faults;
        var run = await RunAsync("{ error_rate: 100%, latency_median: 1ms }");

        Assert.Equal(3, run["code"]!.GetValue<int>());
        Assert.Equal(["error", "pass"], run["cases"]!.AsArray().Select(static each => each!["outcome"]!.GetValue<string>()));
        Assert.StartsWith("provider: ", run["cases"]![0]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(before, _rig.Model.Faults);
    }

    [Fact]
    public async Task Faults_ThatCannotBeSet_TryNothing()
    {
        var run = await RunAsync("{ eror_rate: 100% }");

        Assert.Equal(3, run["code"]!.GetValue<int>());
        Assert.Matches("^The faults were not set, so nothing was tried: .*/faults answered 400: .*unknown field", run["cases"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal(1, _rig.Model.Stats.Answered);
    }

    private async Task<JsonNode> RunAsync(string set)
    {
        const string Case = "{ hello: { prompt: Hello, assert: [{ type: regex, value: . }] } }";
        var run = await _rig.RunAsync($$"""
            model: {{_rig.Arm}}
            suites:
              broken: { level: chaos, faults: { at: "{{_rig.Model.Address}}", set: {{set}} }, cases: {{Case}} }
              whole: { level: chaos, cases: {{Case}} }
            """, "--json");
        var report = JsonNode.Parse(run.Out)!;
        report["code"] = run.Code;
        return report;
    }
}
