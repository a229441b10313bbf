namespace ModelMigrate.Tests.Conformance;

public sealed class GeminiClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new GeminiSamples();
}
