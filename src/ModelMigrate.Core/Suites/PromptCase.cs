using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Core.Suites;

/// <summary>A conversation, and what its answer is held against.</summary>
public sealed record PromptCase : SuiteCase
{
    public required ChatRequest Request { get; init; }

    /// <summary>The assertions, each of which must hold.</summary>
    public required PromptfooTest Test { get; init; }
}
