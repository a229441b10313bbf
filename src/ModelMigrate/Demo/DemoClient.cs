using System.Net.Http.Headers;
using System.Text.Json;

namespace ModelMigrate.Demo;

/// <summary>An application that speaks the OpenAI protocol: sends at a fixed rate, whatever the answers do, and checks every answer to its end.</summary>
internal sealed class DemoClient(Uri gateway, string model, DemoPrompts prompts, int rate, TimeProvider time) : IDisposable
{
    private const int MostUnderWay = 4000;
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(120),
    };

    private readonly Uri _chat = new(gateway, "/v1/chat/completions");

    public DemoTally Tally { get; } = new();

    /// <summary>Sends until <paramref name="stop"/>, then waits for the answers still under way.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var under = new HashSet<Task>();
        var next = 0;
        using var pulse = new PeriodicTimer(Pulse, time);
        try
        {
            while (await pulse.WaitForNextTickAsync(stop))
            {
                var due = (int)(time.GetElapsedTime(began).TotalSeconds * rate);
                under.RemoveWhere(task => task.IsCompleted);
                for (; next < due; next++)
                {
                    if (under.Count >= MostUnderWay)
                    {
                        Tally.Skip();
                    }
                    else
                    {
                        under.Add(SendAsync(next));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the demo.
        }

        await Task.WhenAll(under);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(int n)
    {
        Tally.Send();
        var began = time.GetTimestamp();
        string? error;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _chat) { Content = new ByteArrayContent(prompts.Request(n, model)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            error = !answer.IsSuccessStatusCode ? $"status {(int)answer.StatusCode}"
                : answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? await ReadStreamAsync(answer)
                : await ReadPlainAsync(answer);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            error = broken is OperationCanceledException ? "no answer in 120 s" : "transport error";
        }

        Tally.Finish(error, time.GetElapsedTime(began));
    }

    private static async Task<string?> ReadPlainAsync(HttpResponseMessage answer)
    {
        try
        {
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            return body.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0
                && choices[0].GetProperty("message").GetProperty("content").GetString() is { Length: > 0 } ? null : "answer without content";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "answer that cannot be parsed";
        }
    }

    private static async Task<string?> ReadStreamAsync(HttpResponseMessage answer)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var content = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "data: [DONE]")
            {
                return content ? null : "stream without content";
            }

            // The chunks are the gateway's own words; a text search is enough to tell content from an error event.
            content |= line.Contains("\"content\":\"", StringComparison.Ordinal);
            if (line.StartsWith("event: error", StringComparison.Ordinal) || line.StartsWith("data: {\"error\"", StringComparison.Ordinal))
            {
                return "error event";
            }
        }

        return "stream without its end";
    }
}
