using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;

namespace ModelMigrate.Tests.Core.Catalog;

public sealed class BundledCatalogTests
{
    [Fact]
    public void Providers_EveryEntry_IsUsable()
    {
        Assert.Equal(BundledCatalog.Providers.Count, BundledCatalog.Providers.DistinctBy(preset => preset.Name).Count());
        Assert.All(BundledCatalog.Providers, preset =>
        {
            Assert.NotEmpty(preset.Sources);
            Assert.All(preset.Sources, source => Assert.StartsWith("https://", source, StringComparison.Ordinal));
            Assert.Empty(preset.Rejects.Except(Abilities.Rejectable));
            Assert.True(preset.BaseUrl is not null || preset.Name is "azure" or "bedrock");
            Assert.True(preset.BaseUrl is not { IsLoopback: true } || preset.KeyVariable is null);
        });
    }

    /// <summary>Each claim names the test that holds it, and that test exists.</summary>
    [Fact]
    public void Providers_VerifiedAgainst_NamesATestOfThisSuite()
    {
        var tests = typeof(BundledCatalogTests).Assembly.GetTypes().Where(type => type is { IsPublic: true, IsAbstract: false }).Select(type => type.Name).ToHashSet();

        Assert.Empty(
            from preset in BundledCatalog.Providers
            from claim in preset.VerifiedAgainst
            where !tests.Contains(claim.Test)
            select $"{preset.Name}: {claim.Test}");
    }

    [Fact]
    public void Models_EveryEntry_IsDatedSourcedAndOfAKnownProvider()
    {
        Assert.Equal(BundledCatalog.Models.Count, BundledCatalog.Models.DistinctBy(model => (model.Provider, model.Name)).Count());
        Assert.All(BundledCatalog.Models, model =>
        {
            Assert.NotNull(BundledCatalog.Find(model.Provider));
            Assert.StartsWith("https://", model.Source, StringComparison.Ordinal);
            Assert.InRange(model.AsOf, new DateOnly(2025, 1, 1), new DateOnly(2100, 1, 1));
            Assert.Equal(model.InputCostPer1k is null, model.OutputCostPer1k is null);
            Assert.Empty(model.Rejects.Except(Abilities.Rejectable));
            Assert.True(model.MaxOutputTokens is null || model.MaxOutputTokens <= model.ContextLength);
        });
    }

    [Theory]
    [InlineData("2026-01-01", 90, false)]
    [InlineData("2026-04-01", 90, false)]
    [InlineData("2026-04-02", 90, true)]
    public void IsStale_ByDays_FromTheDayAfter(string today, int days, bool stale)
    {
        var model = new BundledModel { Provider = "p", Name = "m", AsOf = new DateOnly(2026, 1, 1), Source = "https://x" };

        Assert.Equal(stale, model.IsStale(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture), days));
    }
}
