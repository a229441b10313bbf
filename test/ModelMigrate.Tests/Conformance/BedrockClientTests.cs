namespace ModelMigrate.Tests.Conformance;

public sealed class BedrockClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new BedrockSamples(Signs: true);
}

public sealed class BedrockKeyClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new BedrockSamples(Signs: false);
}
