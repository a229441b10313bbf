using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>Shards of a comparison, asked apart and put together.</summary>
public sealed class MergeCommandTests : ComparisonTests
{
    [Fact]
    public async Task Merge_AllShards_SaysWhatOneRunSays()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        var whole = await Rig.CompareAsync(old, target, "--metrics exact,bleu --out one --json");
        for (var i = 1; i <= 3; i++)
        {
            var shard = await Rig.CompareAsync(old, target, $"--metrics exact,bleu --shard {i}/3 --out shard-{i}");
            Assert.Equal(0, shard.Code);
            Assert.Contains($"Shard {i}/3 is asked.", shard.Out, StringComparison.Ordinal);
        }

        Assert.Equal((1000, 1000), (old.Stats.Answered, target.Stats.Answered));
        var merged = await CliRun.OfAsync($"merge --out {Rig.In("all")} {Rig.In("shard-1")} {Rig.In("shard-2")} {Rig.In("shard-3")} --json");
        Assert.True(merged.Code == whole.Code, merged.Error);
        var (expected, found) = (JsonNode.Parse(whole.Out)!, JsonNode.Parse(merged.Out)!);
        foreach (var part in new[] { "dataset", "completeness", "source", "target", "metrics", "gate", "samples" })
        {
            Assert.Equal(expected[part]!.ToJsonString(), found[part]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Merge_ShardsMissingTwiceOrUnlike_IsRefused()
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        await Rig.CompareAsync(old, target, "--metrics exact --shard 1/2 --out a");
        await Rig.CompareAsync(old, target, "--metrics exact --margin 2pp --shard 2/2 --out b");

        var missing = await CliRun.OfAsync($"merge --out {Rig.In("m")} {Rig.In("a")} --json");
        Assert.Equal((int)ExitCode.Usage, missing.Code);
        Assert.Equal("partial", JsonNode.Parse(missing.Out)!["completeness"]!.GetValue<string>());
        var twice = await CliRun.OfAsync($"merge --out {Rig.In("t")} {Rig.In("a")} {Rig.In("a")}");
        Assert.Equal((int)ExitCode.Usage, twice.Code);
        Assert.Contains("has rows that are in another folder too.", twice.Error, StringComparison.Ordinal);
        var unlike = await CliRun.OfAsync($"merge --out {Rig.In("u")} {Rig.In("a")} {Rig.In("b")}");
        Assert.Equal((int)ExitCode.Usage, unlike.Code);
        Assert.Contains("are of unlike comparisons", unlike.Error, StringComparison.Ordinal);
        var nothing = await CliRun.OfAsync($"merge --out {Rig.In("n")} {Rig.In("nowhere")}");
        Assert.Equal((int)ExitCode.Usage, nothing.Code);
        Assert.Contains("holds no results;", nothing.Error, StringComparison.Ordinal);
    }
}
