using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>Words between white space: exactly so many, or within bounds.</summary>
internal static class WordCount
{
    public static Finding Of(AssertionInput input)
    {
        var words = input.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return Bounds(input.Value) is not var (least, most)
            ? Finding.Wrong("word-count takes a number, or min and max.")
            : Finding.Of(words >= least && words <= most, (least == most ? $"have {least} words" : $"have {(least > 0 ? least : 0)} to {(double.IsInfinity(most) ? "any number of" : most)} words") + $"; it has {words}");
    }

    /// <summary>The bounds, or null when the value has none or the lower is above the upper.</summary>
    public static (double Least, double Most)? Bounds(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var (least, most) = (Number(value, "min"), Number(value, "max"));
            return least is null && most is null ? null : (least ?? 0) <= (most ?? double.PositiveInfinity) ? (least ?? 0, most ?? double.PositiveInfinity) : null;
        }

        return double.TryParse(TemplateText.Of(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? (exact, exact) : null;
    }

    private static double? Number(JsonElement group, string name) => group.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
