using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Parity;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Asks source and target the same prompts, each pair one after the other and the first of them in turn, so that nothing but the model differs.</summary>
internal sealed class ParityProbe(SuiteTargets targets, ProviderConnections connections, TimeProvider time)
{
    public async Task<TryResult> TryAsync(ParityCase each, long? seed, CancellationToken cancel)
    {
        var terms = each.Parity;
        var (problems, rows) = await ReadAsync(terms, targets.Folder, cancel);
        if (problems.Count > 0)
        {
            return new TryResult(CaseOutcome.Refused, string.Join(' ', problems));
        }

        var options = new RunOptions { Concurrency = terms.Concurrency, Retries = 0, Timeout = TimeSpan.FromMinutes(2) };
        var (source, target) = (new ModelAsker(targets.Source!, connections, options, time), new ModelAsker(targets.Model!, connections, options, time));
        var settings = new AskSettings { System = terms.System, Temperature = terms.Temperature, MaxTokens = terms.MaxTokens, Seed = seed };
        var pairs = new ParityPair[rows.Count];
        await Parallel.ForAsync(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = terms.Concurrency, CancellationToken = cancel }, async (i, stop) =>
        {
            var request = settings.Request(rows[i], repeat: 0);
            var first = await AskAsync(i % 2 == 0 ? source : target, request, i, stop);
            var second = await AskAsync(i % 2 == 0 ? target : source, request, i, stop);
            pairs[i] = i % 2 == 0 ? new ParityPair(first, second, rows[i].References) : new ParityPair(second, first, rows[i].References);
        });
        var verdict = ParityJudge.Judge(terms, pairs, new GateOptions());
        return new TryResult(Outcome(verdict), verdict.Reason) { Figures = verdict.Figures };
    }

    /// <summary>The rows that are asked, and everything that is wrong with them.</summary>
    public static async Task<(IReadOnlyList<string> Problems, IReadOnlyList<DatasetRow> Rows)> ReadAsync(ParityTerms terms, string folder, CancellationToken cancel)
    {
        var map = ColumnMap.TryCreate(terms.Map, out var wrong);
        var (problems, found, rows) = (new List<string>(wrong.Select(static problem => $"map: {problem}")), new DatasetProblems(), new List<DatasetRow>());
        if (map is not null)
        {
            await foreach (var row in new Dataset(Path.Combine(folder, terms.Dataset), map, RowFilter.All).ReadAsync(found, hash: null, cancel))
            {
                if (rows.Count == terms.Rows)
                {
                    break;
                }

                rows.Add(row);
            }
        }

        problems.AddRange(found.Kept.Select(static problem => problem.ToString()));
        if (problems.Count == 0 && rows.Count == 0)
        {
            problems.Add($"{terms.Dataset} has no rows; parity of nothing says nothing.");
        }

        if (terms.NeedsReferences && rows.Count(static row => row.References.Count == 0) is > 0 and var without)
        {
            problems.Add($"{terms.Accuracy!.Definition.Id} compares with a reference, and {without} of {rows.Count} rows of {terms.Dataset} name none. Map it (reference: COLUMN), or leave 'accuracy' out.");
        }

        return (problems, rows);
    }

    private static async Task<ParitySide> AskAsync(ModelAsker model, ChatRequest request, long row, CancellationToken cancel)
    {
        var answer = await model.AskAsync(request, row, cancel);
        return answer.Error is null ? new ParitySide(answer.Text ?? "", answer.LatencyMs) : new ParitySide(Text: null, LatencyMs: null);
    }

    private static CaseOutcome Outcome(ParityVerdict verdict) => verdict.Verdict switch
    {
        GateVerdict.Pass => CaseOutcome.Pass,
        GateVerdict.Fail => CaseOutcome.Fail,
        GateVerdict.Inconclusive => CaseOutcome.Inconclusive,
        GateVerdict.Refused => verdict.IsUnanswered ? CaseOutcome.Error : CaseOutcome.Refused,
    };
}
