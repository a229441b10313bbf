using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Gateway.Ingress.Choosing;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Serves chat requests of one protocol: reads and checks the request, and hands it to the exchange.</summary>
internal abstract partial class ChatEndpoint(ChatServices services, ILogger logger)
{
    private const string Json = "application/json";

    private static readonly List<KeyValuePair<string, string>> NoHeaders = [];

    protected Refusals Refusals => services.Refusals;

    protected ExchangeRunner Exchanges => services.Exchanges;

    protected TimeProvider Time => services.Time;

    /// <summary>What a request's body must be.</summary>
    protected virtual string ContentType => Json;

    public async Task HandleAsync(HttpContext context)
    {
        context.TraceIdentifier = Guid.CreateVersion7(Time.GetUtcNow()).ToString("N");
        try
        {
            await ReadAndServeAsync(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // A bug of ours; the client still gets an error that its library can read.
            LogBug(context.TraceIdentifier, e);
            context.Response.Clear();
            await Refusals.WriteAsync(context, new RequestProblem(500, "internal_error", "The gateway failed. Its log has more under the request id."));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadAndServeAsync(HttpContext context)
    {
        var snapshot = services.Feed.Current;
        if (Refusal(context, snapshot, out var client) is { } refused)
        {
            await Refusals.WriteAsync(context, refused);
            return;
        }

        try
        {
            await ReadAsync(context, snapshot, client);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Refusals.WriteAsync(context, new RequestProblem(e.StatusCode, "invalid_http", $"The request is not valid HTTP: {e.Message}"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
    }

    /// <summary>Reads the request's body, and goes on with <see cref="RouteAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected virtual async ValueTask ReadAsync(HttpContext context, RoutingSnapshot snapshot, ClientSnapshot? client)
    {
        using var bytes = await BodyReader.ReadAsync(context);
        if (bytes is null)
        {
            await RefuseLengthAsync(context, BodyReader.MaxBody);
        }
        else if (!TryRead(bytes.Memory, out var body, out var problem))
        {
            await Refusals.WriteAsync(context, problem);
        }
        else
        {
            await RouteAsync(context, snapshot, client, body);
        }
    }

    /// <summary>Finds the route that a request asks for, and serves it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected async ValueTask RouteAsync(HttpContext context, RoutingSnapshot snapshot, ClientSnapshot? client, ChatBody body)
    {
        if (!snapshot.Routes.TryGetValue(body.ModelName, out var route) || client?.MayUse(route.Id) == false)
        {
            await Refusals.WriteAsync(context, UnknownModel.Of(snapshot, client, body.ModelName));
        }
        else if (!services.Gate.TryEnter(context, client, route, body, out var pass, out var problem))
        {
            await Refusals.WriteAsync(context, problem);
        }
        else
        {
            using (pass)
            {
                await ServeAsync(context, snapshot, route, body);
            }
        }
    }

    protected Task RefuseLengthAsync(HttpContext context, long most)
    {
        context.Response.Headers.Connection = "close";
        return Refusals.WriteAsync(context, new RequestProblem(
            413, "body_too_large", $"The body is larger than {most >> 20} MB. Send less, or files by reference."));
    }

    /// <summary>Scans a body, or says what is wrong with it.</summary>
    protected abstract bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem);

    /// <summary>The client's side of an exchange.</summary>
    protected abstract ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected virtual async ValueTask ServeAsync(HttpContext context, RoutingSnapshot snapshot, RouteSnapshot route, ChatBody body)
    {
        ResponseHeaders.WriteId(context.Response.Headers, route.ResponseHeaders, context.TraceIdentifier);
        if (!StrategyWish.TryRead(context, route, out var strategy, out var problem))
        {
            await Refusals.WriteAsync(context, problem);
            return;
        }

        var pass = context.Features.Get<ClientPass>();
        var span = RequestSpan.Of(context);
        using var key = StickyKeyOf(context, route, body);
        var request = new ExchangeRequest
        {
            Snapshot = snapshot,
            Route = route,
            Key = key.Memory,
            Body = body,
            Rule = body.Holder is null ? RuleMatch.Of(context, route, body, key.Memory, pass?.Client?.Name) : null,
            Strategy = strategy,
            Headers = Leaving(context.Request.Headers) ?? NoHeaders,
            Span = span?.Activity,
        };
        span?.Begin(request, pass?.Client?.Name);
        using var client = ClientOf(context, body, route.ResponseHeaders);
        if (body.Stream)
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }

        // Where no migration compares arms, the arm is known before the exchange.
        var arm = request.Rule?.Model ?? route.Split?.Source ?? route.Model;
        var visit = MayBeGivenAgain(body, arm) ? services.Caches.Visit(context.Request, route, arm, body.Bytes, pass?.Tenant ?? "") : null;
        if (visit is not null && await AnsweredAsync(visit, client, context, snapshot, route, arm))
        {
            return;
        }

        var report = await Exchanges.RunAsync(request, client, context.RequestAborted, services.Drain.Expired);
        if (visit?.Key is not null)
        {
            // First of all: the client has its answer, and may ask the same again at once.
            services.Caches.Keep(visit, route, report, client.Recorded!);
        }

        pass?.Settle(report);
        services.Meters.Record(report, pass?.Client?.Name);
        span?.Record(report);
        if (report.UserError is { } error)
        {
            LogFailed(context.TraceIdentifier, route.Id, error.Kind, error.Message);
        }

        for (var i = 0; i < report.Checks.Count; i++)
        {
            if (!report.Checks[i].Passed)
            {
                LogCheck(context.TraceIdentifier, route.Id, report.AnsweredBy!.Value, report.Checks[i].Check, report.Checks[i].Fault ?? "the whole");
            }
        }

        if (client.IsBroken)
        {
            throw new BrokenAnswerException();
        }
    }

    /// <summary>Gives an answer again, or has the fresh one remembered.</summary>
    private async ValueTask<bool> AnsweredAsync(CacheVisit visit, ChatClient client, HttpContext context, RoutingSnapshot snapshot, RouteSnapshot route, ModelSnapshot arm)
    {
        services.Meters.Record(route.Id, visit);
        RequestSpan.Of(context)?.Record(visit);
        if (route.ResponseHeaders == ResponseHeadersMode.Full)
        {
            context.Response.Headers[ResponseHeaders.Cache] = visit.Word;
        }

        if (visit.Found is not { } answer)
        {
            if (visit.Key is not null)
            {
                client.Record(route.Cache!.MaxEntry);
            }

            return false;
        }

        // No model is called and no arm is met: neither limits of the route nor evidence know of it.
        var assignment = new Assignment { Snapshot = snapshot, Route = route, Arm = Arm.Source, Model = arm };
        await client.ReplayAsync(answer, assignment, services.Caches.AgeOf(answer), context.RequestAborted);
        return true;
    }

    /// <summary>Forms are not JSON. A response that its provider keeps stands for one conversation, and one that rests on what a provider keeps is not told by the request alone.</summary>
    private static bool MayBeGivenAgain(ChatBody body, ModelSnapshot arm) =>
        body.Upload is null && (body.Operation != Operation.Responses || (body.Untranslatable is null && !(body.IsKept && arm.Calls.Any(static call => call.TakesResponses))));

    private RequestProblem? Refusal(HttpContext context, RoutingSnapshot snapshot, out ClientSnapshot? client)
    {
        client = null;
        if (services.Drain.IsDraining)
        {
            context.Response.Headers.Connection = "close";
            context.Response.Headers.RetryAfter = "1";
            return new RequestProblem(503, "draining", "The gateway is shutting down. Send the request again.");
        }

        if (!ClientKeys.TryFind(snapshot, context.Request, out client))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return RequestProblem.UnknownKey;
        }

        if (!IsOf(context.Request.ContentType, ContentType))
        {
            return new RequestProblem(415, "unsupported_content_type", $"The content type must be '{ContentType}'.");
        }

        return context.Request.Headers.ContentEncoding.Count == 0 || context.Request.Headers.ContentEncoding == "identity"
            ? null
            : new RequestProblem(415, "unsupported_content_encoding", "The body must not be compressed. Send it without 'Content-Encoding'.");
    }

    private static bool IsOf(string? contentType, string wanted) =>
        contentType is not null && contentType.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == wanted.Length || contentType[wanted.Length] is ';' or ' ');

    protected static PooledBytes StickyKeyOf(HttpContext context, RouteSnapshot route, ChatBody body)
    {
        var key = new PooledBytes(StickyKey.MaxLength);
        if (route.Split is null && !route.Affinity && route.Rules.Count == 0)
        {
            return key;
        }

        if (context.Request.Headers.TryGetValue(route.StickyHeader, out var header) && header.ToString() is { Length: > 0 } text)
        {
            key.Append(StickyKey.OfUser(Encoding.UTF8.GetBytes(text)));
        }
        else if (body.User.Length > 0)
        {
            key.Append(StickyKey.OfUser(body.User.Span));
        }
        else
        {
            key.Advance(StickyKey.WriteConversation(body.System.Span, body.FirstUser.Span, key.Free(StickyKey.MaxLength).Span));
        }

        return key;
    }

    protected static List<KeyValuePair<string, string>>? Leaving(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, string>>? leaving = null;
        foreach (var header in headers)
        {
            if (HeaderRules.MayLeave(header.Key))
            {
                (leaving ??= []).Add(new KeyValuePair<string, string>(header.Key, header.Value.ToString()));
            }
        }

        return leaving;
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} on route {Route} failed for its client: {Kind}: {Message}")]
    private partial void LogFailed(string requestId, RouteId route, Core.Chat.ChatErrorKind kind, string message);

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} on route {Route}: the answer of {Model} failed the check {Check}: {Fault}")]
    private partial void LogCheck(string requestId, RouteId route, ModelId model, string check, string fault);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} met a bug")]
    private partial void LogBug(string requestId, Exception exception);
}
