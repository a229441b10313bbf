using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>What comes of a run, whole and by model and prompt. Owned by whoever adds its rows.</summary>
public sealed class PromptfooTotals
{
    private readonly SortedDictionary<int, (PromptfooProvider Provider, PromptfooPrompt Prompt, PromptfooSums Sums)> _arms = [];

    public PromptfooSums Whole { get; } = new();

    /// <summary>By their number in the results.</summary>
    public IReadOnlyDictionary<int, (PromptfooProvider Provider, PromptfooPrompt Prompt, PromptfooSums Sums)> Arms => _arms;

    public void Add(PromptfooRow row)
    {
        if (!_arms.TryGetValue(row.PromptIndex, out var arm))
        {
            _arms[row.PromptIndex] = arm = (row.Provider, row.Prompt, new PromptfooSums());
        }

        arm.Sums.Add(row);
        Whole.Add(row);
    }
}
