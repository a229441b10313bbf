using System.Collections.Concurrent;
using System.Collections.Frozen;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.OpenAi.Embeddings;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Has the models that a configuration names judge answers. What that costs is kept apart from what the answers cost. Asked by any number at once.</summary>
internal sealed class AnswerJudge(ProviderConnections connections, RunOptions options, TimeProvider time)
{
    private const int MostTokens = 2048;

    private readonly FrozenDictionary<OutsideKind, AnswerQuestion> _questions = new Dictionary<OutsideKind, AnswerQuestion>
    {
        [OutsideKind.Rubric] = new RubricQuestion(),
        [OutsideKind.Criterion] = new CriterionQuestion(),
        [OutsideKind.Facts] = new FactsQuestion(),
        [OutsideKind.Similarity] = new SimilarityQuestion(),
        [OutsideKind.Steps] = new StepsQuestion(),
        [OutsideKind.Recall] = new RecallQuestion(),
        [OutsideKind.Relevance] = new RelevanceQuestion(),
        [OutsideKind.Faithfulness] = new FaithfulnessQuestion(),
        [OutsideKind.AnswerRelevance] = new AnswerRelevanceQuestion(),
    }.ToFrozenDictionary();

    private readonly ConcurrentDictionary<PromptfooProvider, JudgeModel> _judges = new();
    private readonly ConcurrentDictionary<PromptfooProvider, TextEmbedder> _embedders = new();

    /// <summary>What judging did cost so far, by model.</summary>
    public IReadOnlyList<(PromptfooProvider Judge, JudgeCost Cost)> Costs =>
        [.. _judges.Select(static pair => (pair.Key, pair.Value.Usage.Cost)), .. _embedders.Select(static pair => (pair.Key, pair.Value.Usage.Cost))];

    public Task<OutsideResult> AskAsync(OutsideTask task, PromptfooRow row, PromptfooMode mode, CancellationToken cancel)
    {
        var (judge, embedder) = (task.Assertion.Judge, task.Assertion.Embedder);
        return _questions[task.Assertion.Needs].AskAsync(
            new JudgedAnswer(task, row, mode, judge is null ? null : _judges.GetOrAdd(judge, Judge), embedder is null ? null : _embedders.GetOrAdd(embedder, Embedder)), cancel);
    }

    /// <summary>Which of the rows of one test is the best; one result for each.</summary>
    public Task<IReadOnlyList<OutsideResult>> BestAsync(OutsideTask task, IReadOnlyList<PromptfooRow> rows, PromptfooMode mode, CancellationToken cancel) =>
        BestQuestion.AskAsync(_judges.GetOrAdd(task.Assertion.Judge!, Judge), task, [.. rows.Select(static row => row.Output ?? "")], mode, cancel);

    private JudgeModel Judge(PromptfooProvider provider)
    {
        var model = PromptfooModel.Of(provider);
        return new JudgeModel(model, Adapters.For(model.Calls[0], connections, time), Limits(provider), time);
    }

    private TextEmbedder Embedder(PromptfooProvider provider) => new(PromptfooModel.Of(provider), new EmbeddingClient(connections, time), Limits(provider), time);

    private JudgeLimits Limits(PromptfooProvider provider) => new() { MaxTokens = provider.MaxTokens ?? MostTokens, CallLimit = options.Timeout, Tries = options.Retries + 1 };
}
