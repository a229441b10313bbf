using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Core.Catalog;

public sealed class ModelSnapshotTests
{
    [Theory]
    [InlineData("gpt-4.1-mini", "gpt")]
    [InlineData("claude-sonnet-4-5", "claude")]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", "claude")]
    [InlineData("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude")]
    [InlineData("us-gov.amazon.nova-pro-v1:0", "nova")]
    [InlineData("meta-llama/llama3.2:3b", "llama")]
    [InlineData("qwen2.5-coder", "qwen")]
    [InlineData("ft:gpt-4o:org::id", "gpt")]
    [InlineData("gemini-2.5-pro", "gemini")]
    [InlineData("a.", "a")]
    public void Family_OfAName_IsItsFirstLettersBehindItsMaker(string name, string family) =>
        Assert.Equal(family, (Snapshots.Model() with { Name = name }).Family);
}
