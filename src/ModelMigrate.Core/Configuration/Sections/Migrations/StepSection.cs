using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration.Sections.Migrations;

/// <summary>Reads a migration's <c>steps</c>: <c>10%</c>, or a group with the weight and what differs from the migration's settings.</summary>
internal static class StepSection
{
    // The widest error margin times this stays below 1.
    private const double MaxFactor = 4;

    /// <summary>At least one step; the default ones when the key is absent or useless.</summary>
    public static IReadOnlyList<StepConfig> Read(MapReader migration, TimeSpan hold)
    {
        var drafts = new List<Draft>();
        foreach (var (node, path) in migration.Items("steps") ?? [])
        {
            if (Read(migration, node, path) is { } draft)
            {
                CheckOrder(migration.Problems, draft, drafts);
                drafts.Add(draft);
            }
        }

        // 100 % is what a promotion does; it may be written as the end of the list and is no step of its own.
        if (drafts is [.., { Weight: 1 } last])
        {
            if (last.HasMore)
            {
                migration.Problems.Warning(
                    last.Node, last.Path, "step-ignored", $"{last.Path}: 100% is the promotion, decided on the step before it; its other keys have no effect.",
                    "Write them on the step before.");
            }

            drafts.RemoveAt(drafts.Count - 1);
        }

        if (drafts.Count == 0 && migration.Node("steps") is YamlSequence list)
        {
            if (list.Items.All(item => item is YamlScalar { Text: "100%" }))
            {
                migration.Problems.Error(
                    list, migration.PathOf("steps"), "no-step", $"{migration.PathOf("steps")} has no step below 100%, so nothing would be compared.",
                    "Write for example [10%, 25%, 50%].");
            }
        }

        if (drafts.Count == 0)
        {
            drafts.AddRange(StepDefaults.Canary.Select(step => new Draft((double)step.WeightPpm / SplitSnapshot.Total, null, null, false, false, migration.Place, "")));
        }

        return [.. drafts.Select((draft, i) => Finish(migration.Problems, draft, i, drafts.Count, hold))];
    }

    private static Draft? Read(MapReader migration, YamlNode node, string path)
    {
        if (node is not YamlMapping)
        {
            // A single value is the weight: read it as if it stood under that key.
            var scalar = new YamlMapping([new(new("weight", IsPlain: true, node.Start, node.End), node)], IsFlow: false, node.Start, node.End);
            return Weight(migration.Of(scalar, node, path)!, path) is { } share ? new(share, null, null, false, false, node, path) : null;
        }

        var step = migration.Of(node, node, path)!;
        step.Missing("weight", "Write the target's share, for example 'weight: 10%'.");
        var weight = Weight(step, step.PathOf("weight"));
        var draft = new Draft(
            weight ?? 0,
            step.Duration("hold", TimeSpan.Zero, TimeSpan.FromDays(30)),
            step.Number("marginFactor", 1, MaxFactor),
            step.Flag("approval") ?? false,
            step.Has("hold") || step.Has("marginFactor") || step.Has("approval"),
            node,
            path);
        step.Finish();
        return weight is null ? null : draft;
    }

    private static double? Weight(MapReader step, string path)
    {
        if (step.Share("weight", 0, 1) is not { } weight)
        {
            return null;
        }

        if (weight * SplitSnapshot.Total >= 1)
        {
            return weight;
        }

        step.Problems.Error(step.At("weight"), path, "weight-zero", $"{path}: a step of 0% sends nothing to the target.", "Write more than 0%, or remove the step.");
        return null;
    }

    private static void CheckOrder(ProblemList problems, Draft draft, List<Draft> before)
    {
        if (before is [.., var last] && draft.Weight <= last.Weight)
        {
            problems.Error(
                draft.Node, draft.Path, "step-order", $"{draft.Path} ({Quantity.Percent(draft.Weight)}) is not above the step before it ({Quantity.Percent(last.Weight)}).",
                "Write the steps in growing order.");
        }
    }

    private static StepConfig Finish(ProblemList problems, Draft draft, int index, int count, TimeSpan hold)
    {
        var isLast = index == count - 1;
        if (isLast && draft.MarginFactor is { } factor && factor > 1)
        {
            problems.Error(
                draft.Node, draft.Path, "margin-factor", $"{draft.Path}: the last step decides at the final margin, so its marginFactor is 1, not {factor}.",
                "Remove marginFactor here, or change the gates' margin.");
        }

        return new()
        {
            WeightPpm = (int)Math.Round(draft.Weight * SplitSnapshot.Total),
            Hold = draft.Hold ?? hold,
            MarginFactor = draft.MarginFactor ?? Math.Min(4, Math.Pow(2, count - 1 - index)),
            Approval = draft.Approval,
        };
    }

    private sealed record Draft(double Weight, TimeSpan? Hold, double? MarginFactor, bool Approval, bool HasMore, YamlNode Node, string Path);
}
