using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Core.Configuration;

namespace ModelMigrate.Tests.Docs;

/// <summary>Holds the tables of the providers page to the bundled data.</summary>
public sealed class ProvidersGuideTests
{
    private static readonly string[] s_page = Source.Text("docs/guide/providers.md").Split('\n');

    [Fact]
    public void Kinds_OfTheTable_AreThoseOfTheProgram() => Assert.Equal(
        BundledCatalog.Providers.Select(preset =>
            (preset.Name, preset.BaseUrl is null ? "" : $"`{preset.BaseUrl.AbsoluteUri.TrimEnd('/')}`")),
        Rows("| `kind` | protocol |").Select(row => (row[0].Trim('`'), row[2].StartsWith('`') ? row[2] : "")));

    [Fact]
    public void Verified_Table_SaysWhatTheDataSays() => Assert.Equal(
        BundledCatalog.Providers.Select(preset => string.Join(" | ", [$"`{preset.Name}`", .. Enum.GetValues<VerifiedBy>().Select(by => Said(preset, by))])),
        Rows("| adapter | recording |").Select(row => string.Join(" | ", row)));

    [Fact]
    public void Sample_OfEveryKind_IsValid()
    {
        var read = Samples.Read(Samples.Text("providers"));

        Assert.Empty(read.Problems);
        Assert.Empty(BundledCatalog.Providers.Except(read.Config!.Providers.Select(provider => provider.Preset)).Select(preset => preset.Name));
    }

    private static string Said(ProviderPreset preset, VerifiedBy by) =>
        string.Join("; ", preset.VerifiedAgainst.Where(claim => claim.By == by).Select(claim => claim.What));

    private static IEnumerable<string[]> Rows(string head) =>
        s_page.SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray());
}
