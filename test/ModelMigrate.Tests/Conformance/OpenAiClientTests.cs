namespace ModelMigrate.Tests.Conformance;

public sealed class OpenAiClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new OpenAiSamples("openai");
}
