using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ModelMigrate.Metrics;

/// <summary>The OpenTelemetry meter provider of one server: read by <c>/metrics</c>, and pushed over OTLP when configured.</summary>
internal sealed class MetricsPipeline : IDisposable
{
    // The SDK's own boundaries are for milliseconds; a model answers between tens of milliseconds and minutes.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

    /// <summary>
    /// Label combinations kept of one metric: routes × models × arms, and for the runtime its few generations. Space for all of them is
    /// taken at the start (the SDK's own 2,000 would be several megabytes); what exceeds it is summed as <c>otel.metric.overflow</c>.
    /// </summary>
    private const int MostSeries = 500, MostRuntimeSeries = 50;

    private readonly PrometheusExporter _prometheus = new();
    private readonly MeterProvider _provider;

    /// <param name="otlp">The collector to push to over HTTP, or null for none.</param>
    public MetricsPipeline(Uri? otlp)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(ServiceResource.Describe)
            .AddMeter("ModelMigrate*", "System.Runtime")
            .AddView(Stream)
            .AddReader(new BaseExportingMetricReader(_prometheus) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
        if (otlp is not null)
        {
            builder.AddOtlpExporter(exporter =>
            {
                exporter.Endpoint = new Uri(otlp, "/v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            });
        }

        _provider = builder.Build();
    }

    /// <summary>Prometheus text of the present values.</summary>
    public string Scrape() => _prometheus.Scrape();

    private static MetricStreamConfiguration Stream(Instrument instrument)
    {
        var stream = instrument is Histogram<double> { Unit: "s" }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
            : new MetricStreamConfiguration();
        stream.CardinalityLimit = instrument.Meter.Name == "System.Runtime" ? MostRuntimeSeries : MostSeries;
        return stream;
    }

    public void Dispose()
    {
        _provider.Dispose();
        _prometheus.Dispose();
    }
}
