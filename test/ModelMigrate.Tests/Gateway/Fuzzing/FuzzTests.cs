using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Scenarios;
using ModelMigrate.Tests.Support;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Gateway.Fuzzing;

/// <summary>
/// 100,000 requests and 100,000 provider answers of which a part was changed at random (a tenth by default), over real connections: each is
/// answered, in the client's protocol, without an error of our own making, and nothing is left running.
/// </summary>
[Trait("kind", "slow")]
public sealed partial class FuzzTests(ITestOutputHelper output)
{
    private const int Workers = 8, Seed = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly string[] s_paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses"];

    private static readonly int[] s_statuses = [200, 200, 200, 200, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];

    private static readonly string[] s_types = ["application/json", "application/json", "text/event-stream", "text/html", ""];

    [Fact]
    public async Task Requests_AnyPartChanged_AnsweredWithoutAnErrorOfOurs()
    {
        await using var upstream = await StubUpstream.StartAsync(FuzzedUpstream.Sound);
        await using var gateway = await StartAsync(upstream, upstream, upstream, upstream);
        var samples = FuzzSamples.Requests();

        var statuses = await RunAsync(Repetitions.Of(100_000), async i =>
        {
            var random = new Random(Seed + i);
            var (client, path, body) = samples[random.Next(samples.Count)];
            var isForm = body.StartsWith("--", StringComparison.Ordinal);
            var text = Encoding.UTF8.GetBytes(isForm || random.Next(4) == 0 ? body : Mutation.OfJson(body, random));
            var bytes = random.Next(isForm ? 1 : 3) == 0 ? Mutation.OfBytes(text, random) : text;
            return await AskAsync(gateway, client, path, bytes, allowed: status => status < 500);
        });

        output.WriteLine(Words(statuses));
        upstream.Requests.Clear();
        Assert.True(statuses[200] > statuses.Values.Sum() / 10 && statuses[400] > statuses.Values.Sum() / 10, Words(statuses));
        gateway.Ended();
        Assert.Equal(0, gateway.Observations.Open);
    }

    [Fact]
    public async Task Answers_AnyPartChanged_ReachTheClientInItsProtocol()
    {
        var samples = FuzzSamples.Answers();
        var wholes = samples.Where(s => s.Events is null).ToArray();
        var streams = samples.Where(s => s.Events is not null).ToArray();
        Task Changed(ProviderKind kind, HttpContext context, StubUpstream.Received received)
        {
            var i = int.Parse(Number().Match(received.Text).Groups["i"].ValueSpan, CultureInfo.InvariantCulture);
            var random = new Random(Seed + i);
            var isStream = FuzzedUpstream.IsStream(received);
            var own = (isStream ? streams : wholes).Where(s => s.Kind == kind && (kind != ProviderKind.OpenAi || s.Path == received.Path)).ToArray();
            var (_, _, whole, events) = own[random.Next(own.Length)];
            var body = events is not null ? (kind == ProviderKind.Bedrock ? Mutation.OfFrames(events, random) : Mutation.OfEvents(events, random))
                : random.Next(3) == 0 ? Mutation.OfBytes(Encoding.UTF8.GetBytes(whole), random)
                : Encoding.UTF8.GetBytes(Mutation.OfJson(whole, random));
            var status = random.Next(3) == 0 ? s_statuses[random.Next(s_statuses.Length)] : 200;
            context.Response.StatusCode = status;
            context.Response.ContentType = random.Next(10) == 0 ? s_types[random.Next(s_types.Length)]
                : !isStream || status != 200 ? "application/json" : kind == ProviderKind.Bedrock ? "application/vnd.amazon.eventstream" : "text/event-stream";
            return SendAsync(context, body, random);
        }

        await using var openAi = await StubUpstream.StartAsync((context, received) => Changed(ProviderKind.OpenAi, context, received));
        await using var anthropic = await StubUpstream.StartAsync((context, received) => Changed(ProviderKind.Anthropic, context, received));
        await using var gemini = await StubUpstream.StartAsync((context, received) => Changed(ProviderKind.Gemini, context, received));
        await using var bedrock = await StubUpstream.StartAsync((context, received) => Changed(ProviderKind.Bedrock, context, received));
        await using var gateway = await StartAsync(openAi, anthropic, gemini, bedrock);

        var statuses = await RunAsync(Repetitions.Of(100_000), async i =>
        {
            var path = s_paths[i % s_paths.Length];
            var client = path == "/v1/messages" ? ProviderKind.Anthropic : ProviderKind.OpenAi;
            var (route, stream) = (FuzzSamples.Routes[i / s_paths.Length % FuzzSamples.Routes.Length], i / s_paths.Length / FuzzSamples.Routes.Length % 2 == 0);
            var body = path == "/v1/responses"
                ? $$"""{"model":"{{route}}","stream":{{(stream ? "true" : "false")}},"input":"number {{i}}."}"""
                : $$$"""{"model":"{{{route}}}","max_tokens":50,"stream":{{{(stream ? "true" : "false")}}},"messages":[{"role":"user","content":"number {{{i}}}."}]}""";
            return await AskAsync(gateway, client, path, Encoding.UTF8.GetBytes(body), allowed: static status => status < 600);
        });

        output.WriteLine(Words(statuses));
        Assert.True(statuses[200] > statuses.Values.Sum() / 4 && statuses[502] > 0, Words(statuses));
        gateway.Ended();
        Assert.Equal(0, gateway.Observations.Open);
    }

    [GeneratedRegex(@"number (?<i>\d+)\.", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private static Task<GatewayHost> StartAsync(StubUpstream openAi, StubUpstream anthropic, StubUpstream gemini, StubUpstream bedrock)
    {
        static ModelSnapshot Calm(ModelSnapshot model) => model with { Provider = model.Provider with { Breaker = BreakerLimits.Default with { Enabled = false } } };
        var limits = RouteLimits.Default with { Retries = 0 };
        return GatewayHost.StartAsync(
            GatewayHost.Route(Calm(GatewayHost.Model("m", openAi)), limits),
            GatewayHost.Route(Calm(GatewayHost.Model("a", anthropic, ProviderKind.Anthropic)), limits) with { Id = new RouteId("claude") },
            GatewayHost.Route(Calm(GatewayHost.Model("r", openAi)) with { InResponses = true }, limits) with { Id = new RouteId("codex") },
            GatewayHost.Route(Calm(GatewayHost.Model("g", gemini, ProviderKind.Gemini)), limits) with { Id = new RouteId("gemini") },
            GatewayHost.Route(Calm(GatewayHost.Model("b", bedrock, ProviderKind.Bedrock)), limits) with { Id = new RouteId("bedrock") });
    }

    /// <summary>Asks once, and throws with the seed when the answer is not what any client may rely on.</summary>
    private static async Task<int> AskAsync(GatewayHost gateway, ProviderKind client, string path, byte[] body, Func<int, bool> allowed)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var answer = await gateway.SendAsync(path, path == FuzzSamples.Audio ? Form(body) : GatewayHost.Json(body), patience.Token);
        var text = await ReadAsync(answer, patience.Token);
        var status = (int)answer.StatusCode;
        var problem = allowed(status) ? FuzzedAnswer.Problem(client, path, answer, text) : $"status {status}";
        Assert.True(problem is null, $"{problem}\n{path}\n{Encoding.UTF8.GetString(body)}\n{status} {text}");
        return status;
    }

    private static ByteArrayContent Form(byte[] body)
    {
        var form = new ByteArrayContent(body);
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + FuzzSamples.Boundary);
        return form;
    }

    /// <summary>All that came. A stream that broke off ends without the end of its transfer; it must have said so in an event, which is looked for later.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            await stream.CopyToAsync(bytes, cancellation);
        }
        catch (HttpIOException e) when (e.HttpRequestError == HttpRequestError.ResponseEnded && answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static async Task<SortedDictionary<int, int>> RunAsync(int count, Func<int, Task<int>> one)
    {
        var statuses = new SortedDictionary<int, int>();
        var next = -1;
        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                int status;
                try
                {
                    status = await one(i);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"number {i}: {e.Message}", e);
                }

                lock (statuses)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync()));
        return statuses;
    }

    private static async Task SendAsync(HttpContext context, byte[] body, Random random)
    {
        for (var at = 0; at < body.Length;)
        {
            var length = random.Next(2) == 0 ? body.Length - at : random.Next(1, body.Length - at + 1);
            await context.Response.Body.WriteAsync(body.AsMemory(at, length));
            await context.Response.Body.FlushAsync();
            at += length;
        }
    }

    private static string Words(SortedDictionary<int, int> statuses) => string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}"));
}
