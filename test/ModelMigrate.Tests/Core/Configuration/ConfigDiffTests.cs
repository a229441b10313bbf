using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Changes;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Core.Configuration;

public sealed class ConfigDiffTests
{
    [Fact]
    public void Compare_SameFile_Nothing() => Assert.Empty(ConfigDiff.Compare(Spec(x => x), Spec(x => x)));

    [Fact]
    public void Compare_ChangedSettings_OneSentenceEach()
    {
        var changes = ConfigDiff.Compare(
            Spec(x => x),
            Spec(x => x.Replace("alpha: 0.001", "alpha: 0.01", StringComparison.Ordinal)
                .Replace("steps: [1%, 0.25,", "steps: [1%, 30%,", StringComparison.Ordinal)
                .Replace("margin: 2pp", "margin: 1pp", StringComparison.Ordinal)
                .Replace("inFlight: cut", "inFlight: finish", StringComparison.Ordinal)
                .Replace("- { metric: latencyP50, threshold: 2 }", "", StringComparison.Ordinal)
                .Replace("exposureBudget: 5000", "", StringComparison.Ordinal)));

        Assert.Equal(
            [
                "steps: [1% for 5m at margin x4, 25% for 5m at margin x2, 50% for 20m at margin x1 with approval] -> "
                    + "[1% for 5m at margin x4, 30% for 5m at margin x2, 50% for 20m at margin x1 with approval]",
                "alpha: 0.001 -> 0.01",
                "exposureBudget: 5000 -> no limit",
                "inFlight: cut -> finish",
                "gate wrong: ErrorRate margin 2pp tolerance 1.25 share 2 -> ErrorRate margin 1pp tolerance 1.25 share 2",
                "hard stop latencyP50: p50 latency above 2 times the source's over 300 s, from 100 requests on, cooldown 10m -> none",
            ],
            changes.Select(change => change.Replace(" (pending, takes effect with: model-migrate migrations retry MIG-chat-two)", "", StringComparison.Ordinal)));
        Assert.All(changes, change => Assert.EndsWith("(pending, takes effect with: model-migrate migrations retry MIG-chat-two)", change, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_ModelBehindTheNameChanged_Said() => Assert.StartsWith(
        "models' settings: ",
        Assert.Single(ConfigDiff.Compare(Spec(x => x), Spec(x => x.Replace("name: one-1", "name: one-2", StringComparison.Ordinal)))),
        StringComparison.Ordinal);

    [Fact]
    public void Fingerprint_PriceOrKeyChanged_Stays()
    {
        var changed = Spec(x => x.Replace("inputCostPer1k: 0.0025", "inputCostPer1k: 9", StringComparison.Ordinal).Replace("${A_KEY}", "${B_KEY}", StringComparison.Ordinal));

        Assert.Equal(Spec(x => x).Fingerprint, changed.Fingerprint);
    }

    [Fact]
    public void SeedOf_KnownIds_StableInEveryProcess()
    {
        Assert.Equal(1_412_442_250u, RolloutSpecFactory.SeedOf(new("MIG-a")));
        Assert.NotEqual(RolloutSpecFactory.SeedOf(new("MIG-a")), RolloutSpecFactory.SeedOf(new("MIG-b")));
    }

    private static RolloutSpec Spec(Func<string, string> edit)
    {
        ModelMigrateConfig config = Samples.Read(edit(ConfigReaderTests.Everything)).Config!;
        return RolloutSpecFactory.Create(config.Migrations[0], config, CatalogCompiler.Compile(config));
    }
}
