using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Commands.Forecasting;

/// <summary>Reads the texts of a forecast's options, and collects everything that is wrong with them.</summary>
internal sealed class ForecastInput
{
    /// <summary>What is wrong, one sentence each with what to write instead.</summary>
    public List<string> Problems { get; } = [];

    public double? Share(string option, string? text, double most, string example)
    {
        if (text is null)
        {
            return null;
        }

        if (Quantity.TryShare(text, out var share) && share <= most)
        {
            return share;
        }

        return Wrong(option, text, $"a share from 0 to {Quantity.Percent(most)}, for example {example}");
    }

    public double? Number(string option, string? text, double least, double most, string example)
    {
        if (text is null)
        {
            return null;
        }

        if (Quantity.TryNumber(text, out var number) && number >= least && number <= most)
        {
            return number;
        }

        return Wrong(option, text, FormattableString.Invariant($"a number from {least} to {most:#,0.###}, for example {example}"));
    }

    public double? Milliseconds(string option, string? text) => Milliseconds(option, text, TimeSpan.FromHours(1));

    public double? Milliseconds(string option, string? text, TimeSpan most)
    {
        if (text is null)
        {
            return null;
        }

        if (Quantity.TryDuration(text, out var time) && time > TimeSpan.Zero && time <= most)
        {
            return time.TotalMilliseconds;
        }

        return Wrong(option, text, $"a time above 0 and up to {Quantity.Text(most)}, for example {(most.TotalDays > 1 ? "7d" : "800ms")}");
    }

    /// <summary>Steps such as <c>5%:10m,25%:10m:2,50%:10m</c>: weight, hold, and the factor of the margins on it.</summary>
    public IReadOnlyList<RolloutStep>? Steps(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var steps = new List<RolloutStep>();
        for (var i = 0; i < parts.Length; i++)
        {
            var fields = parts[i].Split(':', StringSplitOptions.TrimEntries);
            var usual = Math.Min(4, Math.Pow(2, parts.Length - 1 - i));
            var factor = usual;
            if (fields.Length is < 2 or > 3
                || !Quantity.TryShare(fields[0], out var weight) || weight is < 1e-6 or >= 1
                || !Quantity.TryDuration(fields[1], out var hold) || hold > TimeSpan.FromDays(30)
                || (fields.Length == 3 && (!Quantity.TryNumber(fields[2], out factor) || factor is < 1 or > 4)))
            {
                Wrong("--steps", parts[i], "weight:hold or weight:hold:marginFactor, for example 5%:10m,25%:10m,50%:10m");
                continue;
            }

            if (i == parts.Length - 1 && factor > 1)
            {
                Wrong("--steps", parts[i], "a last step at the final margin; leave its factor out");
            }

            steps.Add(new() { WeightPpm = (int)Math.Round(weight * 1_000_000), Hold = hold, MarginFactor = factor });
            if (steps is [.., var before, var last] && last.WeightPpm <= before.WeightPpm)
            {
                Wrong("--steps", parts[i], "above the step before it; write the steps in growing order");
            }
        }

        return steps;
    }

    /// <summary>Gates with other margins, each <c>name=margin</c>; <c>quality</c> may be added.</summary>
    public IReadOnlyList<GateSpec> Margins(IReadOnlyList<GateSpec> gates, IReadOnlyList<string> texts)
    {
        var all = gates.ToList();
        foreach (var text in texts)
        {
            var (name, value) = text.Split('=', 2, StringSplitOptions.TrimEntries) is [var before, var after] ? (before, after) : (text, "");
            var at = all.FindIndex(gate => gate.Name == name);
            if (at < 0 && name == "quality")
            {
                all.Add(GateDefaults.Of(Metric.Quality));
                at = all.Count - 1;
            }

            if (at < 0)
            {
                Wrong("--margin", text, $"name=margin of one of {string.Join(", ", all.Select(gate => gate.Name))}, for example errors=1pp");
                continue;
            }

            var isRatio = MetricTraits.UnitOf(all[at].Metric) == EffectUnit.Ratio;
            if (isRatio && Quantity.TryNumber(value, out var ratio) && ratio is >= 1.01 and <= 10)
            {
                all[at] = all[at] with { Margin = ratio };
            }
            else if (!isRatio && Quantity.TryPoints(value, out var points) && points is >= 0.0001 and <= 0.5)
            {
                all[at] = all[at] with { Margin = points };
            }
            else
            {
                Wrong("--margin", text, isRatio ? $"a ratio from 1.01 to 10, for example {name}=1.5" : $"a difference from 0.01pp to 50pp, for example {name}=1pp");
            }
        }

        return all;
    }

    public double? Wrong(string option, string text, string expects)
    {
        Problems.Add($"{option}: '{text}' is not {expects}.");
        return null;
    }
}
