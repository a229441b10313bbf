using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary>Verdicts as people and scripts read them.</summary>
internal static class GateWords
{
    public static ExitCode Exit(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => ExitCode.Ok,
        GateVerdict.Fail => ExitCode.Negative,
        GateVerdict.Inconclusive => ExitCode.Undecided,
        GateVerdict.Refused => ExitCode.Usage,
    };

    public static string Of(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "pass",
        GateVerdict.Fail => "FAIL",
        GateVerdict.Inconclusive => "inconclusive",
        GateVerdict.Refused => "refused",
    };

    public static string Of(Recommendation? recommendation) => recommendation switch
    {
        Recommendation.Recommended => "recommended",
        Recommendation.Caution => "caution",
        Recommendation.NotRecommended => "not recommended",
        null => "none",
    };

    /// <summary>A gate whole: what each metric says, then what all come to. A refusal goes to the error stream.</summary>
    public static void Say(CommandContext context, GateResult gate)
    {
        foreach (var refusal in gate.Refusals)
        {
            context.Terminal.Error.WriteLine(refusal.Message);
        }

        foreach (var metric in gate.Metrics)
        {
            context.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{Of(metric.Verdict),-12} {metric.Metric}: {metric.Source:0.####} -> {metric.Target:0.####}, difference {metric.Difference:+0.####;-0.####;0} [{metric.Low:+0.####;-0.####;0}, {metric.High:+0.####;-0.####;0}], margin {metric.Margin:0.####}, {metric.Cases} pairs"));
            if (metric.Verdict != GateVerdict.Pass)
            {
                context.Say($"             {metric.Reason}");
            }
        }

        if (gate.Verdict != GateVerdict.Refused)
        {
            context.Say($"{Of(gate.Verdict)}. {gate.Reason}");
        }
    }
}
