using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress.OpenAi.Responses;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Providers.OpenAi.Wires;
using ModelMigrate.Tests.Gateway.Fuzzing;
using ModelMigrate.Tests.Support;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Requests and answers of which a part was replaced at random: each is translated or refused with a reason, and none is a bug of ours.</summary>
public sealed class MutationTests
{
    private const int Rounds = 4000;

    private static readonly ModelSnapshot[] s_asked =
    [
        Codec.Model(ProviderKind.OpenAi, "m", Abilities.Effort), Codec.Model(ProviderKind.Anthropic, "m", Abilities.Effort),
        Codec.Model(ProviderKind.OpenAi, "m", Abilities.Effort) with { InResponses = true },
    ];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    [Theory]
    [InlineData(ProviderKind.OpenAi, "completions")]
    [InlineData(ProviderKind.Anthropic, "messages")]
    public void Request_AnyPartReplaced_IsTranslatedOrRefused(ProviderKind kind, string samples)
    {
        var random = new Random(7);
        var bodies = Directory.GetFiles(Path.Combine(Folder, samples), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        var translated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var body = Mutation.OfJson(bodies[random.Next(bodies.Length)], random);
            if (Codec.Scan(kind, body) is not { Untranslatable: null })
            {
                continue;
            }

            var bytes = System.Text.Encoding.UTF8.GetBytes(body);
            var isRead = kind == ProviderKind.OpenAi
                ? Chat.Translating.Translator.TryTranslate(bytes, out var request, out var error)
                : Messages.Translating.Translator.TryTranslate(bytes, out request, out error);
            Assert.True(isRead || error is { Code: "invalid_value", Message.Length: > 10 }, body);
            foreach (var other in isRead ? s_asked : [])
            {
                using var sent = JsonDocument.Parse(Codec.Write(other, request!));
                translated++;
            }
        }

        Assert.True(translated > Rounds / 10, $"{translated}");
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi, "openai")]
    [InlineData(ProviderKind.Anthropic, "anthropic")]
    public void Answer_AnyPartReplaced_IsTranslatedOrNotTheProtocol(ProviderKind kind, string samples)
    {
        var random = new Random(8);
        var bodies = Directory.GetFiles(Path.Combine(Folder, samples), "*.json").Where(file => !Path.GetFileName(file).StartsWith("stream", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        var call = new ModelCall { Model = Codec.Model(kind), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
        var translated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var body = Mutation.OfJson(bodies[random.Next(bodies.Length)], random);
            if (!IsProtocol(kind, body))
            {
                continue;
            }

            var result = Codec.ReadAnswer(call, body);
            foreach (var other in ChatSamples.Clients)
            {
                using var written = JsonDocument.Parse(Codec.WriteAnswer(other, result));
                translated++;
            }
        }

        Assert.True(translated > Rounds / 10, $"{translated}");
    }

    [Fact]
    public void ResponseRequest_AnyPartReplaced_IsTranslatedOrRefused()
    {
        var random = new Random(9);
        var bodies = Bodies("responses");
        var translated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var body = System.Text.Encoding.UTF8.GetBytes(Mutation.OfJson(bodies[random.Next(bodies.Length)], random));
            if (!ResponseReader.TryRead(body, out var read, out _) || read.Untranslatable is not null)
            {
                continue;
            }

            var isRead = ResponseTranslator.TryTranslate(body, out var request, out var error);
            Assert.True(isRead || error is { Code: "invalid_value", Message.Length: > 10 }, System.Text.Encoding.UTF8.GetString(body));
            foreach (var other in isRead ? s_asked : [])
            {
                using var sent = JsonDocument.Parse(Codec.Write(other, request!));
                translated++;
            }
        }

        Assert.True(translated > Rounds / 10, $"{translated}");
    }

    [Fact]
    public void ResponseAnswer_AnyPartReplaced_IsTranslatedOrNotTheProtocol()
    {
        var random = new Random(10);
        var bodies = Bodies("outputs");
        var call = new ModelCall { Model = s_asked[^1], Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
        var translated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            if (ResponseAnswer(call, Mutation.OfJson(bodies[random.Next(bodies.Length)], random)) is not { } result)
            {
                continue;
            }

            foreach (var other in ChatSamples.Clients)
            {
                using var written = JsonDocument.Parse(Codec.WriteAnswer(other, result));
                translated++;
            }

            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            using var writer = new ResponseWriter("""{"model":"chat","input":"Hello"}"""u8.ToArray(), createdAt: 0);
            writer.Write(bytes, result);
            using var response = JsonDocument.Parse(bytes.WrittenMemory);
            Assert.Equal("response", response.RootElement.GetProperty("object").GetString());
        }

        Assert.True(translated > Rounds / 10, $"{translated}");
    }

    /// <summary>As the adapter does: what is no response, or holds a text that is none, is not the protocol.</summary>
    private static ChatResult? ResponseAnswer(ModelCall call, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return ResponseAnswerReader.ErrorOf(call.Model.Provider, json.RootElement) is null && ResponseAnswerReader.IsAnswer(json.RootElement)
                ? new ResponseAnswerReader(call).Read(json.RootElement)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string[] Bodies(string samples) => [.. Directory.GetFiles(Path.Combine(Folder, samples), "*.json")
        .Where(file => !Path.GetFileName(file).StartsWith("stream", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    /// <summary>What the adapters themselves ask of an answer before they read it.</summary>
    private static bool IsProtocol(ProviderKind kind, string body)
    {
        try
        {
            return kind == ProviderKind.OpenAi
                ? JsonSerializer.Deserialize(body, OpenAiJson.Default.OpenAiWire) is { Choices: [{ Message: not null }, ..] }
                : JsonSerializer.Deserialize(body, AnthropicJson.Default.AnthropicWire) is { Content: not null, Type: "message", StopReason: not null };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
