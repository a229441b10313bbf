using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Asks a prompt and holds the answer against the case's assertions.</summary>
internal sealed class PromptProbe(ModelSnapshot model, ProviderConnections connections, RunOptions options, TimeProvider time)
{
    private readonly ModelAsker _model = new(model, connections, options, time);

    /// <param name="each">The case.</param>
    /// <param name="seed">Sent to the model, or null.</param>
    /// <param name="repeat">From 0; a model that is served in several places is asked there in turn.</param>
    /// <param name="cancel">Ends at the case's time limit.</param>
    public async Task<TryResult> TryAsync(PromptCase each, long? seed, int repeat, CancellationToken cancel)
    {
        // The case's own limit ends the call, so that it is a failure of the case and not of the provider.
        var answer = await _model.AskAsync(each.Request with { Seed = seed }, repeat, cancel, each.Terms.Timeout * 2);
        if (answer.Error is { } error)
        {
            return TryResult.Broken($"{error}: {answer.Message}");
        }

        var grade = Grader.Of(
            each.Test, each.Test.Vars, new GradedAnswer(answer.Text ?? "") { LatencyMs = answer.LatencyMs, Cost = (double?)answer.Cost, Finish = answer.Finish == "stop_text" ? "stop" : answer.Finish }, PromptfooMode.Strict);
        return grade.Error is { } unknown ? TryResult.Broken(unknown)
            : grade.Pass ? TryResult.Passed()
            : TryResult.Failed(string.Join(' ', Failed(grade).Select(static reason => reason.EndsWith('.') ? reason : reason + ".")), answer.Text);
    }

    private static List<string> Failed(Grade grade) =>
        [.. grade.Components.Where(static each => each is { Pass: false, Assertion.IsSet: false }).Select(static each => each.Reason).DefaultIfEmpty(grade.Reason).Distinct(StringComparer.Ordinal)];
}
