using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>
/// An instant model of both protocols, told apart by the path: streams when it is asked to, each event flushed for itself, and fails as the
/// request's text says (<c>fail-429</c>, <c>fail-500</c>, <c>fail-cut</c>, <c>fail-stall</c>).
/// </summary>
internal static class StreamedUpstream
{
    /// <summary>Pieces of text in a stream.</summary>
    public const int Pieces = 40;

    private static readonly byte[][] s_chunks = Bytes(
        [
            """data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            .. Enumerable.Repeat("""data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","choices":[{"index":0,"delta":{"content":"a piece of text "},"finish_reason":null}]}""", Pieces),
            """data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"bench-1","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":100,"total_tokens":112}}""",
            "data: [DONE]",
        ]);

    private static readonly byte[][] s_events = Bytes(
        [
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"bench-2","content":[],"stop_reason":null,"usage":{"input_tokens":12,"output_tokens":1}}}
            """,
            """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
            """,
            .. Enumerable.Repeat(
                """
                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a piece of text "}}
                """, Pieces),
            """
            event: content_block_stop
            data: {"type":"content_block_stop","index":0}
            """,
            """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":100}}
            """,
            """
            event: message_stop
            data: {"type":"message_stop"}
            """,
        ]);

    private static readonly byte[] s_completion = Encoding.UTF8.GetBytes(
        """{"id":"c1","object":"chat.completion","created":1767225600,"model":"bench-1","choices":[{"index":0,"message":{"role":"assistant","content":"a piece of text"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":100,"total_tokens":112}}""");

    private static readonly byte[] s_message = Encoding.UTF8.GetBytes(
        """{"id":"msg_1","type":"message","role":"assistant","model":"bench-2","content":[{"type":"text","text":"a piece of text"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":100}}""");

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.ListenLocalhost(port, l => l.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = body.GetBuffer().AsMemory(0, (int)body.Length);
        var isMessages = context.Request.Path == "/v1/messages";
        if (Has(request, "fail-429") || Has(request, "fail-500"))
        {
            context.Response.StatusCode = Has(request, "fail-429") ? 429 : 500;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"type":"error","error":{"type":"api_error","message":"as asked"}}""");
            return;
        }

        if (!Has(request, "\"stream\":true"))
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(isMessages ? s_message : s_completion);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        var events = isMessages ? s_events : s_chunks;
        for (var i = 0; i < events.Length; i++)
        {
            if (i == events.Length / 2 && Has(request, "fail-cut"))
            {
                context.Abort();
                return;
            }

            if (i == events.Length / 2 && Has(request, "fail-stall"))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return;
            }

            await context.Response.Body.WriteAsync(events[i]);
            await context.Response.Body.FlushAsync();
        }
    }

    private static bool Has(ReadOnlyMemory<byte> request, string text) => request.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static byte[][] Bytes(IEnumerable<string> events) => [.. events.Select(e => Encoding.UTF8.GetBytes(e.ReplaceLineEndings("\n") + "\n\n"))];
}
