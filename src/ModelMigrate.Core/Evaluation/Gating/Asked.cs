using System.Globalization;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>One gate with what its pairs say, before the other gates are looked at.</summary>
internal sealed class Asked
{
    private readonly Compared _data;
    private readonly GateOptions _options;
    private readonly PairedInference _inference;

    // Where the gain is held against; with a relative margin it stands in the gain.
    private readonly double _line;

    // What a relative margin added to the gain.
    private readonly double _moved;

    public Asked(MetricGate gate, Compared data, GateOptions options)
    {
        (Gate, _data, _options) = (gate, data, options);
        Margin = gate.IsRelative ? gate.Margin * data.Source : gate.Margin;
        _inference = data.Infer(gate.IsRelative ? gate.Margin : 0);
        _line = gate.IsRelative ? 0 : -Margin;
        _moved = gate.IsRelative ? Margin : 0;
        PPass = _inference.PAbove(_line);
        PFail = _inference.PBelow(_line);
        PEqual = Math.Min(1, 2 * Math.Min(_inference.PAbove(_moved), _inference.PBelow(_moved)));
    }

    public MetricGate Gate { get; }

    /// <summary>In the metric's unit.</summary>
    public double Margin { get; }

    public double PPass { get; }

    public double PFail { get; }

    public double PEqual { get; }

    /// <summary>How much better the target is.</summary>
    public double Gain => _inference.Gain - _moved;

    /// <summary>Whether no target could be worse by the margin, so that a pass would say nothing.</summary>
    private bool IsBlind => _data.Worst is { } worst && Math.Abs(_data.Source - worst) < Margin;

    private bool IsLower => _data.Direction == MetricDirection.LowerIsBetter;

    public MetricVerdict Verdict(double passAdjusted, double failAdjusted, double level)
    {
        var isEnough = _data.Pairs >= Gate.MinimumCases;
        var verdict = !isEnough || IsBlind ? GateVerdict.Inconclusive
            : passAdjusted <= _options.Alpha ? GateVerdict.Pass
            : failAdjusted <= _options.Alpha ? GateVerdict.Fail
            : GateVerdict.Inconclusive;
        var shown = _inference.At(_options.Confidence);
        var (low, high) = (shown.Low - _moved, shown.High - _moved);
        var bound = _inference.OneSided(1 - level).Low - _moved;
        // Of equal arms, whose differences vary about 0.
        var ifEqual = _inference.Variance + (Gate.IsRelative || !_data.IsYesNo ? 0 : Gain * Gain);
        var ifTwice = !_data.IsYesNo || Gate.IsRelative ? ifEqual : Math.Max(0, ifEqual - (4 * Margin * Margin));
        var required = IsBlind ? null : Required(ifEqual, Margin, level);
        var asSeen = IsBlind ? null : Required(_inference.Variance, Math.Abs(Margin + Gain), level);
        return new MetricVerdict
        {
            Metric = Gate.Metric,
            Verdict = verdict,
            Margin = Margin,
            RelativeMargin = Gate.IsRelative ? Gate.Margin : null,
            Cases = _data.Pairs,
            Missing = _data.Cases - _data.Pairs,
            Source = _data.Source,
            Target = _data.Target,
            Difference = _data.Target - _data.Source,
            Low = IsLower ? -high : low,
            High = IsLower ? -low : high,
            Bound = IsLower ? -bound : bound,
            PPass = PPass,
            PPassAdjusted = passAdjusted,
            PFail = PFail,
            PFailAdjusted = failAdjusted,
            PEqual = PEqual,
            Method = _inference.Method,
            RequiredCases = required,
            RequiredCasesAsSeen = asSeen,
            PowerToPass = Power(ifEqual, Margin, level),
            PowerToFail = Power(ifTwice, Margin, level),
            Reason = Words(verdict, isEnough, IsLower ? -bound : bound, required, asSeen),
        };
    }

    /// <summary>Never below what the gate asks at least; null when no number is enough.</summary>
    private double? Required(double variance, double distance, double level)
    {
        var cases = RequiredCases.NonInferiority(variance, distance, alpha: level, power: _options.Power);
        return double.IsFinite(cases) ? Math.Max(Math.Ceiling(cases), Gate.MinimumCases) : null;
    }

    private double? Power(double variance, double distance, double level) =>
        variance > 0 ? RequiredCases.Power(_data.Pairs, variance, distance, level) : null;

    private string Words(GateVerdict verdict, bool isEnough, double bound, double? required, double? asSeen)
    {
        var worst = string.Create(CultureInfo.InvariantCulture, $"target − source is {_data.Target - _data.Source:+0.####;-0.####;0}, at worst {bound:+0.####;-0.####;0}, margin {Margin:0.####}, {_data.Pairs} pairs");
        return verdict switch
        {
            GateVerdict.Pass => $"Not worse by the margin: {worst}.",
            GateVerdict.Fail => string.Create(CultureInfo.InvariantCulture, $"Worse by more than the margin: target − source is {_data.Target - _data.Source:+0.####;-0.####;0}, margin {Margin:0.####}, {_data.Pairs} pairs, p {(PFail < 0.0001 ? "< 0.0001" : PFail.ToString("0.####", CultureInfo.InvariantCulture))}."),
            GateVerdict.Inconclusive or GateVerdict.Refused => IsBlind
                ? string.Create(CultureInfo.InvariantCulture, $"Not decided: the source reaches {_data.Source:0.####}, so near to the worst there is, {_data.Worst:0.####}, that no target could be worse by the margin of {Margin:0.####}. Look at its answers, whether data and metric fit them; else ask for a smaller margin.")
                : isEnough
                ? $"Not decided: {worst}. {Settle(required, asSeen)}"
                : string.Create(CultureInfo.InvariantCulture, $"Not decided: {_data.Pairs} pairs are fewer than the {Gate.MinimumCases} that the gate asks. {Settle(required, asSeen)}"),
        };
    }

    private string Settle(double? required, double? asSeen)
    {
        var (equal, seen) = (Count(required), Count(asSeen));
        var power = string.Create(CultureInfo.InvariantCulture, $"{100 * _options.Power:0.#} %");
        return string.Create(CultureInfo.InvariantCulture, $"To be settled with a chance of {power} it takes {equal} if the arms are equal, {seen} if the difference is as seen.");

        static string Count(double? cases) => cases is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0} pairs") : "more pairs than there can be";
    }
}
