using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Tests.Support;
using ModelMigrate.Tests.Gateway.Fuzzing;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Requests and answers of which a part was replaced at random: each is translated or refused with a reason, and none is a bug of ours.</summary>
public sealed class MutationTests
{
    private const int Rounds = 4000;

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
            foreach (var other in isRead ? ChatSamples.Clients : [])
            {
                using var sent = JsonDocument.Parse(Codec.Write(Codec.Model(other, "m", Abilities.Effort), request!));
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
