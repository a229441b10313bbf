using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>The matrix itself: every fault, with what must come of it.</summary>
internal static class FaultMatrix
{
    private const string Whole = "the whole answer";
    private const string Resume = "the whole answer, resumed";
    private const string FromOther = "the whole answer of the other model";
    private const string Fallback = "a fallback";

    private static readonly (double, double) s_atOnce = (0, 0);
    private static readonly (double, double) s_backOff = (0.05, 0.6);

    public static IReadOnlyList<FaultRow> Rows { get; } = [.. Before(), .. InTheMiddle(), .. Resumed(), .. Refusals()];

    private static IEnumerable<FaultRow> Before()
    {
        yield return new FaultRow
        {
            Fault = "429 once, `Retry-After: 7`", Model = (p, s, n) => n == 1 ? Status(429, "7") : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = (7, 7), Charged = Outcome.Throttled,
        };
        yield return new FaultRow
        {
            Fault = "429, `Retry-After: 7`", With = Fallback, HasFallback = true, Model = (_, _, _) => Status(429, "7"),
            Sees = FromOther, Calls = (1, 1), Took = s_atOnce, Charged = Outcome.Throttled,
        };
        yield return new FaultRow
        {
            Fault = "429, `Retry-After: 700`, beyond the deadline", Model = (_, _, _) => Status(429, "700"),
            Sees = "error 429 rate_limit_exceeded, Retry-After 700", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Throttled,
        };
        yield return new FaultRow
        {
            Fault = "429 once, without `Retry-After`", Model = (p, s, n) => n == 1 ? Status(429) : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Throttled,
        };
        yield return new FaultRow
        {
            Fault = "500 once", Model = (p, s, n) => n == 1 ? Status(500) : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "503 for ever", Model = (_, _, _) => Status(503),
            Sees = "error 503 upstream_error", Calls = (3, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "503 for ever", With = Fallback, HasFallback = true, Model = (_, _, _) => Status(503),
            Sees = FromOther, Calls = (2, 1), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "503 for ever", With = "`retryRatio: 0`", Route = With(l => l with { RetryRatio = 0 }), Model = (_, _, _) => Status(503),
            Sees = "error 503 upstream_error", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "503 for ever", With = "a fallback, `retryRatio: 0`", HasFallback = true, Route = With(l => l with { RetryRatio = 0 }), Model = (_, _, _) => Status(503),
            Sees = FromOther, Calls = (1, 1), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "connection reset before the headers, once", Model = (p, s, n) => n == 1 ? Reset : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "connection reset before the headers, for ever", Model = (_, _, _) => Reset,
            Sees = "error 502 upstream_unreachable", Calls = (3, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "silence", Model = (_, _, _) => StubUpstream.EventsThenSilence(),
            Sees = "error 504 upstream_timeout", Calls = (1, 0), Took = (8, 8.01), Charged = Outcome.Timeout,
        };
        yield return new FaultRow
        {
            Fault = "silence", With = Fallback, HasFallback = true, Model = (_, _, _) => StubUpstream.EventsThenSilence(),
            Sees = FromOther, Calls = (1, 1), Took = (8, 8.01), Charged = Outcome.Timeout,
        };
        yield return new FaultRow
        {
            Fault = "events without content, then silence", With = Fallback, HasFallback = true, Streamed = true,
            Model = (p, _, _) => StubUpstream.EventsThenSilence(p.Stream[0]),
            Sees = FromOther, Calls = (1, 1), Took = (8, 8.01), Charged = Outcome.Timeout,
        };
        yield return new FaultRow
        {
            Fault = "a first token after 6 s", OnWaiting = Later(6), Model = (p, s, _) => OnceReleased(p.Ok(s)),
            Sees = Whole, Calls = (1, 0), Took = (6, 6), Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "an error event before any content, once", Streamed = true,
            Model = (p, s, n) => n == 1 ? StubUpstream.Events(p.Stream[0], p.ErrorEvent) : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "a broken event before any content, once", Streamed = true,
            Model = (p, s, n) => n == 1 ? StubUpstream.Events(p.Stream[0], BrokenEvent) : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "a body cut in the middle, once", Streamed = false, Model = (p, s, n) => n == 1 ? HalfOf(p.Whole) : p.Ok(s),
            Sees = Whole, Calls = (2, 0), Took = s_backOff, Charged = Outcome.Error,
        };
    }

    private static IEnumerable<FaultRow> InTheMiddle()
    {
        yield return new FaultRow
        {
            Fault = "cut after 2 tokens", Streamed = true, HasFallback = true, With = Fallback, WaitsAfter = " there", OnWaiting = Cut, Model = (p, _, _) => StubUpstream.EventsThenSilence(string.Concat(p.Text)),
            Sees = "\"Hi there\", then an error event upstream_unreachable, and no end mark", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "stream ends after 2 tokens, in good order", Streamed = true, Model = (p, _, _) => StubUpstream.Events(string.Concat(p.Text)),
            Sees = "\"Hi there\", then an error event upstream_unreachable, and no end mark", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "end mark after 2 tokens, without a finish reason", Streamed = true, Model = (p, _, _) => StubUpstream.Events(string.Concat([.. p.Text, p.End])),
            Sees = "\"Hi there\", then an error event upstream_unreachable, and no end mark", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "stall after 2 tokens", Streamed = true, WaitsAfter = " there", Model = (p, _, _) => StubUpstream.EventsThenSilence(string.Concat(p.Text)),
            Sees = "\"Hi there\", then an error event upstream_timeout, and no end mark", Calls = (1, 0), Took = (5, 10.01), Charged = Outcome.Timeout,
        };
        yield return new FaultRow
        {
            Fault = "a broken event after 2 tokens", Streamed = true, Model = (p, _, _) => StubUpstream.Events(string.Concat([.. p.Text, BrokenEvent])),
            Sees = "\"Hi there\", then an error event upstream_malformed, and no end mark", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "an error event after 2 tokens", Streamed = true, Model = (p, _, _) => StubUpstream.Events(string.Concat([.. p.Text, p.ErrorEvent])),
            Sees = "\"Hi there\", then an error event server_error, and no end mark", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Error,
        };
        yield return new FaultRow
        {
            Fault = "no end mark, connection closed", Streamed = true, Pairs = HasEndMark, Model = (p, _, _) => StubUpstream.Events(string.Concat(p.Finished)),
            Sees = Whole, Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "no end mark, connection left open", Streamed = true, Pairs = HasEndMark, WaitsAfter = "\"finish_reason\":\"stop\"",
            Model = (p, _, _) => StubUpstream.EventsThenSilence(string.Concat(p.Finished)),
            Sees = Whole, Calls = (1, 0), Took = (1, 1.01), Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "connection left open after the end", Streamed = true, OnWaiting = static (_, _) => { }, Model = (p, _, _) => StubUpstream.EventsThenSilence(string.Concat(p.Stream)),
            Sees = Whole, Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Ok,
        };
    }

    private static IEnumerable<FaultRow> Resumed()
    {
        const string Broken = "\"Hi\", then an error event upstream_unreachable, and no end mark";
        FaultRow Row(string fault, string with, string sees, Func<FaultProtocol, StubUpstream.Answer>? second, bool prefill) => new()
        {
            Fault = fault, With = with, Streamed = true, WaitsAfter = "Hi", OnWaiting = Cut,
            Model = (p, _, n) => n > 1 ? second!(p) : StubUpstream.EventsThenSilence(string.Concat(p.FirstToken)),
            Route = Resuming(model: prefill, fallback: false), IsKept = false,
            Sees = sees, Calls = (second is null ? 1 : 2, 0), Took = s_atOnce, Charged = Outcome.Error,
        };

        const string Cut1 = "cut after 1 token";
        yield return Row(Cut1, "`onCut: resume`, the model has `prefill`", Resume, p => p.Continuation(p.Rest), prefill: true);
        yield return Row("stall after 1 token", "`onCut: resume`, the model has `prefill`", Resume, p => p.Continuation(p.Rest), prefill: true) with
        {
            OnWaiting = null, Took = (5, 10.01), Charged = Outcome.Timeout,
        };
        yield return Row(Cut1, "`onCut: resume`, a fallback has `prefill`", Resume, second: null, prefill: false) with
        {
            HasFallback = true, Other = p => p.Continuation(p.Rest), Route = Resuming(model: false, fallback: true), Calls = (1, 1),
        };
        yield return Row(Cut1, "`onCut: resume`, the model has `prefill`, `retryRatio: 0`", Broken, second: null, prefill: true) with
        {
            Route = route => With(l => l with { RetryRatio = 0 })(Resuming(model: true, fallback: false)(route)),
        };
        yield return Row(Cut1, "`onCut: resume`, the model and a fallback have `prefill`, `retryRatio: 0`", Resume, second: null, prefill: true) with
        {
            HasFallback = true, Other = p => p.Continuation(p.Rest), Calls = (1, 1),
            Route = route => With(l => l with { RetryRatio = 0 })(Resuming(model: true, fallback: true)(route)),
        };
        yield return Row(Cut1, "`onCut: resume`, asked again with the same answer", Resume, p => p.Again, prefill: false);
        yield return Row(Cut1, "`onCut: resume`, asked again with another answer", Broken, p => StubUpstream.Events(string.Concat(p.Stream).Replace("\"Hi\"", "\"Ho\"", StringComparison.Ordinal)), prefill: false);
        yield return Row(Cut1, "`onCut: resume`, asked again with a shorter answer", Broken, p => StubUpstream.Events(string.Concat(p.Stream).Replace("\"Hi\"", "\"H\"", StringComparison.Ordinal).Replace(" there", "", StringComparison.Ordinal)), prefill: false);
        yield return Row(Cut1, "`onCut: resume`, the prefill rejected", Broken, p => p.Error(400, "This model does not support assistant message prefill.", "unsupported_value"), prefill: true);
        yield return Row(Cut1, "`onCut: resume`, cut again", Broken.Replace("Hi", "Hi there", StringComparison.Ordinal), p => p.Continuation(), prefill: true);
        yield return Row("cut in a tool call", "`onCut: resume`, the model has `prefill`", Broken, second: null, prefill: true) with
        {
            WaitsAfter = "tool_calls", Model = (p, _, _) => StubUpstream.EventsThenSilence(string.Concat(p.ToolCall)),
        };
        yield return Row(Cut1, "`onCut: resume`, responses that their provider keeps", Broken, second: null, prefill: true) with { IsKept = true, Pairs = PassesResponses };
    }

    private static IEnumerable<FaultRow> Refusals()
    {
        yield return new FaultRow
        {
            Fault = "context too short", With = Fallback, HasFallback = true, Model = (p, _, _) => p.TooLong,
            Sees = "error 400 context_length_exceeded", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.ClientError,
        };
        yield return new FaultRow
        {
            Fault = "context too short", With = "`largerContext`", HasLarger = true, Model = (p, _, _) => p.TooLong,
            Sees = FromOther, Calls = (1, 1), Took = s_atOnce, Charged = Outcome.ClientError,
        };
        yield return new FaultRow
        {
            Fault = "content policy", With = Fallback, HasFallback = true, Model = (p, _, _) => p.Forbidden,
            Sees = "error 400 content_policy_violation", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.ClientError,
        };
        yield return new FaultRow
        {
            Fault = "content policy", With = "a fallback and `onRefusal: fallback`", HasFallback = true, Route = AroundRefusals, Model = (p, _, _) => p.Forbidden,
            Sees = FromOther, Calls = (1, 1), Took = s_atOnce, Charged = Outcome.ClientError,
        };
        yield return new FaultRow
        {
            Fault = "an answer that refuses", With = Fallback, HasFallback = true, Model = Refusal,
            Sees = "an answer that ends in content_filter", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "an answer that refuses", With = "a fallback and `onRefusal: fallback`", HasFallback = true, Route = AroundRefusals, Model = Refusal,
            Sees = FromOther, Calls = (1, 1), Took = s_atOnce, Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "an answer that refuses", With = "`onRefusal: fallback`, nobody else", Route = AroundRefusals, Model = Refusal,
            Sees = "an answer that ends in content_filter", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.Ok,
        };
        yield return new FaultRow
        {
            Fault = "the client's prefill rejected", With = Fallback, HasFallback = true,
            Model = (p, _, _) => p.Error(400, "This model does not support assistant message prefill.", "unsupported_value"),
            Sees = "error 400", Calls = (1, 0), Took = s_atOnce, Charged = Outcome.ClientError,
        };
    }

    private const string BrokenEvent = "data: {\"choices\":[{\"ind\n\n";

    /// <summary>In responses the event that says why the answer ended is its end.</summary>
    private static bool HasEndMark(FaultClient client, FaultProtocol provider) => !provider.InResponses;

    private static bool PassesResponses(FaultClient client, FaultProtocol provider) => client.InResponses && provider.InResponses;

    private static StubUpstream.Answer Reset => (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    private static StubUpstream.Answer Refusal(FaultProtocol protocol, bool stream, int call) =>
        stream ? StubUpstream.Events(string.Concat(protocol.RefusedStream)) : StubUpstream.Json(protocol.RefusedWhole);

    private static StubUpstream.Answer Status(int status, string? retryAfter = null) =>
        retryAfter is null ? StubUpstream.Json("{}", status) : StubUpstream.Json("{}", status, ("Retry-After", retryAfter));

    private static StubUpstream.Answer HalfOf(string body) => async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.WriteAsync(body[..(body.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>Answers only when the test says so.</summary>
    private static StubUpstream.Answer OnceReleased(StubUpstream.Answer answer) => async (context, received) =>
    {
        received.Waiting.TrySetResult();
        await received.Cut.Task;
        await answer(context, received);
    };

    /// <summary>Only once the client has the tokens: a connection that breaks throws away what is still on its way.</summary>
    private static void Cut(ManualClock clock, StubUpstream.Received received) => received.Cut.SetResult();

    private static Action<ManualClock, StubUpstream.Received> Later(double seconds) => (clock, received) =>
    {
        clock.Advance(TimeSpan.FromSeconds(seconds));
        received.Cut.SetResult();
    };

    private static Func<RouteSnapshot, RouteSnapshot> With(Func<RouteLimits, RouteLimits> change) => route => route with { Limits = change(route.Limits) };

    /// <summary>A route that resumes, with models that accept a prefill or do not.</summary>
    private static Func<RouteSnapshot, RouteSnapshot> Resuming(bool model, bool fallback) => route =>
    {
        var source = route.Model with { Prefill = model };
        return route with
        {
            OnCut = CutPolicy.Resume, Model = source, Split = route.Split! with { Source = source }, Fallback = [.. route.Fallback.Select(f => f with { Prefill = fallback })],
        };
    };

    private static RouteSnapshot AroundRefusals(RouteSnapshot route) => route with { OnRefusal = RefusalPolicy.Fallback };
}
