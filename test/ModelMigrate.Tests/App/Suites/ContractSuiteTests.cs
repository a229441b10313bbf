using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Serving;
using ModelMigrate.Simulation;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Suites;

/// <summary>Contract cases over HTTP: the sample against the real gateway, and each way to break a contract against a stub.</summary>
public sealed class ContractSuiteTests : IAsyncLifetime
{
    private const string Usual = "{ status: 200 }";

    private SuiteRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SuiteRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    /// <summary>Both surfaces, each over a provider of its own protocol and of the other.</summary>
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Sample_AgainstTheGateway_Holds(string protocol)
    {
        await using var upstream = await SuiteRig.StartAsync(only: null, protocol: protocol == "openai" ? SimulationProtocol.OpenAi : SimulationProtocol.Anthropic);
        var config = _rig.In("model-migrate.yaml");
        await File.WriteAllTextAsync(config, $$"""
            providers:
              here: { kind: {{protocol}}, baseUrl: "{{upstream.Model.BaseUrl.ToString().TrimEnd('/')}}" }
            models: { old: here }
            routes: { chat: old }
            """);
        var (server, fault) = await RunningServer.TryStartAsync(new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = _rig.In("data") }, TimeProvider.System, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        await using (server)
        {
            var run = await CliRun.OfAsync($"run-suite --config {Path.Combine(Source.Root, "samples/suites/contract.yaml")} --url {server.Url.ToString().TrimEnd('/')} --json");
            Assert.True(run.Code == 0, run.Error);
            Assert.Equal((8, 0), (JsonNode.Parse(run.Out)!["passed"]!.GetValue<int>(), JsonNode.Parse(run.Out)!["failed"]!.GetValue<int>()));
        }
    }

    /// <summary>What is expected, and every sentence that must answer an answer that is otherwise: all of them, not only the first.</summary>
    [Theory]
    [InlineData(Usual, 200, "{}")]
    [InlineData("{ status: 201 }", 200, "{}", "The status is 200, not 201.")]
    [InlineData("{ status: [201, 4xx] }", 404, "{}")]
    [InlineData("{ status: [201, 4xx] }", 500, "{}", "The status is 500, not 201 or 4xx.")]
    [InlineData("{ status: 200, headers: { content-type: text/html, x-none: '*', X-Stub: '*' } }", 200, "{}", "The header content-type is 'application/json', in which is no 'text/html'.", "The header x-none is missing.")]
    [InlineData("{ status: 200, headers: { Content-Type: APPLICATION/JSON, x-stub: yes } }", 200, "{}")]
    [InlineData("{ status: 200, schema: { type: object, required: [a], properties: { a: { type: array, items: { type: integer } } } } }", 200, "{\"a\":[1,\"b\"]}", "The body breaks its schema: /a/1: ")]
    [InlineData("{ status: 200, schema: { required: [a] } }", 200, "{\"b\":1}", "The body breaks its schema: the whole: ")]
    [InlineData("{ status: 200, schema: {} }", 200, "<html>", "The body is not JSON: line 1, byte 1.")]
    [InlineData("{ status: 201, schema: false }", 200, "{}", "The status is 200, not 201. The body breaks its schema:")]
    public async Task Expectation_OfOneDocument_SaysEveryFault(string expect, int status, string body, params string[] sentences)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(body, status, ("x-stub", "yes")));
        await AssertAsync(upstream, expect, sentences);
    }

    [Theory]
    [InlineData("{ status: 200, events: { least: 3, lastData: \"[DONE]\", schema: { required: [a] } } }")]
    [InlineData("{ status: 200, events: { least: 4 } }", "3 events came, and 4 are the least.")]
    [InlineData("{ status: 200, events: { lastData: done } }", "The data of the last event is '[DONE]', not 'done'.")]
    [InlineData("{ status: 200, events: { lastName: message_stop } }", "The last event is 'message', not 'message_stop'.")]
    [InlineData("{ status: 200, events: { lastData: \"[DONE]\", named: { begin: { required: [b] }, other: } } }", "No event 'other' came.", "Event 1 (begin) breaks its schema: the whole: ")]
    [InlineData("{ status: 200, events: { schema: { properties: { a: { type: string } } } } }", "Event 1 (begin) breaks its schema: /a: ", "Event 2 (message) breaks its schema: /a: ", "Event 3 (message) is not JSON: line 1, byte 2.")]
    public async Task Expectation_OfAStream_SaysEveryFault(string expect, params string[] sentences)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events("event: begin\ndata: {\"a\":1}\n\n", "data: {\"a\":2}\n\n", "data: [DONE]\n\n"));
        await AssertAsync(upstream, expect, sentences);
    }

    [Fact]
    public async Task Request_HeadersBodyAndMethod_AreSentAsWrittenAndAKeyIsNotShown()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        var run = await _rig.RunAsync($$"""
            url: {{upstream.Url}}base
            suites:
              s:
                level: integration
                contract:
                  put: { request: { method: PUT, path: "/x?y=1", headers: { authorization: "Bearer ${KEY}", content-type: text/plain }, text: "a: {" }, expect: { status: 200 } }
                  get: { request: { path: /z }, expect: { status: 5xx } }
                  post: { request: { path: /p, body: { n: 1, t: "1", list: [true, null] } }, expect: { status: 5xx } }
            """, "--json --concurrency 1", name => name == "KEY" ? "sk-secret" : null);

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.DoesNotContain("sk-secret", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(
            [("PUT", "/base/x?y=1", "a: {", "text/plain"), ("GET", "/base/z", "", ""), ("POST", "/base/p", """{"n":1,"t":"1","list":[true,null]}""", "application/json")],
            upstream.Requests.Select(static sent => (sent.Method, sent.Target, sent.Text, sent.Headers.GetValueOrDefault("Content-Type", ""))));
        Assert.Equal("Bearer sk-secret", upstream.Requests.First().Headers["Authorization"]);
    }

    [Fact]
    public async Task Server_NotThere_IsAnError()
    {
        var run = await _rig.RunAsync("url: http://127.0.0.1:1\nsuites: { s: { level: integration, contract: { a: { request: { path: /v1/models }, expect: { status: 200 } } } } }\n");

        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.Contains("ERROR   a", run.Out, StringComparison.Ordinal);
        Assert.Contains("GET http://127.0.0.1:1/v1/models: ", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No server is named for the contract cases. Write --url, or 'url:' in the file, for example http://127.0.0.1:8080.")]
    [InlineData("--url ftp://a", "--url is a plain http or https address")]
    [InlineData("--url http://user:key@a", "--url is a plain http or https address")]
    public async Task Url_MissingOrWrong_ExitsTwo(string options, string said)
    {
        var run = await _rig.RunAsync("suites: { s: { level: integration, contract: { a: { request: { path: / }, expect: { status: 200 } } } } }\n", options);

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    private async Task AssertAsync(StubUpstream upstream, string expect, string[] sentences)
    {
        var run = await _rig.RunAsync($"url: {upstream.Url}\nsuites: {{ s: {{ level: integration, contract: {{ a: {{ request: {{ path: /a }}, expect: {expect} }} }} }} }}\n", "--json");

        Assert.True(run.Code == (sentences.Length == 0 ? 0 : 1), run.Out + run.Error);
        var reason = JsonNode.Parse(run.Out)!["cases"]![0]!["reason"]!.GetValue<string>();
        Assert.All(sentences, sentence => Assert.Contains(sentence, reason, StringComparison.Ordinal));
    }
}
