using System.Net;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class PassThroughTests
{
    private const string Images = "/v1/images/generations";

    [Fact]
    public async Task Json_OnARouteThatAllowsIt_CrossesWithTheModelsNameAndIsNoEvidence()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"data":[{"b64_json":"AA=="}]}""", 201, ("openai-version", "1"), ("set-cookie", "a=b")));
        await using var other = await StubUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("m", upstream), GatewayHost.Model("t", other)) with { PassThrough = true });

        using var response = await gateway.PostToAsync(Images + "?a=b%20c", """{"prompt":"x","model":"chat","stream":"later"}""".Replace("\"later\"", "false", StringComparison.Ordinal), ("x-unknown", "1"));

        Assert.Equal((HttpStatusCode)201, response.StatusCode);
        Assert.Equal("""{"data":[{"b64_json":"AA=="}]}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("1", response.Headers.GetValues("openai-version").Single());
        Assert.False(response.Headers.Contains("set-cookie"));
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal((Images, """{"prompt":"x","model":"m-name","stream":false}""", "Bearer m-key"), (sent.Path, sent.Text, sent.Headers["Authorization"]));
        Assert.False(sent.Headers.ContainsKey("x-unknown"));
        Assert.Empty(gateway.Ended());
    }

    [Fact]
    public async Task Recorded_Image_BytesCrossUnmetered()
    {
        var recording = Recording.Load("image-generation-basic");
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { PassThrough = true });

        using var response = await gateway.PostToAsync(recording.Path, """{"model":"chat","prompt":"a cat"}""");

        Assert.Equal(recording.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(recording.ContentType, response.Content.Headers.ContentType?.ToString());
        Assert.Empty(gateway.Ended());
    }

    /// <summary>A dated Azure surface has a model's endpoints at its deployment, files beside the deployments, and all by a date.</summary>
    [Theory]
    [InlineData("/v1/images/generations", """{"model":"chat","prompt":"x"}""", "/openai/deployments/m-name/images/generations?api-version=2024-10-21")]
    [InlineData("/v1/images/generations?a=b", """{"model":"chat","prompt":"x"}""", "/openai/deployments/m-name/images/generations?a=b&api-version=2024-10-21")]
    [InlineData("/v1/files?limit=2", """{"purpose":"x"}""", "/openai/files?limit=2&api-version=2024-10-21")]
    public async Task DatedAzure_ModelOrNone_GoesToTheDeploymentOrBesideIt(string path, string body, string expected)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}"));
        var model = GatewayHost.Model("m", upstream);
        model = model with
        {
            Provider = model.Provider with { BaseUrl = new Uri(upstream.Url, "/openai/deployments"), ApiVersion = "2024-10-21", KeyHeader = "api-key" },
        };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model) with { PassThrough = true });

        using var response = await gateway.PostToAsync(path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal((expected, "m-key"), (sent.Target, sent.Headers["api-key"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Form_WithAModelOrWithout_Crosses(bool hasModel)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}"));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { PassThrough = true });
        using var form = new MultipartFormDataContent { { new StringContent("fine-tune"), "purpose" }, { new ByteArrayContent(new byte[100_000]), "file", "a.jsonl" } };
        if (hasModel)
        {
            form.Add(new StringContent("chat"), "model");
        }

        var sent = await form.ReadAsByteArrayAsync();
        using var response = await gateway.SendAsync("/v1/files", form, CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            Encoding.Latin1.GetString(sent).Replace("\r\n\r\nchat\r\n", "\r\n\r\nm-name\r\n", StringComparison.Ordinal), Encoding.Latin1.GetString(Assert.Single(upstream.Requests).Body));
    }

    [Fact]
    public async Task Get_WithoutABody_GoesToTheRouteOfTheHeader()
    {
        await using var one = await StubUpstream.StartAsync(StubUpstream.Json("""{"one":1}"""));
        await using var two = await StubUpstream.StartAsync(StubUpstream.Json("""{"two":2}"""));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", one)) with { PassThrough = true },
            GatewayHost.Route(GatewayHost.Model("a", two, ProviderKind.Anthropic)) with { Id = new RouteId("claude"), PassThrough = true });

        using var unnamed = await gateway.Http.GetAsync(new Uri(gateway.Url, "/v1/files/f1"));
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/files/f1"));
        message.Headers.Add("x-model-migrate-route", "claude");
        using var named = await gateway.Http.SendAsync(message);

        Assert.Equal(HttpStatusCode.BadRequest, unnamed.StatusCode);
        Assert.Equal("""{"two":2}""", await named.Content.ReadAsStringAsync());
        Assert.Equal("/v1/files/f1", Assert.Single(two.Requests).Path);
        Assert.Equal("a-key", two.Requests.Single().Headers["x-api-key"]);
        Assert.Empty(one.Requests);
    }

    /// <summary>They stand below a path that is served, and ask a model: neither is one of the answers that a provider holds.</summary>
    [Theory]
    [InlineData("/v1/responses/input_tokens")]
    [InlineData("/v1/responses/compact")]
    public async Task Post_BesideTheHeldAnswers_CrossesWithItsBody(string path)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"input_tokens":7}"""));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(model with { Provider = model.Provider with { Responses = true } }) with { PassThrough = true });

        using var response = await gateway.PostToAsync(path, """{"model":"chat","input":"A"}""");

        Assert.Equal("""{"input_tokens":7}""", await response.Content.ReadAsStringAsync());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal((path, """{"model":"m-name","input":"A"}"""), (sent.Path, sent.Text));
    }

    [Theory]
    [InlineData("/v1/responses/input_tokens")]
    [InlineData("/v1/responses/compact")]
    [InlineData("/v1/responses/resp_1/rename")]
    public async Task Post_BesideTheHeldAnswersWhereNothingPasses_Is404(string path)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}"));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model with { Provider = model.Provider with { Responses = true } }));

        using var response = await gateway.PostToAsync(path, """{"model":"chat","input":"A"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"code\":\"unknown_endpoint\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    /// <summary>Another method of a served path is an endpoint that the gateway does not know: the list of stored chats, say.</summary>
    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 405)]
    public async Task OtherMethod_OfAServedPath_CrossesWhereARouteAllowsIt(bool passes, int status)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"object":"list","data":[]}"""));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { PassThrough = passes });

        using var response = await gateway.Http.GetAsync(new Uri(gateway.Url, "/v1/chat/completions?limit=2"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(passes ? ["GET /v1/chat/completions?limit=2"] : [], upstream.Requests.Select(sent => $"{sent.Method} {sent.Target}"));
    }

    [Fact]
    public async Task Events_OfAnUnknownEndpoint_ArriveAsTheyCome()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence("data: 1\n\n"));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { PassThrough = true });

        using var response = await gateway.PostToAsync("/v1/audio/speech", """{"model":"chat","input":"a"}""");
        await using var stream = await response.Content.ReadAsStreamAsync();
        var got = new byte[9];
        await stream.ReadExactlyAsync(got);

        Assert.Equal("data: 1\n\n", Encoding.ASCII.GetString(got));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(401, 502, "upstream_configuration")]
    [InlineData(404, 404, "no such file")]
    [InlineData(429, 429, "no such file")]
    public async Task Refusal_OfTheProvider_CrossesButForWhatItSaysOfOurKey(int status, int seen, string says)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"no such file, or key m-key"}}""", status));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { PassThrough = true });

        using var response = await gateway.PostToAsync(Images, """{"model":"chat"}""");

        Assert.Equal(seen, (int)response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"closed"}""", 404, "unknown_endpoint")]
    [InlineData("""{"model":"nobody"}""", 404, "unknown_endpoint")]
    [InlineData("{", 400, "invalid_json")]
    public async Task Request_ThatNoRouteAllows_IsRefused(string body, int status, string code)
    {
        await using var upstream = await StubUpstream.StartAsync();
        var route = GatewayHost.Route(GatewayHost.Model("m", upstream));
        await using var gateway = await GatewayHost.StartAsync(route with { PassThrough = true }, route with { Id = new RouteId("closed") });

        using var response = await gateway.PostToAsync(Images, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }
}
