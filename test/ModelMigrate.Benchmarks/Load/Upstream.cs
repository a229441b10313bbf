using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>A model that answers every chat completion with the same 1 KB body, at once or after a while.</summary>
internal static class Upstream
{
    private static readonly byte[] s_answer = System.Text.Encoding.UTF8.GetBytes(
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"bench-1","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('x', 700)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":100,"total_tokens":112}}""");

    public static async Task RunAsync(int port, TimeSpan delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.ListenLocalhost(port, l => l.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, TimeProvider.System);
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = s_answer.Length;
            await context.Response.Body.WriteAsync(s_answer);
        });
        await app.RunAsync();
    }
}
