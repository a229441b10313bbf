using System.Reflection;
using OpenTelemetry.Resources;

namespace ModelMigrate.Metrics;

/// <summary>Who sends metrics and traces, as their collector sees it. <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> go before.</summary>
internal static class ServiceResource
{
    public static void Describe(ResourceBuilder resource) => resource
        .AddService("model-migrate", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
        .AddEnvironmentVariableDetector();
}
