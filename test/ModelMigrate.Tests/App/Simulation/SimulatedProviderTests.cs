using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Tests.App.Simulation;

public sealed class SimulatedProviderTests
{
    private static readonly FaultSchedule Fast = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero };

    [Fact]
    public async Task OpenAi_Plain_HasTextFinishReasonAndUsage()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi);
        using var answer = JsonDocument.Parse(await PostAsync(provider, Chat()));
        var choice = answer.RootElement.GetProperty("choices")[0];
        var text = choice.GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(text.Split(' ').Length, answer.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task OpenAi_Stream_SaysTheSameAsPlainAndEndsWithUsageAndDone()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi);
        var stream = await PostAsync(provider, Chat(stream: true));
        var data = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).ToList();
        Assert.Equal("[DONE]", data[^1]);
        using var usage = JsonDocument.Parse(data[^2]);
        Assert.Equal(0, usage.RootElement.GetProperty("choices").GetArrayLength());
        var text = string.Concat(data[..^2].Select(d => JsonDocument.Parse(d).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .Select(d => d.TryGetProperty("content", out var content) ? content.GetString() : ""));
        Assert.Equal(text.Split(' ').Length, usage.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Anthropic_Stream_FollowsTheProtocolsSequence()
    {
        await using var provider = await StartAsync(SimulationProtocol.Anthropic);
        var stream = await PostAsync(provider, Chat(stream: true));
        var names = stream.Split('\n').Where(l => l.StartsWith("event: ", StringComparison.Ordinal)).Select(l => l["event: ".Length..]).ToList();
        Assert.Equal(["message_start", "content_block_start", "ping"], names[..3]);
        Assert.Equal(["content_block_stop", "message_delta", "message_stop"], names[^3..]);
        Assert.All(names[3..^3], name => Assert.Equal("content_block_delta", name));
    }

    [Fact]
    public async Task MaxTokens_BelowTheAnswer_EndsItWithLength()
    {
        await using var provider = await StartAsync(SimulationProtocol.Anthropic);
        using var answer = JsonDocument.Parse(await PostAsync(provider, Chat(maxTokens: 3)));
        Assert.Equal("max_tokens", answer.RootElement.GetProperty("stop_reason").GetString());
        Assert.Equal(3, answer.RootElement.GetProperty("content")[0].GetProperty("text").GetString()!.Split(' ').Length);
    }

    [Fact]
    public async Task Answers_InAnotherOrderOverOtherConnections_AreTheSame()
    {
        var bodies = Enumerable.Range(0, 40).Select(i => Chat(text: $"question {i % 25}")).ToList();
        var faults = Fast with { ErrorRate = 0.4 };
        async Task<List<string>> RunAsync(IEnumerable<string> order, int parallel)
        {
            await using var provider = await StartAsync(SimulationProtocol.OpenAi, faults);
            var answers = new List<string>();
            await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (body, _) =>
            {
                var answer = await PostAsync(provider, body);
                lock (answers)
                {
                    answers.Add(answer);
                }
            });
            return [.. answers.Order(StringComparer.Ordinal)];
        }

        Assert.Equal(await RunAsync(bodies, 1), await RunAsync(bodies.AsEnumerable().Reverse(), 8));
    }

    [Fact]
    public async Task Throttle_Says429WithRetryAfter()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi, Fast with { ThrottleRate = 1, RetryAfter = TimeSpan.FromSeconds(2.5) });
        using var answer = await SendAsync(provider, Chat());
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_BreaksTheConnectionAfterContent(bool stream)
    {
        await using var provider = await StartAsync(SimulationProtocol.Anthropic, Fast with { CutRate = 1 });
        using var answer = await SendAsync(provider, Chat(stream));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var read = new StringBuilder();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            using var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int n; (n = await body.ReadAsync(buffer)) > 0;)
            {
                read.Append(Encoding.UTF8.GetString(buffer, 0, n));
            }
        });
        Assert.Contains("text", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_IsNeverAnAnswer()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi, Fast with { MalformedRate = 1 });
        for (var i = 0; i < 30; i++)
        {
            var body = await PostAsync(provider, Chat(text: $"q{i}"));
            Assert.DoesNotContain("\"content\"", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hang_EndsWhenTheClientLeaves()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi, Fast with { HangRate = 1 });
        using var leave = new CancellationTokenSource();
        var pending = SendAsync(provider, Chat(), leave.Token);
        while (provider.Stats.Of(Fault.Hang) == 0)
        {
            await Task.Yield();
        }

        Assert.False(pending.IsCompleted);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(0, provider.Stats.Answered);
    }

    [Fact]
    public async Task Faults_PostedWhileItRuns_TakeEffectAtOnceAndBadOnesChangeNothing()
    {
        await using var provider = await StartAsync(SimulationProtocol.OpenAi);
        using var http = new HttpClient(new SocketsHttpHandler());
        using var bad = await http.PostAsync(new Uri(provider.Address, "/faults"), Json("""{"down":true,"nonsense":1}"""));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.False(provider.Faults.Down);
        using var good = await http.PostAsync(new Uri(provider.Address, "/faults"), Json("""{"down":true}"""));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        using var answer = await SendAsync(provider, Chat());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var stats = JsonDocument.Parse(await http.GetStringAsync(new Uri(provider.Address, "/stats?since=2020-01-01")));
        Assert.Equal(1, stats.RootElement.GetProperty("started").GetInt64());
        Assert.Equal(1, stats.RootElement.GetProperty("started_since").GetInt64());
        Assert.Equal(1, stats.RootElement.GetProperty("faults").GetProperty("down").GetInt64());
    }

    [Fact]
    public async Task Anthropic_WithoutVersionHeader_Is400()
    {
        await using var provider = await StartAsync(SimulationProtocol.Anthropic);
        using var http = new HttpClient(new SocketsHttpHandler());
        using var answer = await http.PostAsync(new Uri(provider.Address, "/v1/messages"), Json(Chat()));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static Task<SimulatedProvider> StartAsync(SimulationProtocol protocol, FaultSchedule? faults = null) =>
        SimulatedProvider.StartAsync(new SimulationOptions { Protocol = protocol, Faults = faults ?? Fast }, TimeProvider.System);

    private static string Chat(bool stream = false, string text = "Hello", int maxTokens = 1000) => JsonSerializer.Serialize(new
    {
        model = "m",
        max_tokens = maxTokens,
        stream,
        stream_options = new { include_usage = true },
        messages = new[] { new { role = "user", content = text } },
    });

    private static StringContent Json(string body) => new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static async Task<string> PostAsync(SimulatedProvider provider, string body)
    {
        using var answer = await SendAsync(provider, body);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(SimulatedProvider provider, string body, CancellationToken cancellation = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        var openAi = provider.BaseUrl.AbsolutePath == "/v1";
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.BaseUrl + (openAi ? "/chat/completions" : "v1/messages")) { Content = Json(body) };
        request.Headers.Add("anthropic-version", "2023-06-01");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}
