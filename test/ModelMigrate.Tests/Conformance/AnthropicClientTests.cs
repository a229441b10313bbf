namespace ModelMigrate.Tests.Conformance;

public sealed class AnthropicClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new AnthropicSamples();
}
