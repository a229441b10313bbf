using ModelMigrate.Core.Configuration;
using ModelMigrate.Gateway.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace ModelMigrate.Metrics;

/// <summary>
/// The OpenTelemetry tracer provider of one server: samples requests and sends their spans over OTLP. It holds 2,048 spans at most; what comes
/// faster than the collector takes it is lost.
/// </summary>
internal sealed class TracePipeline : IDisposable
{
    private readonly TracerProvider _provider;

    private TracePipeline(Uri otlp, double share) => _provider = Sdk.CreateTracerProviderBuilder()
        .AddSource(RequestTraces.Name)
        .ConfigureResource(ServiceResource.Describe)
        // Whoever began a trace has decided whether it is kept; a trace with holes helps nobody.
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(share)))
        .AddOtlpExporter(exporter =>
        {
            exporter.Endpoint = new Uri(otlp, "/v1/traces");
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        })
        .Build();

    /// <summary>Null when no request is to be traced: then nobody listens, and no span is made.</summary>
    public static TracePipeline? For(TelemetryConfig telemetry) => telemetry is { Otlp: { } otlp, Traces: > 0 } ? new(otlp, telemetry.Traces) : null;

    public void Dispose() => _provider.Dispose();
}
