using System.Runtime.InteropServices;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange;

/// <summary>What the assigned arm itself made of a request, whoever answers it in the end. Has one owner, the exchange.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ArmRecord
{
    private TimeSpan? _firstToken;
    private Usage? _usage;
    private string? _version;
    private bool? _refused;

    public Outcome? Outcome { get; set; }

    /// <summary>From the request's start to the end of the arm's part in it.</summary>
    public TimeSpan Latency { get; set; }

    public void Take(AttemptResult result, TimeSpan latency, TimeSpan? firstToken)
    {
        (Outcome, Latency, _firstToken) = (result.Outcome, latency, firstToken);
        (_usage, _version, _refused) = (result.Usage, result.ModelVersion, result.Refused);
    }

    /// <summary>The observation that the arm is charged with; the checks are those that looked at the arm's own answer.</summary>
    public readonly Observation Observe(
        Assignment assignment, long ticket, ReadOnlySpan<CheckResult> checks, decimal? cost, bool rescued, bool userError)
    {
        var signals = assignment.Split?.Signals ?? CountedSignals.None;
        var looked = _refused is null ? 0 : signals.BitOf(Signal.Refusal);
        var failed = _refused == true ? looked : 0;
        foreach (var (check, passed, _) in checks)
        {
            var bit = signals.BitOf(check);
            looked |= bit;
            failed |= passed ? 0 : bit;
        }

        return new Observation
        {
            Ticket = ticket,
            Outcome = Outcome ?? Core.Observing.Outcome.Error,
            FirstToken = _firstToken,
            Latency = Latency,
            InputTokens = _usage?.InputTokens ?? 0,
            OutputTokens = _usage?.OutputTokens ?? 0,
            Cost = cost,
            Rescued = rescued,
            UserError = userError,
            Checked = looked,
            FailedChecks = failed,
            ModelVersion = _version,
        };
    }
}
