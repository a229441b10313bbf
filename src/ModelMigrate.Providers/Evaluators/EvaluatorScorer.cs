using System.Collections;
using System.Globalization;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>Asks an evaluator and waits for it. What an evaluator says of an error is the reason why the score is missing.</summary>
internal sealed class EvaluatorScorer(object evaluator, EvaluatorShape shape, EvaluatorOptions options, TimeProvider time) : Scorer
{
    private string Name => evaluator.GetType().Name;

    public override MetricScore Score(AnswerSample sample)
    {
        using var late = new CancellationTokenSource();
        var asked = Task.Run(() => AskAsync(sample, late.Token), CancellationToken.None);
        try
        {
#pragma warning disable VSTHRD002 // Scores are asked for on threads that may wait, and the evaluator has one of its own.
            return asked.WaitAsync(options.Limit, time).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        catch (TimeoutException)
        {
            late.Cancel();
            return MetricScore.Without($"{Name} gave no score within {Quantity.Text(options.Limit)}.");
        }
    }

    private async Task<MetricScore> AskAsync(AnswerSample sample, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<object> contexts = options.Contexts is { } of ? [.. of(sample)] : [];
            return Read(await shape.EvaluateAsync(evaluator, options.Prompt?.Invoke(sample), sample.Prediction ?? "", contexts, options.Configuration, cancellation));
        }
#pragma warning disable CA1031 // Anybody's code: whatever it throws concerns this sample alone.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return MetricScore.Without($"{Name} failed: {failed.GetType().Name}: {failed.Message}");
        }
    }

    private MetricScore Read(object? result)
    {
        if (EvaluatorShape.Metric(result, options.Metric) is not { } metric)
        {
            return MetricScore.Without($"{Name} gave no metric {options.Metric}.");
        }

        double? value = EvaluatorShape.Read(metric, "Value") switch
        {
            bool yes => yes ? 1 : 0,
            double number => number,
            float number => number,
            int number => number,
            _ => null,
        };
        return value is not { } score ? MetricScore.Without($"{Name} gave {options.Metric} no number{Why(metric)}.")
            : score >= options.Low && score <= options.High ? MetricScore.Of(score)
            : MetricScore.Without(string.Create(CultureInfo.InvariantCulture, $"{Name} gave {options.Metric} {score}, which is not from {options.Low} to {options.High}."));
    }

    private static string Why(object metric)
    {
        List<string> said = [];
        foreach (var diagnostic in EvaluatorShape.Read(metric, "Diagnostics") as IEnumerable ?? Array.Empty<object>())
        {
            said.Add(EvaluatorShape.Read(diagnostic, "Message") as string ?? "");
        }

        if (EvaluatorShape.Read(metric, "Reason") is string reason)
        {
            said.Add(reason);
        }

        var words = string.Join(' ', said.Where(static text => text.Length > 0)).TrimEnd('.');
        return words.Length == 0 ? "" : $": {words}";
    }
}
