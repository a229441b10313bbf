using ModelMigrate.Core.Metrics.Overlap;

namespace ModelMigrate.Core.Metrics.Tools;

/// <summary>Metrics of the tools that an answer calls.</summary>
internal static class ToolMetrics
{
    private static readonly MetricParameter s_match = MetricParameter.Word("match", "name and arguments must agree, or the name alone", "call", "name");

    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "tool_call_accuracy",
            Summary = "The answer calls the tools that it should, with their arguments, and no others.",
            Parameters = [s_match, MetricParameter.Word("order", "whether the calls must come in the reference's order", "any", "exact")],
            Create = a =>
            {
                var isOrdered = a.Text("order") == "exact";
                return Calls(a, (answer, reference) => Sorted(answer).SequenceEqual(Sorted(reference), StringComparer.Ordinal) ? 1 : 0);

                IEnumerable<string> Sorted(IReadOnlyList<string> calls) => isOrdered ? calls : calls.Order(StringComparer.Ordinal);
            },
        },
        new()
        {
            Id = "tool_call_f1",
            Summary = "F1 of the calls of tools as a multiset of name and arguments, or of names.",
            Parameters = [s_match],
            Create = a => Calls(a, static (answer, reference) =>
            {
                var calls = Ngrams.Of(answer, reference);
                return calls.Texts == 2 && calls.Count(0) + calls.Count(1) == 0 ? 1 : Shares.Of(calls.Shared(1), calls.Count(0), calls.Count(1)).F;
            }),
        },
    ];

    private static ReferenceScorer Calls(MetricArguments arguments, Func<IReadOnlyList<string>, IReadOnlyList<string>, double> compare)
    {
        var onlyNames = arguments.Text("match") == "name";
        // An answer in words calls nothing.
        return new ReferenceScorer((prediction, reference) => ToolCalls.TryRead(reference, onlyNames) is { } expected
            ? MetricScore.Of(compare(ToolCalls.TryRead(prediction, onlyNames) ?? [], expected))
            : MetricScore.Without("""The reference is no list of calls; write for example [{"name":"weather","arguments":{"city":"Paris"}}], or [] for none."""));
    }
}
