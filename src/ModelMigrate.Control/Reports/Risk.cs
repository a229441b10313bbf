using System.Globalization;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Reports;

/// <summary>What can go wrong because the models differ.</summary>
/// <param name="Level"><c>high</c>, <c>medium</c> or <c>low</c>.</param>
/// <param name="Text">What, and what to do about it.</param>
internal sealed record Risk(string Level, string Text)
{
    public static IReadOnlyList<Risk> Of(ModelView? source, ModelView? target)
    {
        if (source is null || target is null)
        {
            return [new("high", "A model of this migration is no longer in the configuration, so the two cannot be compared.")];
        }

        var risks = new List<Risk>();
        if (source.ContextLength is { } from && target.ContextLength is { } to && to < from)
        {
            risks.Add(new("high", Say($"{target.Id} takes {to} tokens of context, {source.Id} takes {from}: longer requests fail on the target and are rescued while the source is there.")));
        }
        else if (source.ContextLength is null || target.ContextLength is null)
        {
            risks.Add(new("low", "The context length of a model is not in the catalog (contextLength), so requests that are too long cannot be foreseen."));
        }

        var missing = source.Capabilities.Except(target.Capabilities, StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count > 0)
        {
            risks.Add(new("high", $"{target.Id} does not declare {string.Join(", ", missing)}, which {source.Id} has."));
        }

        if (!string.Equals(source.Protocol, target.Protocol, StringComparison.Ordinal))
        {
            risks.Add(new("medium", $"The protocol changes from {source.Protocol} to {target.Protocol}: requests are translated, and what the target's protocol lacks is dropped."));
        }

        if (source.MaxOutputTokens is { } longest && target.MaxOutputTokens is { } most && most < longest)
        {
            risks.Add(new("medium", Say($"{target.Id} answers with at most {most} tokens, {source.Id} with {longest}: long answers are cut.")));
        }

        if (Price(source) is not { } old || Price(target) is not { } now)
        {
            risks.Add(new("low", "A price is missing in the catalog (inputCostPer1k, outputCostPer1k), so costs cannot be compared."));
        }
        else if (now > old)
        {
            risks.Add(new("medium", Say($"{target.Id} costs {now / old:0.00} times as much as {source.Id} for a request with as many input as output tokens.")));
        }

        return [.. risks.OrderBy(risk => risk.Level switch { "high" => 0, "medium" => 1, _ => 2 })];
    }

    private static decimal? Price(ModelView model) => model is { InputCostPer1k: { } input, OutputCostPer1k: { } output } && input + output > 0 ? input + output : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
