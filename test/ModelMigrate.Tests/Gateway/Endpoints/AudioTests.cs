using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Uploads;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class AudioTests
{
    private const string Transcriptions = "/v1/audio/transcriptions";
    private const string Answer = """{"text":"Hi","usage":{"type":"tokens","input_tokens":14,"output_tokens":2,"total_tokens":16}}""";

    [Theory]
    [InlineData("audio-transcription-basic", Transcriptions)]
    [InlineData("audio-translation-basic", "/v1/audio/translations")]
    public async Task Recorded_Transcript_BytesCross(string name, string path)
    {
        var recording = Recording.Load(name);
        await using var upstream = await StubUpstream.StartAsync(recording.Replay());
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.SendAsync(path, Form(Sound(2000), modelFirst: true), CancellationToken.None);

        Assert.Equal(recording.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(path, Assert.Single(upstream.Requests).Path);
        Assert.Equal(Outcome.Ok, Assert.Single(gateway.Ended()).Outcome);
    }

    /// <summary>In memory, in a file, and streamed behind what is held; the model before the file and after it.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(2000, true)]
    [InlineData(2000, false)]
    [InlineData(UploadForm.MostInMemory + 70_000, true)]
    [InlineData(UploadForm.MostInMemory + 70_000, false)]
    [InlineData((8 * UploadForm.MostInMemory) + 1, true)]
    [InlineData((8 * UploadForm.MostInMemory) + 1, false)]
    public async Task Form_OfAnySize_CrossesUntouchedButForTheModel(int length, bool modelFirst)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));
        using var form = Form(Sound(length), modelFirst);
        var sent = await form.ReadAsByteArrayAsync();

        using var response = await gateway.SendAsync(Transcriptions, form, CancellationToken.None);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        var got = Assert.Single(upstream.Requests);
        Assert.Equal(Latin(sent).Replace("\r\n\r\nchat\r\n", "\r\n\r\nm-name\r\n", StringComparison.Ordinal), Latin(got.Body));
        Assert.Equal(form.Headers.ContentType!.ToString(), got.Headers["Content-Type"]);
        Assert.Equal(got.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), got.Headers["Content-Length"]);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, 14, 2), (ended.Outcome, ended.InputTokens, ended.OutputTokens));
    }

    [Fact]
    public async Task Form_WithoutALength_IsSentInChunks()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var form = Form(Sound(3 * UploadForm.MostInMemory), modelFirst: true);
        using var content = new StreamContent(new Unsized(await form.ReadAsByteArrayAsync()));
        content.Headers.ContentType = form.Headers.ContentType;

        using var response = await gateway.SendAsync(Transcriptions, content, CancellationToken.None);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("chunked", Assert.Single(upstream.Requests).Headers["Transfer-Encoding"]);
    }

    [Theory]
    [InlineData(200_000, true)]

    // Behind a large file the model is found last, so that all of it was held.
    [InlineData(3 * UploadForm.MostInMemory, false)]
    public async Task Form_ThatWasHeldWhole_IsSentAgainToTheSource(int length, bool modelFirst)
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(length), modelFirst), CancellationToken.None);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(Assert.Single(target.Requests).Body.Length, Assert.Single(source.Requests).Body.Length);
        Assert.True(Assert.Single(gateway.Ended()) is { Outcome: Outcome.Error, Rescued: true });
    }

    [Fact]
    public async Task Form_ThatWasStreamed_IsNotSentASecondTime()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"no","type":"server_error"}}""", 503));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(3 * UploadForm.MostInMemory), modelFirst: true), CancellationToken.None);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Empty(source.Requests);
        Assert.True(Assert.Single(gateway.Ended()) is { Outcome: Outcome.Error, UserError: true });
    }

    /// <summary>Not every provider writes subtitles: one that does is asked, as with pictures.</summary>
    [Theory]
    [InlineData("srt", "f")]
    [InlineData("text", "m")]
    [InlineData(null, "m")]
    public async Task Shape_ThatTheProviderDoesNotWrite_AnotherModelIsAsked(string? shape, string expected)
    {
        await using var groq = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Writing("m", groq, "json verbose_json text"), limits: null, GatewayHost.Model("f", other)));

        using var response = await gateway.SendAsync(
            Transcriptions, Form(Sound(3000), modelFirst: true, shape is null ? [] : [("response_format", shape)]), CancellationToken.None);

        Assert.Equal(expected, response.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Equal(expected == "m" ? (1, 0) : (0, 1), (groq.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Shape_ThatNobodyWrites_IsRefusedWithThoseThatAre()
    {
        await using var groq = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Writing("m", groq, "json verbose_json text")));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(3000), modelFirst: false, ("response_format", "vtt")), CancellationToken.None);
        var error = await response.Content.ReadAsStringAsync();

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("'response_format' can be json, verbose_json, text for the model 'm'", error, StringComparison.Ordinal);
        Assert.Contains("\"param\":\"response_format\"", error, StringComparison.Ordinal);
        Assert.Empty(groq.Requests);
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("verbose_json", "application/json")]
    [InlineData("text", "text/plain")]
    [InlineData("srt", "text/plain")]
    [InlineData("vtt", "text/vtt")]
    public async Task Simulated_EveryShape_ArrivesAsTheProviderSentIt(string shape, string type)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await GatewayHost.StartAsync(EmbeddingTests.Simulated(upstream));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(100), modelFirst: false, ("response_format", shape)), CancellationToken.None);
        using var same = await gateway.Http.PostAsync(new Uri(upstream.Address, Transcriptions), Form(Sound(100), modelFirst: true, ("response_format", shape)));

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(shape.Split('_')[^1] == "json", text.StartsWith('{'));
        Assert.Equal(same.Content.Headers.ContentType, response.Content.Headers.ContentType);
        Assert.True(text.Length > 10, text);
    }

    [Fact]
    public async Task Simulated_Stream_EventsArriveAndTokensAreMetered()
    {
        await using var upstream = await StartAsync();
        var model = EmbeddingTests.Simulated(upstream).Model;
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(100), modelFirst: true, ("stream", "true")), CancellationToken.None);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement).ToList();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("transcript.text.done", events[^1].GetProperty("type").GetString());
        Assert.Equal(events[^1].GetProperty("text").GetString(), string.Concat(events[..^1].Select(e => e.GetProperty("delta").GetString())));
        Assert.True(Assert.Single(gateway.Ended()) is { Outcome: Outcome.Ok, OutputTokens: > 0, FirstToken: not null });
    }

    [Theory]
    [InlineData("text/html", "<html>Bad gateway</html>")]
    [InlineData("application/json", """{"ok":true}""")]
    [InlineData("application/json", "Hi")]
    public async Task Answer_ThatIsNoTranscript_IsNoSuccess(string type, string body)
    {
        await using var upstream = await StubUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), new RouteLimits { Retries = 0 }));

        using var response = await gateway.SendAsync(Transcriptions, Form(Sound(10), modelFirst: true), CancellationToken.None);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("upstream_malformed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>One recording keeps to one arm, different ones fall to both.</summary>
    [Fact]
    public async Task Migration_Split_IsByTheRecording()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream), weightPpm: 500_000));
        var arms = new List<string>();
        for (var i = 0; i < 24; i++)
        {
            using var response = await gateway.SendAsync(Transcriptions, Form(Sound(100 + (i / 2)), modelFirst: i % 2 == 0), CancellationToken.None);
            arms.Add(response.Headers.GetValues("x-model-migrate-arm").Single());
        }

        Assert.All(arms.Chunk(2), pair => Assert.Equal(pair[0], pair[1]));
        Assert.Equal(2, arms.Distinct().Count());
    }

    private static Task<SimulatedProvider> StartAsync() => SimulatedProvider.StartAsync(
        new() { Protocol = SimulationProtocol.OpenAi, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero } }, TimeProvider.System);

    private static MultipartFormDataContent Form(byte[] sound, bool modelFirst, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        if (modelFirst)
        {
            form.Add(new StringContent("chat"), "model");
        }

        form.Add(new ByteArrayContent(sound), "file", "a.wav");
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        if (!modelFirst)
        {
            form.Add(new StringContent("chat"), "model");
        }

        return form;
    }

    private static ModelSnapshot Writing(string id, StubUpstream at, string formats)
    {
        var model = GatewayHost.Model(id, at);
        return model with { Provider = model.Provider with { Paths = new ProviderPaths { SpeechFormats = formats } } };
    }

    /// <summary>Bytes of every kind, line ends and dashes among them.</summary>
    private static byte[] Sound(int length)
    {
        var sound = new byte[length];
        new Random(length).NextBytes(sound);
        return sound;
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Hides its length.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
