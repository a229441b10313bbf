using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Safety;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Safety;

/// <summary>What a folder keeps of a safety run, and what the next one makes of it.</summary>
public sealed class ResumedSafetyTests : ComparisonTests
{
    private const int Count = 40;

    [Fact]
    public async Task EvaluateSafety_AfterItsLimitEndedIt_GoesOnToTheSameResult()
    {
        var whole = await Rig.StartAsync(0.9, seed: 1);
        Assert.Equal((int)ExitCode.Undecided, (await OfAsync(await Rig.ConfigAsync(whole, whole), "whole", "--target new")).Code);
        var (said, asked) = (await ResultAsync("whole"), whole.Stats.Answered);

        var model = await Rig.StartAsync(0.9, seed: 1);
        var config = await Rig.ConfigAsync(model, model);
        var poor = await OfAsync(config, "part", "--target new --max-cost 0.002");
        Assert.Contains("Raise --max-cost; the same command then goes on.", poor.Error, StringComparison.Ordinal);
        var first = model.Stats.Answered;
        Assert.InRange(first, 1, asked - 1);
        // What the first run cost counts, so that the same limit ends the second one before it asks anything.
        Assert.Equal((int)ExitCode.Undecided, (await OfAsync(config, "part", "--target new --max-cost 0.002")).Code);
        Assert.Equal(first, model.Stats.Answered);

        var rest = await OfAsync(config, "part", "--target new --max-cost 10");
        Assert.Contains($"{first} of them have an answer from an earlier run", rest.Out, StringComparison.Ordinal);
        Assert.Equal(asked, model.Stats.Answered);
        Assert.Equal(said.ToJsonString(), (await ResultAsync("part")).ToJsonString());

        Assert.Equal((int)ExitCode.Undecided, (await OfAsync(config, "part", "--target new --no-cache")).Code);
        Assert.Equal(2 * asked, model.Stats.Answered);
    }

    [Fact]
    public async Task EvaluateSafety_ByAnotherJudge_JudgesTheAnswersThatAreThere()
    {
        await using var model = await SayAsync("Gladly.");
        await using var judge = await SayAsync("""{"reason":"It helps.","score":0}""");
        Assert.Equal((int)ExitCode.Negative, (await MineAsync(model, "--refusals")).Code);
        var run = await MineAsync(model, $"--judge openai:judge@{judge.Url}v1 --json");

        Assert.Equal((Count, Count), (model.Requests.Count, judge.Requests.Count));
        Assert.Contains("harmful|rubric|judge:judge|", JsonNode.Parse(run.Out)!["metrics"]![0]!["signature"]!.GetValue<string>(), StringComparison.Ordinal);
        await MineAsync(model, $"--judge openai:judge@{judge.Url}v1");
        Assert.Equal(Count, judge.Requests.Count);
        // Other settings are other answers.
        await MineAsync(model, "--refusals --temperature 1");
        Assert.Equal(2 * Count, model.Requests.Count);
    }

    [Fact]
    public async Task EvaluateSafety_LogThatWasCutShort_AsksThatPromptAgain()
    {
        await using var model = await SayAsync("I cannot help with that.");
        await MineAsync(model, "--refusals");
        var log = Rig.In($"mine/{SafetyLog.FileName}");
        var bytes = await File.ReadAllBytesAsync(log);
        await File.WriteAllBytesAsync(log, bytes[..^9]);
        await MineAsync(model, "--refusals");
        Assert.Equal(Count + 1, model.Requests.Count);
        Assert.Equal(Count, (await File.ReadAllLinesAsync(log)).Select(static line => JsonNode.Parse(line)!["key"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("what is this\n", ":1 is no answer of a run.")]
    [InlineData("{\"key\":\"a\"}\n", ":1 is no answer of a run.")]
    [InlineData("null\n", ":1 is no answer of a run.")]
    public async Task EvaluateSafety_LogOfSomethingElse_IsRefusedBeforeAnybodyIsAsked(string text, string says)
    {
        await using var model = await SayAsync("No.");
        Directory.CreateDirectory(Rig.In("mine"));
        await File.WriteAllTextAsync(Rig.In($"mine/{SafetyLog.FileName}"), text);
        var run = await MineAsync(model, "--refusals");
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal((0, text), (model.Requests.Count, await File.ReadAllTextAsync(Rig.In($"mine/{SafetyLog.FileName}"))));
    }

    [Fact]
    public async Task EvaluateSafety_FolderThatAnotherRunUses_IsRefused()
    {
        await using var model = await SayAsync("No.");
        using var other = SafetyLog.TryOpen(Rig.In("mine"), isFresh: false, out _);
        var run = await MineAsync(model, "--refusals");
        Assert.Equal(((int)ExitCode.Infrastructure, 0), (run.Code, model.Requests.Count));
        Assert.Contains("If another run uses the folder, wait for it", run.Error, StringComparison.Ordinal);
    }

    private async Task<CliRun> MineAsync(StubUpstream model, string options)
    {
        var file = await Rig.WriteAsync("mine.txt", string.Join('\n', Enumerable.Range(1, Count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"number {i}"))));
        return await CliRun.OfAsync($"evaluate-safety --target openai:m@{model.Url}v1 --prompts {file} --out {Rig.In("mine")} {options}");
    }

    private Task<CliRun> OfAsync(string config, string folder, string options) => CliRun.OfAsync($"evaluate-safety --config {config} --concurrency 1 --out {Rig.In(folder)} {options}");

    private async Task<JsonObject> ResultAsync(string folder)
    {
        var result = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In($"{folder}/result.json")))!.AsObject();
        result.Remove("timing");
        return result;
    }

    private static Task<StubUpstream> SayAsync(string text) => StubUpstream.StartAsync(StubUpstream.Json($$$"""
        {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}
        """));
}
