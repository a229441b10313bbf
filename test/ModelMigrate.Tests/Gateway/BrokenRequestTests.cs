using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>Each row of <c>broken-requests.json</c> is one request and the status, code and message that it must be answered with.</summary>
public sealed class BrokenRequestTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task EveryRow_OfTheTable_AnsweredExactlyAndServedOn()
    {
        await using var openAi = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var anthropic = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", openAi)),
            GatewayHost.Route(GatewayHost.Model("a", anthropic, ProviderKind.Anthropic)) with { Id = new RouteId("claude") });
        var rows = JsonSerializer.Deserialize<List<Row>>(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gateway", "broken-requests.json")), Json)!;
        var wrong = new List<string>();

        foreach (var row in rows)
        {
            var (status, body) = await SendAsync(gateway, row);
            using var error = body.Length == 0 ? null : JsonDocument.Parse(body);
            var said = error?.RootElement.GetProperty("error");
            var got = row with { Status = status, Code = said?.GetProperty("code").GetString(), Message = said?.GetProperty("message").GetString() };
            if (got != row)
            {
                wrong.Add($"{row.Name}: {got.Status} {got.Code} {got.Message}");
            }

            using var healthy = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        }

        Assert.True(rows.Count >= 25);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal(rows.Count, openAi.Requests.Count);
        Assert.Empty(anthropic.Requests);
    }

    private static async Task<(int Status, string Body)> SendAsync(GatewayHost gateway, Row row)
    {
        if (row.Raw is not null)
        {
            return await SendRawAsync(gateway.Url, row.Raw.Replace("{repeat}", row.Repeat is null ? "" : Encoding.UTF8.GetString(row.Bytes()), StringComparison.Ordinal));
        }

        HttpContent content = row.Chunked ? new StreamContent(new UnsizedStream(row.Bytes())) : new ByteArrayContent(row.Bytes());
        content.Headers.TryAddWithoutValidation("Content-Type", row.ContentType ?? "application/json");
        if (row.ContentEncoding is { } encoding)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var message = new HttpRequestMessage(new HttpMethod(row.Method ?? "POST"), new Uri(gateway.Url, row.Path ?? "/v1/chat/completions")) { Content = content };
        message.Headers.ExpectContinue = row.Repeat is { Times: > 1_000_000 };
        using var response = await gateway.Http.SendAsync(message);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", $"{row.Name}: {response}");
        Assert.Equal(row.Allow ?? "", string.Join(',', response.Content.Headers.Allow));
        Assert.NotEmpty(response.Headers.GetValues("x-model-migrate-request-id").Single());
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<(int Status, string Body)> SendRawAsync(Uri url, string raw)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(raw));
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        var status = int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        var rest = await reader.ReadToEndAsync();
        return (status, rest.Length == 0 ? rest : rest[rest.IndexOf('{', StringComparison.Ordinal)..(rest.LastIndexOf('}') + 1)]);
    }

    /// <summary>One line of the table. Code and message are null for what the HTTP server itself refuses: it answers without a body.</summary>
    private sealed record Row(
        string Name, string? Body, string? BodyHex, Repetition? Repeat, bool Chunked, string? Raw, string? ContentType, string? ContentEncoding,
        string? Method, string? Path, string? Allow, int Status, string? Code, string? Message)
    {
        public byte[] Bytes() => BodyHex is not null ? Convert.FromHexString(BodyHex)
            : Repeat is null ? Encoding.UTF8.GetBytes(Body!)
            : Encoding.UTF8.GetBytes(Repeat.Before + new string(Repeat.Text[0], Repeat.Times) + Repeat.After);
    }

    private sealed record Repetition(string Before, string Text, int Times, string After);

    /// <summary>Hides its length, so that it is sent in chunks.</summary>
    private sealed class UnsizedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
