using System.Globalization;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control.Api;

/// <summary>Turns what the loop shows into what the admin API says.</summary>
internal static class Views
{
    public static MigrationSummary Summary(RolloutReading item) => new()
    {
        Id = item.Spec.Id.Value,
        Route = item.Spec.Route.Value,
        Source = item.Spec.Source.Value,
        Target = item.Spec.Target.Value,
        Strategy = item.Spec.Strategy,
        Phase = MigrationSummary.PhaseText(item.State.Phase, item.State.Step),
        Step = item.State.Step + 1,
        Steps = item.Spec.Steps.Count,
        Weight = item.State.WeightPpm / 1e6,
        Attempt = item.State.Attempt,
        Since = item.State.Phase == RolloutPhase.Planned ? null : item.State.Since,
        Reason = item.State.Reason,
        Active = item.State.IsActive,
    };

    public static MigrationDetail Detail(RolloutReading item, ControlReading all, IReadOnlyList<EventView> events, string? diff = null)
    {
        var summary = Summary(item);
        return new MigrationDetail
        {
            Id = summary.Id,
            Route = summary.Route,
            Source = summary.Source,
            Target = summary.Target,
            Strategy = summary.Strategy,
            Phase = summary.Phase,
            Step = summary.Step,
            Steps = summary.Steps,
            Weight = summary.Weight,
            Attempt = summary.Attempt,
            Since = summary.Since,
            Reason = summary.Reason,
            Active = summary.Active,
            SpecHash = item.SpecHash,
            TargetProven = item.State.TargetProven,
            EvidenceEpoch = item.State.EvidenceEpoch,
            SourceArm = Arm(item.Spec.Source, item.Evidence?.Source, all),
            TargetArm = Arm(item.Spec.Target, item.Evidence?.Target, all),
            Gates = Gates(item),
            StopRules = [.. item.Spec.HardStops.Select(stop => Rule(stop, item.State))],
            Blockers = Blockers(item, all),
            ExposureSpent = item.State.ExposureSpent,
            ExposureLeft = item.ExposureLeft,
            ExposureBudget = item.Spec.ExposureBudget,
            EvidenceGapSeconds = item.GapSeconds,
            PendingChanges = item.Pending,
            NextCheckSeconds = NextCheck(item, all.At),
            // Those that would do something: what is accepted without a change is no advice.
            Verbs =
            [
                .. RolloutVerbs.Table.Where(rule => rule.Phase == item.State.Phase && !rule.Refused && (rule.Next is not null || rule.Verb == RolloutVerb.Finalize))
                    .Select(rule => Name(rule.Verb)),
            ],
            Events = events,
            Diff = diff,
        };
    }

    public static IReadOnlyList<GateView> Gates(RolloutReading item) => item.Evidence is not { } evidence ? [] :
    [
        .. from gate in evidence.Gates
           let explained = Explanations.Of(gate, item.State.WeightPpm / 1e6)
           select new GateView
           {
               Gate = gate.Name,
               Metric = Name(gate.Metric),
               Check = gate.Check,
               CountedBy = Name(gate.CountedBy),
               Paired = MetricTraits.IsPaired(gate.Metric),
               SourceMean = gate.SourceMean,
               TargetMean = gate.TargetMean,
               NoDataSeconds = gate.NoDataSeconds,
               Verdict = Name(gate.Verdict),
               Required = gate.Required,
               Margin = gate.Margin,
               Unit = Name(gate.Unit),
               FinalMargin = gate.FinalMargin,
               SourceTrials = gate.SourceExposures,
               SourceEvents = gate.SourceEvents,
               TargetTrials = gate.TargetExposures,
               TargetEvents = gate.TargetEvents,
               HarmLog10 = Finite(gate.HarmLog10),
               HarmWithoutOneKeyLog10 = Finite(gate.HarmWithoutOneKeyLog10),
               HarmAdjustedLog10 = Finite(gate.HarmAdjustedLog10 ?? gate.HarmLog10),
               HarmNeeded = Finite(gate.HarmNeededLog10),
               WatchLog10 = gate.WatchLog10,
               WatchNeeded = gate.WatchNeededLog10,
               PromoteLog10 = Finite(gate.PromoteLog10),
               PromoteNeeded = Finite(gate.PromoteNeededLog10),
               PromoteFinalLog10 = Finite(gate.PromoteFinalLog10),
               HarmMissing = Finite(explained.HarmMissingLog10),
               PromoteMissing = Finite(explained.PromoteMissingLog10),
               PromoteFinalMissing = Finite(explained.PromoteFinalMissingLog10),
               Effect = gate.Effect,
               EffectLow = gate.EffectLow,
               EffectHigh = gate.EffectHigh,
               EffectIsReliable = gate.EffectIsReliable,
               HarmAssumed = explained.HarmAssumed,
               HarmNeeds = explained.HarmNeeds,
               PromoteNeeds = explained.PromoteNeeds,
               PromoteFinalNeeds = explained.PromoteFinalNeeds,
               Explanation = explained.Lines,
               Alpha = gate.HarmAlpha,
               Note = gate.Note,
           },
    ];

    public static RouteView Route(RouteSnapshot route) => new()
    {
        Id = route.Id.Value,
        Model = route.Model.Id.Value,
        Fallback = [.. route.Fallback.Select(model => model.Id.Value)],
        Migration = route.Split?.Migration.Value,
        Source = route.Split?.Source.Id.Value,
        Target = route.Split?.Target.Id.Value,
        Weight = route.Split?.WeightPpm / 1e6,
        MaxConcurrent = route.MaxConcurrent,
    };

    public static ModelView Model(ModelSnapshot model) => new()
    {
        Id = model.Id.Value,
        Name = model.Name,
        Provider = model.Provider.Id.Value,
        Protocol = model.Provider.Kind switch
        {
            ProviderKind.OpenAi => "openai", ProviderKind.Anthropic => "anthropic", ProviderKind.Gemini => "gemini", ProviderKind.Bedrock => "bedrock",
        },
        Version = model.Version,
        Architecture = model.Architecture,
        Parameters = model.Parameters,
        ContextLength = model.ContextLength,
        MaxOutputTokens = model.MaxOutputTokens,
        InputCostPer1k = model.InputCostPer1K,
        OutputCostPer1k = model.OutputCostPer1K,
        P50Ms = model.P50Ms,
        P99Ms = model.P99Ms,
        Capabilities = model.Capabilities,
    };

    /// <summary>An enum's name in snake case.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static ArmView Arm(ModelId model, ArmEvidence? arm, ControlReading all)
    {
        var ended = arm is null ? 0 : arm.Succeeded + arm.Failures;
        return new ArmView
        {
            Model = model.Value,
            Provider = all.Loaded.Catalog.TryGetValue(model, out var known) ? known.Provider.Id.Value : "",
            Admitted = arm?.Admissions ?? 0,
            Ended = ended,
            Failures = arm?.Failures ?? 0,
            ErrorRate = ended == 0 ? null : (double)arm!.Failures / ended,
            Rescued = arm?.Rescued ?? 0,
            UserErrors = arm?.UserErrors ?? 0,
            Outcomes = arm is null ? new Dictionary<string, long>(StringComparer.Ordinal) : new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["ok"] = arm.Succeeded,
                ["error"] = arm.Failures - arm.Throttled - arm.Timeouts - arm.Skipped,
                ["throttled"] = arm.Throttled,
                ["timeout"] = arm.Timeouts,
                ["skipped"] = arm.Skipped,
                ["client_error"] = arm.ClientErrors,
                ["canceled"] = arm.Canceled,
            },
            P50Ms = arm?.P50Ms,
            P90Ms = arm?.P90Ms,
            P95Ms = arm?.P95Ms,
            P99Ms = arm?.P99Ms,
            FirstTokenP50Ms = arm?.FirstTokenP50Ms,
            FirstTokenP90Ms = arm?.FirstTokenP90Ms,
            InputTokens = arm?.InputTokens ?? 0,
            OutputTokens = arm?.OutputTokens ?? 0,
            Cost = known?.InputCostPer1K is null ? null : arm?.Cost,
        };
    }

    private static string Rule(HardStopSpec stop, RolloutState state)
    {
        var fired = state.Fired.Where(mark => mark.Name == stop.Name).Select(mark => mark.At).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stop.Name}: {stop.Words()}, silent for {stop.Cooldown.TotalSeconds:0} s after it fires; {(fired.Count == 0 ? "has not fired" : $"fired {fired[0].UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}")}.");
    }

    private static List<string> Blockers(RolloutReading item, ControlReading all)
    {
        var blockers = new List<string>();
        if (!item.State.IsActive)
        {
            return blockers;
        }

        if (all.StoreProblem is { } store)
        {
            blockers.Add($"The journal cannot be written: {store}");
        }

        if (item.Evidence is { } evidence)
        {
            // While it watches, it waits for time alone unless a gate says worse.
            var watches = item.State.Phase is RolloutPhase.Promoting or RolloutPhase.Watching;
            blockers.AddRange(evidence.Gates.Where(gate => gate.IsWaitedFor && (watches ? gate.Verdict == Verdict.Worse : gate.Verdict != Verdict.NotWorse))
                .Select(gate => $"Gate {gate.Name} is {Name(gate.Verdict)}{(gate.Note is null ? "" : $" ({gate.Note})")}."));
            if (evidence.FewKeys is { } fewKeys)
            {
                blockers.Add(fewKeys);
            }

            if (evidence.SampleRatio.Mismatch)
            {
                blockers.Add("The arms do not get the share of keys that the weight says (sample ratio).");
            }

            if (evidence.Fault is { } fault)
            {
                blockers.Add(fault);
            }

            if (evidence.ExposureLeft == 0)
            {
                blockers.Add("The exposure budget is used up.");
            }
        }

        if (NextCheck(item, all.At) is > 0 and var seconds)
        {
            blockers.Add($"The {(item.State.Phase == RolloutPhase.Watching ? "watch" : "hold")} has {seconds:0} s to go.");
        }

        return blockers;
    }

    private static double? NextCheck(RolloutReading item, DateTimeOffset now)
    {
        DateTimeOffset? due = item.State.Phase switch
        {
            RolloutPhase.Running or RolloutPhase.Holding => item.State.StepSince + item.Spec.Steps[item.State.Step].Hold,
            RolloutPhase.Watching => item.State.Since + item.Spec.Watch,
            RolloutPhase.Promoting or RolloutPhase.RollingBack => now,
            _ => null,
        };
        return due is null ? null : Math.Max(0, (due.Value - now).TotalSeconds);
    }

    // JSON has no infinity.
    private static double Finite(double value) => double.IsNaN(value) ? 0 : Math.Clamp(value, -1e6, 1e6);
}
