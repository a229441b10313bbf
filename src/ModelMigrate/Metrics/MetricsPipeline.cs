using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ModelMigrate.Metrics;

/// <summary>The OpenTelemetry meter provider of one server: read by <c>/metrics</c>, and pushed over OTLP when configured.</summary>
internal sealed class MetricsPipeline : IDisposable
{
    private readonly PrometheusExporter _prometheus = new();
    private readonly MeterProvider _provider;

    /// <param name="otlp">Where to push, or null: the environment's <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
    public MetricsPipeline(Uri? otlp)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter("ModelMigrate*", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
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

    public void Dispose()
    {
        _provider.Dispose();
        _prometheus.Dispose();
    }
}
