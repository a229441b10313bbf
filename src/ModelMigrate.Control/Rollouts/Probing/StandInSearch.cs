using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Rollouts.Probing;

/// <summary>Asks the source and then each fallback, in order, until one serves.</summary>
internal sealed class StandInSearch(SourceProbe probe, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Everybody asked, in order; only the last may serve. A model without a snapshot is one that the configuration no longer has.</summary>
    public async Task<IReadOnlyList<ProbeResult>> FindAsync(IReadOnlyList<(ModelId Id, ModelSnapshot? Model)> candidates)
    {
        var results = new List<ProbeResult>();
        foreach (var (id, model) in candidates)
        {
            var problem = model is null ? "The configuration no longer has it." : await AskAsync(model);
            results.Add(new ProbeResult(id, problem));
            if (problem is null)
            {
                break;
            }
        }

        return results;
    }

    private async Task<string?> AskAsync(ModelSnapshot model)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            return await probe(model, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return $"it did not answer within {timeout.TotalSeconds:0} s.";
        }
#pragma warning disable CA1031 // Whatever breaks in a probe, the answer is that the model does not serve, never a stuck rollback.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return failed.Message;
        }
    }
}
