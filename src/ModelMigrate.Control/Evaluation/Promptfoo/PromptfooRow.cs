using System.Text.Json;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>One test, asked of one model with one prompt.</summary>
public sealed record PromptfooRow
{
    /// <summary>From 0, in the order of the configuration; each repeat counts.</summary>
    public required int TestIndex { get; init; }

    /// <summary>From 0, over every model's prompts.</summary>
    public required int PromptIndex { get; init; }

    public required PromptfooTest Test { get; init; }

    /// <summary>The arm's, whoever answers.</summary>
    public required PromptfooProvider Provider { get; init; }

    public required PromptfooPrompt Prompt { get; init; }

    /// <summary>With the variables that name others filled.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Vars { get; init; }

    /// <summary>Who answers: the test's own model, else the arm's.</summary>
    public PromptfooProvider Answerer => Test.Provider ?? Provider;

    /// <summary>The prompt as it was asked; null when a variable could not stand in it.</summary>
    public string? Rendered { get; init; }

    public string? Output { get; init; }

    /// <summary>The answer where it is no text; <see cref="Output"/> is then its JSON. Of kind undefined for a text.</summary>
    public JsonElement Value { get; init; }

    public double? LatencyMs { get; init; }

    public decimal? Cost { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public string? Finish { get; init; }

    /// <summary>Null for a row without an answer.</summary>
    public Grade? Grade { get; init; }

    /// <summary>Why there is no grade: no failure of the answer's, and no success.</summary>
    public string? Error { get; init; }

    /// <summary>What a program or a model said of the answer, by the assertion itself; null for none.</summary>
    internal IReadOnlyDictionary<PromptfooAssertion, OutsideResult>? Outside { get; init; }

    /// <summary>The answer as each assertion with a transform sees it; null for none.</summary>
    internal IReadOnlyDictionary<PromptfooAssertion, TransformedAnswer>? Transformed { get; init; }

    /// <summary>The answer before the test's own transform; null where it has none.</summary>
    internal GradedAnswer? Given { get; init; }

    /// <summary>The same with another answer.</summary>
    internal PromptfooRow With(JsonElement answer)
    {
        var graded = new GradedAnswer("").With(answer);
        return this with { Output = graded.Output, Value = graded.Value };
    }

    /// <summary>The answer as assertions see it.</summary>
    internal GradedAnswer Answer
    {
        get
        {
            var answer = new GradedAnswer(Output ?? "") { LatencyMs = LatencyMs, Cost = (double?)Cost, Finish = Finish, Provider = Answerer };
            return Value.ValueKind == JsonValueKind.Undefined ? answer : answer.With(Value);
        }
    }

    public bool IsPass => Error is null && Grade is { Pass: true };
}
