using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ModelMigrate.Metrics;

/// <summary>Turns what the OpenTelemetry reader collects into Prometheus text, when asked for it. One scrape at a time.</summary>
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _gate = new();
    private string _text = "";

    public Func<int, bool>? Collect { get; set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new PrometheusText();
        foreach (var metric in batch)
        {
            text.Add(metric);
        }

        _text = text.ToString();
        return ExportResult.Success;
    }

    /// <summary>The present values in Prometheus text format 0.0.4.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            _text = "";
            Collect?.Invoke(Timeout.Infinite);
            return _text;
        }
    }
}
