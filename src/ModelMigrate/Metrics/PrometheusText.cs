using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ModelMigrate.Metrics;

/// <summary>
/// Writes metrics in the Prometheus text exposition format 0.0.4. Names: dots become underscores; the unit <c>s</c> or <c>By</c> and, for
/// counters, <c>total</c> are appended unless the name ends so already. A name without dots is a Prometheus name and stays as it is.
/// </summary>
internal sealed class PrometheusText
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal) { ["s"] = "seconds", ["ms"] = "milliseconds", ["By"] = "bytes" };

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);

    public void Add(Metric metric)
    {
        var counter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var name = Name(metric.Name, metric.Unit, counter);
        // A family is described once, even when two meters share its name.
        if (_families.Add(name))
        {
            if (metric.Description.Length > 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {EscapeHelp(metric.Description)}\n");
            }

            var type = counter ? "counter" : metric.MetricType == MetricType.Histogram ? "histogram" : "gauge";
            _text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            Add(name, metric.MetricType, point);
        }
    }

    public override string ToString() => _text.ToString();

    private void Add(string name, MetricType type, in MetricPoint point)
    {
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                Line(name, point.Tags, null, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                Line(name, point.Tags, null, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                Line(name, point.Tags, null, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                Line(name, point.Tags, null, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                var cumulative = 0L;
                foreach (var bucket in point.GetHistogramBuckets())
                {
                    cumulative += bucket.BucketCount;
                    Line(name + "_bucket", point.Tags, double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound), cumulative);
                }

                Line(name + "_sum", point.Tags, null, point.GetHistogramSum());
                Line(name + "_count", point.Tags, null, point.GetHistogramCount());
                break;
            case MetricType.ExponentialHistogram:
                throw new NotSupportedException("Exponential histograms are not written; no view asks for one.");
        }
    }

    private void Line(string name, ReadOnlyTagCollection tags, string? bound, double value)
    {
        _text.Append(name);
        var open = '{';
        foreach (var (key, tag) in tags)
        {
            _text.Append(open).Append(Sanitize(key)).Append("=\"").Append(EscapeLabel(Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "")).Append('"');
            open = ',';
        }

        if (bound is not null)
        {
            _text.Append(open).Append("le=\"").Append(bound).Append('"');
            open = ',';
        }

        _text.Append(open == '{' ? "" : "}").Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Name(string name, string unit, bool counter)
    {
        var result = Sanitize(name);
        if (!name.Contains('.', StringComparison.Ordinal))
        {
            return result;
        }

        if (Units.TryGetValue(unit, out var suffix) && !result.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            result += "_" + suffix;
        }

        return counter && !result.EndsWith("_total", StringComparison.Ordinal) ? result + "_total" : result;
    }

    private static string Sanitize(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string EscapeLabel(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeHelp(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
