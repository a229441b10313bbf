using System.Globalization;

namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>What an answer is graded by.</summary>
/// <param name="Text">The operator's words: what each grade means.</param>
/// <param name="Low">The worst grade.</param>
/// <param name="High">The best grade, at most <see cref="MostSteps"/> above.</param>
public sealed record Rubric(string Text, int Low, int High)
{
    /// <summary>Judges cannot tell finer scales apart.</summary>
    public const int MostSteps = 20;

    /// <summary>Reads <c>1-5</c>.</summary>
    public static bool TryScale(string text, out int low, out int high)
    {
        (low, high) = (0, 0);
        return text.Split('-') is [var first, var second] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out low)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out high) && low < high && high - low <= MostSteps;
    }
}
