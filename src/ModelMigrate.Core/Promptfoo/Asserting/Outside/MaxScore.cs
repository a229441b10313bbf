using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>Finds the row whose other assertions score highest, as promptfoo 0.121 does: of equal ones the first.</summary>
/// <param name="IsSum">Scores are summed, not averaged.</param>
/// <param name="Weights">By the type of an assertion; 1 where none is written.</param>
/// <param name="Least">What the highest must reach; null for anything.</param>
public sealed record MaxScore(bool IsSum, IReadOnlyDictionary<string, double> Weights, double? Least)
{
    private const string Expected = "it takes 'method: average' or 'method: sum', 'weights: {TYPE: NUMBER}' and 'threshold: NUMBER'";

    /// <summary>What comes of each row, by the grades of its other assertions.</summary>
    public static IReadOnlyList<OutsideResult> Of(OutsideTask task, IReadOnlyList<Grade> rows)
    {
        var rule = task.Assertion.Prepared as MaxScore ?? new MaxScore(IsSum: false, new Dictionary<string, double>(StringComparer.Ordinal), Least: null);
        var scores = rows.Select(rule.Score).ToList();
        var highest = scores.Max(static each => each.Score);
        var winner = highest >= (rule.Least ?? double.NegativeInfinity) ? scores.FindIndex(each => each.Score == highest) : -1;
        return
        [
            .. scores.Select((each, i) => new OutsideResult
            {
                Pass = i == winner,
                Reason = i == winner ? $"The highest score, {AssertionInput.Shown(each.Score)}"
                    : winner < 0 ? $"No row reaches {AssertionInput.Shown(rule.Least!.Value)}: this one has {AssertionInput.Shown(each.Score)}"
                    : $"The score {AssertionInput.Shown(each.Score)} is not the highest, {AssertionInput.Shown(highest)}{(each.Score == highest ? ", which another row had first" : "")}",
                NamedScores = new Dictionary<string, double>(StringComparer.Ordinal) { ["maxScore"] = each.Score, ["assertionCount"] = each.Count, ["totalWeight"] = each.Weight },
            }),
        ];
    }

    /// <summary>Reads the value; or says what is wrong with it.</summary>
    internal static (object? Compiled, string Wrong) Compile(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return (null, "");
        }

        var (isSum, weights, least) = (false, new Dictionary<string, double>(StringComparer.Ordinal), (double?)null);
        foreach (var (name, part) in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(static each => (each.Name, each.Value)) : [("", value)])
        {
            switch (name)
            {
                case "method" when TemplateText.Of(part) is "average" or "sum":
                    isSum = TemplateText.Of(part) == "sum";
                    break;
                case "threshold" when part.ValueKind == JsonValueKind.Number:
                    least = part.GetDouble();
                    break;
                case "weights" when part.ValueKind == JsonValueKind.Object && part.EnumerateObject().All(static each => IsType(each.Name) && each.Value.ValueKind == JsonValueKind.Number && each.Value.GetDouble() >= 0):
                    weights = part.EnumerateObject().ToDictionary(static each => each.Name, static each => each.Value.GetDouble(), StringComparer.Ordinal);
                    break;
                default:
                    return (null, Expected);
            }
        }

        return (new MaxScore(isSum, weights, least), "");
    }

    private (double Score, int Count, double Weight) Score(Grade row)
    {
        var others = row.Components.Where(static each => each.Assertion is { IsSet: false, Compares: false }).ToList();
        var weights = others.ConvertAll(each => Weights.GetValueOrDefault(each.Assertion!.Type, 1));
        var (sum, weight) = (others.Zip(weights, static (each, by) => each.Score * by).Sum(), weights.Sum());
        return (IsSum ? sum : weight > 0 ? sum / weight : 0, others.Count, weight);
    }

    private static bool IsType(string written) => AssertionTypes.Find(written.StartsWith(AssertionTypes.Not, StringComparison.Ordinal) ? written[AssertionTypes.Not.Length..] : written) is { Compares: false };
}
