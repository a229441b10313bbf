using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>A model as a configuration names it.</summary>
/// <param name="Id">As written: <c>openai:chat:gpt-4.1</c>, <c>echo</c>.</param>
/// <param name="Label">What results call it.</param>
/// <param name="Kind">The entry of the bundled table of providers; null for <c>echo</c>, which answers with its prompt, and for servers over plain HTTP.</param>
/// <param name="Model">The provider's name of the model.</param>
public sealed record PromptfooProvider(string Id, string Label, string? Kind, string Model)
{
    /// <summary>Where the protocol's paths begin; null for the provider's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The key itself where the file has it or a variable gives it.</summary>
    public string? ApiKey { get; init; }

    public double? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    public double? TopP { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Labels of the prompts that it is asked; empty for all.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>What the model may call.</summary>
    public IReadOnlyList<PromptfooTool> Tools { get; init; } = [];

    /// <summary>What it may call by the older name, <c>functions</c>. Sent as tools.</summary>
    public IReadOnlyList<PromptfooTool> Functions { get; init; } = [];

    /// <summary>Whether and which of them it must call; null leaves it to the model.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>A server that is asked over plain HTTP; null for a model.</summary>
    public PromptfooHttp? Http { get; init; }

    /// <summary>Azure's, with which the model is a deployment in the path; null for none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>How requests to Bedrock are signed, or null.</summary>
    public AwsAccess? Aws { get; init; }

    /// <summary>Whose tokens go with requests to Vertex AI, or null.</summary>
    public GoogleAccess? Google { get; init; }

    /// <summary>Whether the bundled table's prices hold where it is asked.</summary>
    public bool IsPriced { get; init; }

    /// <summary>How long to wait after each of its answers; null for the configuration's.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>What is made of each of its answers first; null for nothing.</summary>
    public PromptfooTransform? Transform { get; init; }

    public bool IsEcho => Kind is null && Http is null;
}
