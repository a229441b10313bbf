using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Bedrock;

namespace ModelMigrate.Tests.Providers;

/// <summary>AWS's own signing vectors: https://github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4, at 495329c.</summary>
public sealed class AwsSignatureTests
{
    private static readonly JsonElement[] s_vectors =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens", "sigv4-vectors.json"))).RootElement.EnumerateArray()];

    /// <summary>Every service but S3 wants paths normalized; vectors of the other rule are S3's.</summary>
    public static TheoryData<string> Names => [.. s_vectors.Where(vector => vector.GetProperty("normalize").GetBoolean()).Select(vector => Text(vector, "name")!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Authorization_EveryVector_HasItsSignature(string name)
    {
        var vector = s_vectors.Single(vector => Text(vector, "name") == name);
        var (head, body) = Text(vector, "request")!.Split("\n\n", 2) is [var first, var rest] ? (first, rest) : (Text(vector, "request")!, "");
        var lines = head.Split('\n');
        var target = lines[0][(lines[0].IndexOf(' ', StringComparison.Ordinal) + 1)..lines[0].LastIndexOf(' ')];
        var hash = AwsSignature.Hash(Encoding.UTF8.GetBytes(body));
        var now = vector.GetProperty("timestamp").GetDateTimeOffset();
        List<(string, string)> headers = [.. Headers(lines.Skip(1)), ("X-Amz-Date", AwsSignature.DateOf(now))];
        if (Text(vector, "token") is { } token && !vector.GetProperty("omitToken").GetBoolean())
        {
            headers.Add(("X-Amz-Security-Token", token));
        }

        if (vector.GetProperty("signBody").GetBoolean())
        {
            headers.Add(("x-amz-content-sha256", hash));
        }

        var access = new AwsAccess(Text(vector, "region")!, Text(vector, "keyId")!, new Secret(Text(vector, "key")!), null);
        var said = AwsSignature.Authorization(
            access, Text(vector, "service")!, lines[0].Split(' ')[0], target.Split('?')[0], target.Contains('?', StringComparison.Ordinal) ? target.Split('?')[1] : "", headers, hash, now);

        Assert.EndsWith($"Signature={Text(vector, "signature")}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_OfTheSuite_AreAllHere() => Assert.Equal((38, 31), (s_vectors.Length, Names.Count));

    /// <summary>A model's name stands in the path, and its colon is encoded twice under the signature.</summary>
    [Theory]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse")]
    [InlineData("arn:aws:bedrock:us-east-1:1:inference-profile/x", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse")]
    public void ChatUri_NameOfAModel_IsOneSegment(string name, string path)
    {
        var model = Gateway.Translation.Codec.Model(ProviderKind.Bedrock, name);

        Assert.Equal(path, BedrockProtocol.ChatUri(model, stream: false).AbsolutePath);
    }

    /// <summary>A header may go on over several lines, which become one with a space between.</summary>
    private static List<(string Name, string Value)> Headers(IEnumerable<string> lines)
    {
        var headers = new List<(string Name, string Value)>();
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (line[0] == ' ')
            {
                headers[^1] = (headers[^1].Name, headers[^1].Value + " " + line);
            }
            else
            {
                headers.Add((line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]));
            }
        }

        return headers;
    }

    private static string? Text(JsonElement vector, string name) => vector.GetProperty(name).GetString();
}
