namespace ModelMigrate.Comparing;

/// <summary>All prompts on one model.</summary>
/// <param name="Model">Which.</param>
/// <param name="Fine">Answered, and every check of the route passed.</param>
/// <param name="FailedChecks">Answered, but a check failed.</param>
/// <param name="Changed">Asked otherwise than the prompt says.</param>
/// <param name="InputTokens">Of all prompts together.</param>
/// <param name="OutputTokens">Of all prompts together.</param>
/// <param name="P50Ms">Median time of the answered ones, in milliseconds; null for none.</param>
/// <param name="P95Ms">95th percentile of the same.</param>
/// <param name="FirstTokenP50Ms">Median time to the first content of streams; null for none.</param>
/// <param name="Cost">US dollars; null when a price or a usage is unknown.</param>
/// <param name="Errors">How often each went wrong.</param>
internal sealed record CompatArm(
    string Model, int Fine, int FailedChecks, int Changed, long InputTokens, long OutputTokens, double? P50Ms, double? P95Ms, double? FirstTokenP50Ms, decimal? Cost,
    IReadOnlyDictionary<string, int> Errors)
{
    public static CompatArm Of(string model, IReadOnlyCollection<CompatAnswer> answers)
    {
        var answered = answers.Where(answer => answer.Error is null).Select(answer => answer.Ms).Order().ToList();
        return new CompatArm(
            model, answers.Count(answer => answer.IsFine), answers.Count(answer => answer.FailedChecks.Count > 0), answers.Count(answer => answer.Changes is not null),
            answers.Sum(answer => answer.InputTokens ?? 0), answers.Sum(answer => answer.OutputTokens ?? 0), Quantile(answered, 0.5), Quantile(answered, 0.95),
            Quantile([.. answers.Select(answer => answer.FirstTokenMs).OfType<double>().Order()], 0.5),
            answers.Any(answer => answer.Cost is null) ? null : answers.Sum(answer => answer.Cost),
            new SortedDictionary<string, int>(answers.Where(answer => answer.Error is not null).CountBy(answer => answer.Error!).ToDictionary(), StringComparer.Ordinal));
    }

    /// <summary>The least value that at least this share of the sorted values does not exceed.</summary>
    private static double? Quantile(List<double> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
}
