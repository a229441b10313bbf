namespace ModelMigrate.Core.Promptfoo;

/// <summary>Which tests of a configuration are run.</summary>
/// <param name="Pattern">What the description contains; null for any.</param>
/// <param name="First">How many of those as they are written, from the first on, each with all its values and repetitions; null for all.</param>
public sealed record TestFilter(string? Pattern = null, int? First = null)
{
    /// <summary>Tells of one test after the other, in their order, whether it is run.</summary>
    public Func<PromptfooTest, bool> Start()
    {
        var (written, count) = (-1, 0);
        return test =>
        {
            if (Pattern is { } pattern && test.Description?.Contains(pattern, StringComparison.Ordinal) != true)
            {
                return false;
            }

            (count, written) = (test.Written == written ? count : count + 1, test.Written);
            return First is not { } first || count <= first;
        };
    }
}
