using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>Scores kept answers by metrics that were not asked for when they came: a metric more, or a new version of one, asks no model again.</summary>
internal sealed class Rescoring(Dataset dataset, EvaluationStore store, StoreScope scope, int repeats)
{
    private const int MostTogether = 512;

    public async Task RunAsync(CancellationToken cancel)
    {
        var lacking = store.Unscored(scope);
        if (lacking.Count == 0)
        {
            return;
        }

        var scores = new List<(long, int, ArmRole, long, StoredScore)>(MostTogether);
        await foreach (var row in dataset.ReadAsync(new DatasetProblems(), hash: null, cancel))
        {
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                foreach (var role in new[] { ArmRole.Source, ArmRole.Target })
                {
                    if (store.Find(scope, role, row.Number, repeat) is not { } answer)
                    {
                        continue;
                    }

                    var sample = answer.Sample(row);
                    scores.AddRange(lacking.Where(metric => !store.HasScore(scope, metric.Number, role, row.Number, repeat))
                        .Select(metric => (row.Number, repeat, role, metric.Number, StoredScore.Of(metric.Metric, sample))));
                }
            }

            if (scores.Count >= MostTogether)
            {
                store.Write(scope, scores);
                scores.Clear();
            }
        }

        store.Write(scope, scores);
    }
}
