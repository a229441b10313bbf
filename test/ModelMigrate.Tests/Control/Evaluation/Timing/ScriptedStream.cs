using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation.Timing;

/// <summary>
/// A provider on a real Kestrel whose streams take the times of a script on a manual clock, and the adapter that reads them. The clock moves on only when the reader has had
/// what came before, so that times are exact. One call at a time.
/// </summary>
internal sealed class ScriptedStream : IAsyncDisposable
{
    private readonly ConcurrentQueue<Script> _scripts = new();
    private readonly SemaphoreSlim _read = new(0);
    private readonly ProviderConnections _connections;

    private ScriptedStream(ManualClock clock) => (Clock, _connections) = (clock, new ProviderConnections(clock));

    public ManualClock Clock { get; }

    public StubUpstream Upstream { get; private set; } = null!;

    public ModelSnapshot Model => Snapshots.Model("m", ProviderKind.OpenAi, $"{Upstream.Url}v1");

    public static async Task<ScriptedStream> StartAsync()
    {
        var stream = new ScriptedStream(new ManualClock());
        stream.Upstream = await StubUpstream.StartAsync((context, _) => stream.AnswerAsync(context));
        return stream;
    }

    /// <summary>The next call: milliseconds before each content, and after the last one; then how it ends.</summary>
    public ScriptedStream Then(double[] before, double after = 0, End end = End.Whole, bool hasUsage = true)
    {
        _scripts.Enqueue(new Script(before, after, end, hasUsage));
        return this;
    }

    public IModelClient Open(ModelSnapshot model) => new Reader(Adapters.For(model, _connections, Clock), _read);

    public async ValueTask DisposeAsync()
    {
        _connections.Dispose();
        await Upstream.DisposeAsync();
        _read.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Assert.True(_scripts.TryDequeue(out var script), "A call more than the script has.");
        if (script.End == End.Refused)
        {
            await StubUpstream.Json("{\"error\":{\"message\":\"no\"}}", 503)(context, null!);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var ms in script.Before)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(ms));
            await WriteAsync(context, """{"id":"c","model":"m-2026","choices":[{"index":0,"delta":{"content":"word "}}]}""");
            await _read.WaitAsync(context.RequestAborted);
        }

        Clock.Advance(TimeSpan.FromMilliseconds(script.After));
        if (script.End == End.Cut)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, """{"id":"c","model":"m-2026","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        if (script.HasUsage)
        {
            await WriteAsync(context, $$$"""{"id":"c","model":"m-2026","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":{{{script.Before.Length}}},"total_tokens":9}}""");
        }

        await WriteAsync(context, "[DONE]");
    }

    private static async Task WriteAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n");
        await context.Response.Body.FlushAsync();
    }

    /// <summary>How a scripted call ends.</summary>
    internal enum End
    {
        Whole,

        /// <summary>The connection breaks.</summary>
        Cut,

        /// <summary>503, and no stream.</summary>
        Refused,
    }

    private sealed record Script(double[] Before, double After, End End, bool HasUsage);

    /// <summary>Says when the measurement asks for more: then it has noted what it got.</summary>
    private sealed class Reader(IModelClient inner, SemaphoreSlim read) : IModelClient
    {
        public Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation) => inner.CompleteAsync(call, cancellation);

        public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var delta in inner.StreamAsync(call, cancellation))
            {
                yield return delta;
                if (delta.HasContent)
                {
                    read.Release();
                }
            }
        }
    }
}
