using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Tracing;

/// <summary>The finished spans of one gateway, as an exporter gets them. Other tests' gateways run in this process, too: theirs are not heard.</summary>
internal sealed class HeardSpans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    private HeardSpans(ActivitySource source, ActivitySamplingResult sampled)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = other => ReferenceEquals(other, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampled,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<Activity> All => _ended;

    public static HeardSpans Of(GatewayHost gateway, ActivitySamplingResult sampled = ActivitySamplingResult.AllDataAndRecorded) =>
        new(gateway.Services.GetRequiredService<RequestTraces>().Source, sampled);

    /// <summary>The server span of the only request, once it has ended, and its attempts in order.</summary>
    public async Task<(Activity Request, IReadOnlyList<Activity> Attempts)> OneAsync()
    {
        await Waiting.UntilAsync(() => _ended.Any(span => span.Kind == ActivityKind.Server));
        var request = Assert.Single(_ended, span => span.Kind == ActivityKind.Server);
        return (request, [.. _ended.Where(span => span.Kind == ActivityKind.Client && span.ParentSpanId == request.SpanId).OrderBy(span => span.StartTimeUtc)]);
    }

    public static string Text(Activity span, string tag) => span.GetTagItem(tag) switch
    {
        null => "",
        string[] many => string.Join(" | ", many),
        IEnumerable<string> many => string.Join(" | ", many),
        IFormattable one => one.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var other => other.ToString()!,
    };

    public void Dispose() => _listener.Dispose();
}
