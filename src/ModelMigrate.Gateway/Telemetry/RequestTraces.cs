using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Providers.Exchange.Tracing;

namespace ModelMigrate.Gateway.Telemetry;

/// <summary>
/// Makes one server span for each client request while anybody listens; its parent is the client's <c>traceparent</c>. Without a listener a
/// request costs one look at that, and nothing is allocated.
/// </summary>
public sealed class RequestTraces : IDisposable
{
    /// <summary>The source's name, for exporters.</summary>
    public const string Name = "ModelMigrate.Gateway";

    private const string TraceParent = "traceparent", TraceState = "tracestate";

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Where the spans come from; those of a request's attempts, too.</summary>
    internal ActivitySource Source { get; } = new(Name);

    public void Dispose() => Source.Dispose();

    /// <summary>Serves within a span; <paramref name="route"/> is the path's template, as the paths themselves may hold ids.</summary>
    internal RequestDelegate Trace(string route, RequestDelegate serve) =>
        context => Source.HasListeners() ? TraceAsync(context, route, serve) : serve(context);

    private async Task TraceAsync(HttpContext context, string route, RequestDelegate serve)
    {
        // The host's own span, if there is one, is exported by nobody: below it a trace would have a hole, and would not be sampled.
        Activity.Current = null;
        var method = Array.Find(s_methods, known => HttpMethods.Equals(known, context.Request.Method)) ?? "_OTHER";
        using var activity = Source.StartActivity($"{method} {route}", ActivityKind.Server, ParentOf(context.Request.Headers));
        if (activity is not { IsAllDataRequested: true })
        {
            await serve(context);
            return;
        }

        activity.SetTag(SpanTags.Method, method).SetTag(SpanTags.HttpRoute, route);
        context.Features.Set(new RequestSpan(activity));
        var isBug = true;
        try
        {
            await serve(context);
            isBug = false;
        }
        finally
        {
            var status = context.Response.StatusCode;
            activity.SetTag(SpanTags.Status, status).SetTag(SpanTags.RequestId, context.TraceIdentifier);
            if ((isBug && !context.RequestAborted.IsCancellationRequested) || status >= StatusCodes.Status500InternalServerError)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    /// <summary>The client's trace context, or none where it sends none or one that is not valid.</summary>
    private static ActivityContext ParentOf(IHeaderDictionary headers) =>
        headers.TryGetValue(TraceParent, out var parent) && ActivityContext.TryParse(parent.ToString(), headers[TraceState].ToString() is { Length: > 0 } state ? state : null, isRemote: true, out var context)
            ? context
            : default;
}
