using System.Globalization;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>One arm of a run: takes a row's answer from the cache or asks for it, and scores it. Stops the run when its model answers nothing. Thread-safe.</summary>
internal sealed class ArmAsker(
    ComparedArm arm, AskSettings settings, IReadOnlyList<AnswerMetric> metrics, RunOptions options, EvaluationStore? cache, ProviderConnections connections, TimeProvider time)
{
    /// <summary>So many rows without an answer one after the other, and none before: nobody is there.</summary>
    private const int MostInVain = 20;

    private const int CharactersPerToken = 4;

    /// <summary>What an answer is reckoned at when nothing bounds it, in tokens.</summary>
    private const int UsualAnswer = 4096;

    private readonly ModelAsker _model = new(arm.Model, connections, options, time, settings.Streams);
    private readonly string _key = arm.Key(settings);
    private int _inVain;

    public ComparedArm Arm => arm;

    /// <summary>The most that a row's answer may cost in US dollars, or 0 when no price is known.</summary>
    public decimal Most(DatasetRow row) =>
        arm.Model.Cost(((row.Length + (settings.System?.Length ?? 0)) / CharactersPerToken) + 1, settings.MaxTokens ?? arm.Model.MaxOutputTokens ?? UsualAnswer) ?? 0;

    /// <summary>The row's answer; or why the run has to stop.</summary>
    public async Task<(FinishedAnswer? Answer, string? Stop)> AskAsync(DatasetRow row, int repeat, CancellationToken cancel)
    {
        var key = RowHash.WithMessages(string.Create(CultureInfo.InvariantCulture, $"{_key}|repeat:{repeat}|occurrence:{row.Occurrence}"), row);
        var answer = cache?.Find(key) ?? await _model.AskAsync(settings.Request(row, repeat), row.Number, cancel);
        if (answer.Error == ModelAsker.Word(ChatErrorKind.Configuration) || answer.Error == ModelAsker.Word(ChatErrorKind.UnknownModel))
        {
            return (null, $"The {Side} {arm.Name} cannot be asked: {answer.Message} Correct its provider, key or name, then run the same command again.");
        }

        if (answer.Error is null)
        {
            Volatile.Write(ref _inVain, int.MinValue);
        }
        else if (Interlocked.Increment(ref _inVain) >= MostInVain)
        {
            return (null, $"The {Side} {arm.Name} answered none of its first {MostInVain} rows, the last with: {answer.Message} When it is there again, run the same command with --retry-errors.");
        }

        var sample = answer.Sample(row);
        return (new FinishedAnswer(row, arm.Role, repeat, key, answer, [.. metrics.Select(metric => StoredScore.Of(metric, sample))]), null);
    }

    private string Side => arm.Role == ArmRole.Source ? "source" : "target";
}
