using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>A prompt with its variables as a request: a conversation where it is JSON of one, else one message of the user's.</summary>
internal static class RenderedPrompt
{
    /// <summary>The request; or null and why the conversation cannot be sent.</summary>
    public static ChatRequest? Request(string prompt, PromptfooProvider provider, int repeat, out string fault)
    {
        return Conversation(prompt, out fault) is not var (system, turns) ? null : new ChatRequest
        {
            System = system, Turns = turns, Temperature = provider.Temperature, MaxTokens = provider.MaxTokens, TopP = provider.TopP, PresencePenalty = provider.PresencePenalty,
            FrequencyPenalty = provider.FrequencyPenalty, Seed = provider.Seed + repeat, Stop = provider.Stop, Tools = [.. provider.Tools.Concat(provider.Functions).Select(static each => each.Tool)], ToolChoice = provider.ToolChoice,
        };
    }

    /// <summary>What is said; or null and why it cannot be sent.</summary>
    public static (IReadOnlyList<TextPart> System, IReadOnlyList<ChatTurn> Turns)? Conversation(string prompt, out string fault)
    {
        var (system, turns) = (new List<TextPart>(), new List<ChatTurn>());
        fault = Read(prompt, system, turns);
        return fault.Length > 0 ? null : (system, turns);
    }

    private static string Read(string prompt, List<TextPart> system, List<ChatTurn> turns)
    {
        using var json = Messages(prompt);
        if (json is null)
        {
            turns.Add(new ChatTurn(ChatRole.User, prompt));
            return "";
        }

        foreach (var message in json.RootElement.EnumerateArray())
        {
            if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String)
            {
                return "A message of the prompt has content that is not text; only text is sent.";
            }

            var text = content.GetString()!;
            switch (message.GetProperty("role").GetString())
            {
                case "system" or "developer" when turns.Count == 0:
                    system.Add(new TextPart(text));
                    break;
                case "system" or "developer":
                    turns.Add(new ChatTurn(ChatRole.System, text));
                    break;
                case "user":
                    turns.Add(new ChatTurn(ChatRole.User, text));
                    break;
                case "assistant":
                    turns.Add(new ChatTurn(ChatRole.Assistant, text));
                    break;
                case var role:
                    return $"A message of the prompt has the role '{role}'; write system, user or assistant.";
            }
        }

        return turns.Count == 0 ? "The prompt has no message of the user's." : "";
    }

    private static JsonDocument? Messages(string prompt)
    {
        if (!prompt.AsSpan().TrimStart().StartsWith("["))
        {
            return null;
        }

        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(prompt);
            var isConversation = json.RootElement.GetArrayLength() > 0 && json.RootElement.EnumerateArray().All(static message =>
                message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String);
            if (isConversation)
            {
                return json;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        json.Dispose();
        return null;
    }
}
