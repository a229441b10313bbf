namespace ModelMigrate.Tests.Conformance;

/// <summary>The kit over every provider that is an entry of the bundled table and no code of its own.</summary>
public abstract class PresetClientTests(string preset) : ModelClientKit
{
    internal override KitSamples Samples { get; } = new OpenAiSamples(preset);
}

public sealed class GroqClientTests() : PresetClientTests("groq");

public sealed class OpenRouterClientTests() : PresetClientTests("openrouter");

public sealed class MistralClientTests() : PresetClientTests("mistral");

public sealed class OllamaClientTests() : PresetClientTests("ollama");

public sealed class VllmClientTests() : PresetClientTests("vllm");

public sealed class TgiClientTests() : PresetClientTests("tgi");

public sealed class LocalAiClientTests() : PresetClientTests("localai");

public sealed class LlamaCppClientTests() : PresetClientTests("llama.cpp");

public sealed class MlxClientTests() : PresetClientTests("mlx");

public sealed class LmStudioClientTests() : PresetClientTests("lmstudio");

public sealed class AzureClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new AzureSamples("2024-10-21");
}

public sealed class AzureV1ClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new AzureSamples(null);
}

/// <summary>Azure: the key in a header of its own, and the deployment in the path where the surface is a dated one.</summary>
internal sealed record AzureSamples(string? Version) : OpenAiSamples("azure")
{
    public override string Configuration => base.Configuration + (Version is null ? "" : $", apiVersion: \"{Version}\"");

    public override string CredentialHeader => "api-key";

    public override string Credential => KitRig.Key;

    public override string Target => Version is null ? "/openai/v1/chat/completions" : $"/openai/deployments/m-name/chat/completions?api-version={Version}";

    public override string HealthTarget => Version is null ? "/openai/v1/models" : $"/openai/models?api-version={Version}";

    public override string InfoTarget => HealthTarget;

    public override string? Forbidden => """
        {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt",
        "code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}
        """;
}
