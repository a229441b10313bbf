using System.Runtime.InteropServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>
/// How a wish to think is put to a model: by effort, by budget, or not at all. A model that is told to think in a way it does not know
/// refuses the request, so nothing is sent unless its catalog entry names the ability.
/// </summary>
/// <param name="Budget">Thinking tokens, or null.</param>
/// <param name="Effort">A level of <c>output_config.effort</c>, or null.</param>
/// <param name="IsOff">Whether thinking is switched off in so many words.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ThinkingPlan(int? Budget, string? Effort, bool IsOff = false)
{
    /// <summary>The protocol's least budget.</summary>
    private const int LeastBudget = 1024;

    public bool IsOn => Budget is not null || Effort is not null;

    public static ThinkingPlan Of(ModelSnapshot model, ChatRequest request, int maxTokens, ChangeList changes)
    {
        if (request.Reasoning is not { } wish)
        {
            return default;
        }

        var takesEffort = model.Can(Abilities.Effort);
        var takesBudget = model.Can(Abilities.ThinkingBudget);
        if (wish.Effort == ReasoningEffort.None)
        {
            return new ThinkingPlan(null, null, IsOff: takesEffort || takesBudget);
        }

        // The protocol allows no forced tool beside thinking, and wants the thinking back that led to a tool call.
        if ((!takesEffort && !takesBudget) || IsForced(request, model) || (takesBudget && !takesEffort && LacksThinking(request)))
        {
            changes.Dropped("reasoning_effort");
            return default;
        }

        if (takesBudget && (wish.Budget is not null || !takesEffort))
        {
            return Budgeted(wish, maxTokens, changes);
        }

        var effort = NameOf(wish.Effort);
        if (wish.Budget is { } budget)
        {
            changes.Renamed("thinking.budget_tokens", $"output_config.effort {effort} for {budget}");
        }
        else if (wish.Effort is ReasoningEffort.Minimal or ReasoningEffort.XHigh)
        {
            changes.Renamed("reasoning_effort", $"output_config.effort {effort}");
        }

        return new ThinkingPlan(null, effort);
    }

    private static ThinkingPlan Budgeted(Reasoning wish, int maxTokens, ChangeList changes)
    {
        var wanted = wish.Budget ?? wish.Effort switch
        {
            ReasoningEffort.None or ReasoningEffort.Minimal or ReasoningEffort.Low => LeastBudget,
            ReasoningEffort.Medium => 4096,
            ReasoningEffort.High => 16384,
            ReasoningEffort.XHigh or ReasoningEffort.Max => 32768,
        };

        // A quarter of the answer's tokens is left for the answer itself.
        var budget = wish.Budget is not null && wanted < maxTokens ? wanted : Math.Min(wanted, maxTokens / 4 * 3);
        if (budget < LeastBudget)
        {
            changes.Dropped("reasoning_effort");
            return default;
        }

        if (wish.Budget is null)
        {
            changes.Renamed("reasoning_effort", $"thinking.budget_tokens {budget}");
        }
        else if (budget != wanted)
        {
            changes.Clamped("thinking.budget_tokens", wanted, budget);
        }

        return new ThinkingPlan(budget, null);
    }

    private static bool IsForced(ChatRequest request, ModelSnapshot model) =>
        request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named || JsonTool.IsNeeded(request, model);

    private static bool LacksThinking(ChatRequest request)
    {
        for (var i = request.Turns.Count - 1; i >= 0; i--)
        {
            var turn = request.Turns[i];
            if (turn.Role == ChatRole.Assistant)
            {
                return turn.Parts.Any(p => p is ToolCallPart) && !turn.Parts.Any(p => p is ThinkingPart { State: not null });
            }

            if (!turn.Parts.Any(p => p is ToolResultPart))
            {
                return false;
            }
        }

        return false;
    }

    private static string NameOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None or ReasoningEffort.Minimal or ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High or ReasoningEffort.XHigh => "high",
        ReasoningEffort.Max => "max",
    };
}
