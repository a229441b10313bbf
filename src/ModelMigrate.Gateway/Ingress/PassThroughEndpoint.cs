using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Ingress.OpenAi.Audio;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Forwarded;
using ModelMigrate.Providers.Exchange.Uploads;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>
/// Sends requests of endpoints that the gateway does not know on to the provider of a route that allows it, with the model's name in its
/// place: one try, unmetered, no evidence. Counts what is under way; has one instance.
/// </summary>
internal sealed class PassThroughEndpoint(SnapshotFeed feed, Refusals refusals, ExchangeRunner exchanges, GatewayDrain drain, TimeProvider time)
{
    /// <summary>The request header that names the route, where the body has no model.</summary>
    public const string RouteHeader = "x-model-migrate-route";

    /// <summary>Requests at once, over all routes.</summary>
    public const int MostAtOnce = 64;

    private int _underWay;

    /// <summary>Whether any route passes anything on.</summary>
    public bool IsOpen => feed.Current.Routes.Values.Any(route => route.PassThrough);

    /// <summary>Sends a request on, or says why not.</summary>
    public async Task PassAsync(HttpContext context)
    {
        var snapshot = feed.Current;
        context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase, out var path);
        try
        {
            if (Refusal(context, snapshot, out var client) is { } refused)
            {
                await refusals.WriteAsync(context, refused);
            }
            else
            {
                await ReadAndPassAsync(context, [.. snapshot.Routes.Values.Where(route => client?.MayUse(route.Id) != false)], path);
            }
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await refusals.WriteAsync(context, new RequestProblem(e.StatusCode, "invalid_http", $"The request is not valid HTTP: {e.Message}"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private RequestProblem? Refusal(HttpContext context, RoutingSnapshot snapshot, out ClientSnapshot? client)
    {
        client = null;
        var underWay = Interlocked.Increment(ref _underWay);
        if (drain.IsDraining)
        {
            return new RequestProblem(503, "draining", "The gateway is shutting down. Send the request again.");
        }

        if (!ClientKeys.TryFind(snapshot, context.Request, out client))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return RequestProblem.UnknownKey;
        }

        return underWay > MostAtOnce
            ? new RequestProblem(429, "max_concurrent", $"The gateway already passes {MostAtOnce} requests of other endpoints on. Try again.")
            : null;
    }

    private async Task ReadAndPassAsync(HttpContext context, List<RouteSnapshot> routes, PathString path)
    {
        var request = context.Request;
        if (request.ContentLength > AudioEndpoint.MaxForm)
        {
            await refusals.WriteAsync(context, TooLarge(AudioEndpoint.MaxForm));
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = AudioEndpoint.MaxForm;
        }

        if (request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            if (FormScan.BoundaryOf(request.ContentType) is not { } boundary)
            {
                await refusals.WriteAsync(context, FormScan.NoBoundary);
                return;
            }

            var scan = new FormScan(boundary);
            using var form = new UploadForm { ContentType = request.ContentType, Length = request.ContentLength };
            await FormHolding.HoldAsync(request.Body, form, scan, context.RequestAborted);
            form.Model = scan.ModelPlace;
            await (scan.Problem is { } problem
                ? refusals.WriteAsync(context, problem)
                : PassAsync(context, routes, path, scan.Model, new ChatBody { Bytes = default, Model = default, ModelName = scan.Model ?? "", Upload = form }, null));
        }
        else if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
        {
            using var bytes = await BodyReader.ReadAsync(context);
            await (bytes is null
                ? refusals.WriteAsync(context, TooLarge(BodyReader.MaxBody))
                : PassJsonAsync(context, routes, path, bytes.Memory));
        }
        else
        {
            HttpContent? content = null;
            if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            {
                content = new StreamContent(request.Body);
                content.Headers.ContentLength = request.ContentLength;
                content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
            }

            await PassAsync(context, routes, path, null, null, content);
        }
    }

    private Task PassJsonAsync(HttpContext context, List<RouteSnapshot> routes, PathString path, ReadOnlyMemory<byte> json)
    {
        var scan = new BodyScan(json);
        var fields = default(AnyFields);
        if (scan.TryRun(ref fields, out var problem))
        {
            return PassAsync(context, routes, path, scan.ModelName, new ChatBody { Bytes = json, Model = scan.Model, ModelName = scan.ModelName! }, null);
        }

        if (problem.Code != "missing_field")
        {
            return refusals.WriteAsync(context, problem);
        }

        var content = new ReadOnlyMemoryContent(json);
        content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        return PassAsync(context, routes, path, null, null, content);
    }

    private async Task PassAsync(HttpContext context, List<RouteSnapshot> routes, PathString path, string? model, ChatBody? body, HttpContent? content)
    {
        if (RouteOf(context.Request, routes, model, out var problem) is not { } route)
        {
            content?.Dispose();
            await refusals.WriteAsync(context, problem);
            return;
        }

        using var answer = await exchanges.ForwardAsync(
            new ForwardedRequest
            {
                Model = route.Split?.Source ?? route.Model, Method = new HttpMethod(context.Request.Method), Path = path.ToUriComponent() + context.Request.QueryString.Value,
                Body = body, Content = content,

                // Nobody tells the client's time to send from the provider's to answer.
                Limits = body?.Upload is not null || content is StreamContent ? route.Limits with { FirstToken = route.Limits.Total } : route.Limits,
                Headers = [.. context.Request.Headers.Where(h => HeaderRules.MayLeave(h.Key)).Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()))],
                Span = RequestSpan.Of(context)?.Activity,
            }, context.RequestAborted);
        if (answer.Response is { } response)
        {
            await AnswerCopy.WriteAsync(context, answer, response, route.Limits, time);
            return;
        }

        var shape = OpenAi.ErrorShape.Of(answer.Error!);
        await refusals.WriteAsync(context, new RequestProblem(shape.Status, shape.Code ?? "upstream_error", answer.Error!.Message));
    }

    /// <summary>The route named by the body's model, else by the header, else the only one that passes anything on.</summary>
    private static RouteSnapshot? RouteOf(HttpRequest request, List<RouteSnapshot> all, string? model, out RequestProblem problem)
    {
        var name = model ?? (request.Headers[RouteHeader].ToString() is { Length: > 0 } named ? named : null);
        var routes = all.FindAll(route => name is null ? route.PassThrough : route.Id.Value == name);
        problem = routes switch
        {
            [{ PassThrough: true, Model.Provider.Kind: ProviderKind.OpenAi or ProviderKind.Anthropic }] => default,
            [_, _, ..] => RequestProblem.Invalid("missing_field", $"Several routes pass other endpoints on. Name one of them in the header '{RouteHeader}'.", "model"),
            _ => new RequestProblem(404, "unknown_endpoint", $"Nothing is served here, and the route '{Shown(name)}' does not pass other endpoints on."),
        };
        return problem.Status == 0 ? routes[0] : null;
    }

    private static string Shown(string? name) => name is null ? "" : name.Length <= 100 ? name : string.Concat(name.AsSpan(0, 100), "…");

    private static RequestProblem TooLarge(long most) => new(413, "body_too_large", $"The body is larger than {most >> 20} MB. Send less, or files by reference.");

    /// <summary>Looks for nothing but what every body has.</summary>
    private struct AnyFields : IBodyFields
    {
        public static string Least => "whatever the endpoint takes";

        public readonly void ReadField(ref BodyScan scan) => scan.Json.Skip();

        public readonly RequestProblem? Missing() => null;
    }
}
