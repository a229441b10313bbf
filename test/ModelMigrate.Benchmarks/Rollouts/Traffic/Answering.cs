using ModelMigrate.Core.Observing;

namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>Works out what an arm makes of a request. A function of the request's draws and nothing else.</summary>
internal static class Answering
{
    /// <summary>Standard deviations of the first token's logarithm, of a prompt's quality, and of the cost's logarithm.</summary>
    private const double FirstSigma = 0.4, PromptSigma = 0.12, CostSigma = 0.5;

    public static Answer Serve(in Arrival request, ArmModel arm)
    {
        var at = request.At;
        var throttled = arm.Throttled(at);
        var errors = arm.Errors(at) + (arm.KeyErrors?.Invoke(request.Key) ?? 0);
        var first = arm.FirstToken * arm.SlowerFirst(at) * Math.Exp(FirstSigma * request.First);
        if (request.Fate < throttled + errors)
        {
            return new Answer(request.Fate < throttled ? Outcome.Throttled : Outcome.Error, arm.ErrorSeconds ?? first, double.NaN, double.NaN, 0);
        }

        var total = arm.Median * arm.Slower(at) * Math.Exp(arm.Sigma * request.Total);
        if (request.Tail < arm.TailShare)
        {
            var stretch = Math.Pow(Math.Max(request.Tail / arm.TailShare, 1e-6), -1 / arm.TailShape);
            total *= stretch;
            first *= stretch;
        }

        if (total > arm.Timeout)
        {
            return new Answer(Outcome.Timeout, arm.Timeout, double.NaN, double.NaN, 0);
        }

        var quality = Math.Clamp(arm.Quality + (PromptSigma * request.Prompt) + (arm.AnswerSigma * request.Answer), 0, 1);

        // A long answer costs more: the cost shares the latency's draw.
        var cost = arm.Cost * Math.Exp((CostSigma * request.Total) - (CostSigma * CostSigma / 2));
        return new Answer(Outcome.Ok, total, Math.Min(first, total), quality, cost);
    }
}
