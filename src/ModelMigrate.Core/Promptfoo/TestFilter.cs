namespace ModelMigrate.Core.Promptfoo;

/// <summary>Which tests of a configuration are run.</summary>
/// <param name="Pattern">What the description contains; null for any.</param>
/// <param name="First">How many of those, from the first on; null for all.</param>
public sealed record TestFilter(string? Pattern = null, int? First = null)
{
    public IEnumerable<PromptfooTest> Of(IEnumerable<PromptfooTest> tests) => tests.Where(IsMeant).Take(First ?? int.MaxValue);

    public bool IsMeant(PromptfooTest test) => Pattern is not { } pattern || test.Description?.Contains(pattern, StringComparison.Ordinal) == true;
}
