using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Vertex AI beside the two places that give tokens for it: one exchanges assertions that a service account signed, one is a machine's metadata server.</summary>
internal sealed class VertexStub
{
    private const string Gemini = """{"candidates":[{"content":{"role":"model","parts":[{"text":"says gemini"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10},"modelVersion":"g"}""";
    private const string Claude = """{"id":"m1","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"says claude"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}}""";
    private const string Llama = """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"says llama"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";

    private static readonly RSA s_key = RSA.Create(2048);

    private int _tokens;

    /// <summary>What assertions claim that were exchanged.</summary>
    public ConcurrentQueue<JsonNode> Claims { get; } = new();

    /// <summary>The status that exchanges of assertions end with.</summary>
    public int Status { get; set; } = 200;

    public static string Credentials(string url) => JsonSerializer.Serialize(new
    {
        type = "service_account", project_id = "own-project", private_key_id = "k1", private_key = s_key.ExportPkcs8PrivateKeyPem(), client_email = "robot@own-project.iam.gserviceaccount.com", client_id = "1", token_uri = $"{url}/token",
    });

    public Task AnswerAsync(HttpContext context, StubUpstream.Received received) => StubUpstream.Json(received.Path switch
    {
        "/token" => Exchanged(received.Text, context),
        "/" => "",
        "/computeMetadata/v1/instance/service-accounts/default/token" => """{"access_token":"of the machine","expires_in":3600,"token_type":"Bearer"}""",
        _ when received.Path.EndsWith(":generateContent", StringComparison.Ordinal) => Gemini,
        _ when received.Path.EndsWith("awPredict", StringComparison.Ordinal) => Claude,
        _ when received.Path.EndsWith("/chat/completions", StringComparison.Ordinal) => Llama,
        _ => throw new InvalidOperationException(received.Path),
    }, received.Path == "/token" ? Status : 200, ("Metadata-Flavor", "Google"))(context, received);

    private string Exchanged(string form, HttpContext context)
    {
        var fields = HttpUtility.ParseQueryString(form);
        Assert.Equal(("urn:ietf:params:oauth:grant-type:jwt-bearer", "POST"), (fields["grant_type"], context.Request.Method));
        var parts = fields["assertion"]!.Split('.');
        Assert.True(s_key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Claims.Enqueue(JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!);
        return Status == 200 ? JsonSerializer.Serialize(new { access_token = $"token {Interlocked.Increment(ref _tokens)}", expires_in = 3600, token_type = "Bearer" })
            : """{"error":"invalid_grant","error_description":"Account is gone."}""";
    }
}
