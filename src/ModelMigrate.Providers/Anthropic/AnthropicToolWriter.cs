using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Writes tools, the choice among them, the answer's format and the wish to think.</summary>
internal sealed class AnthropicToolWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    public void Write(ChatRequest request, ThinkingPlan thinking)
    {
        var needsJson = JsonTool.IsNeeded(request, model);
        if (request.Tools.Count > 0 || needsJson)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in request.Tools)
            {
                Write(tool);
            }

            if (needsJson)
            {
                WriteJsonTool(request.Format!);
            }

            json.WriteEndArray();
        }

        WriteChoice(request, needsJson);
        WriteThinking(thinking);
        WriteOutput(request, thinking);
    }

    private void Write(ChatTool tool)
    {
        if (tool.Foreign is { } foreign)
        {
            if (foreign.Protocol == ProviderKind.Anthropic)
            {
                json.WriteRawValue(foreign.Json, skipInputValidation: true);
            }
            else
            {
                changes.Dropped("tools." + foreign.Type);
            }

            return;
        }

        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description)
        {
            json.WriteString("description"u8, description);
        }

        WriteSchema("input_schema"u8, tool.Schema);
        if (tool.Strict && model.Can(Abilities.StructuredOutputs))
        {
            json.WriteBoolean("strict"u8, value: true);
        }
        else if (tool.Strict)
        {
            changes.Dropped("tools.strict");
        }

        if (tool.Cache is { } cache)
        {
            json.WritePropertyName("cache_control"u8);
            json.WriteRawValue(cache.Json, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private void WriteJsonTool(AnswerFormat format)
    {
        changes.Renamed("response_format", "tool");
        json.WriteStartObject();
        json.WriteString("name"u8, JsonTool.Name);
        json.WriteString("description"u8, format.Description ?? "Give your whole answer as this tool's arguments.");
        WriteSchema("input_schema"u8, format.Schema ?? JsonTool.AnyObject);
        json.WriteEndObject();
    }

    /// <summary>The protocol demands a schema, and that its type is an object.</summary>
    private void WriteSchema(ReadOnlySpan<byte> name, string? schema)
    {
        json.WritePropertyName(name);
        using var parsed = JsonDocument.Parse(schema ?? JsonTool.AnyObject);
        var root = parsed.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("type"u8, out _))
        {
            json.WriteRawValue(schema ?? JsonTool.AnyObject, skipInputValidation: true);
            return;
        }

        // As it stands behind the type: what it says need not even be valid text, and is the provider's to refuse.
        json.WriteRawValue(root.EnumerateObject().Any() ? $"{{\"type\":\"object\",{schema!.TrimStart()[1..]}" : JsonTool.AnyObject, skipInputValidation: true);
    }

    private void WriteChoice(ChatRequest request, bool needsJson)
    {
        var isSingle = request.ParallelTools == false && request.Tools.Count > 0;
        if (needsJson)
        {
            // With tools of its own the model answers, or calls one of them; without, there is only the answer.
            var isOnly = request.Tools.Count == 0 || request.ToolChoice?.Mode == ToolChoiceMode.None;
            WriteChoice(isOnly ? "tool"u8 : "any"u8, isOnly ? JsonTool.Name : null, isOnly || isSingle);
            return;
        }

        if (request.ToolChoice is { } choice && request.Tools.Count > 0 && !model.IsRejected("tool_choice", changes))
        {
            WriteChoice(
                choice.Mode switch
                {
                    ToolChoiceMode.Auto => "auto"u8,
                    ToolChoiceMode.None => "none"u8,
                    ToolChoiceMode.Required => "any"u8,
                    ToolChoiceMode.Named => "tool"u8,
                },
                choice.Name, isSingle && choice.Mode != ToolChoiceMode.None);
        }
        else if (isSingle)
        {
            WriteChoice("auto"u8, null, isSingle: true);
        }
    }

    private void WriteChoice(ReadOnlySpan<byte> type, string? name, bool isSingle)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, type);
        if (name is not null)
        {
            json.WriteString("name"u8, name);
        }

        if (isSingle)
        {
            json.WriteBoolean("disable_parallel_tool_use"u8, value: true);
        }

        json.WriteEndObject();
    }

    private void WriteThinking(ThinkingPlan thinking)
    {
        if (!thinking.IsOn && !thinking.IsOff)
        {
            return;
        }

        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, thinking.IsOff ? "disabled"u8 : thinking.Budget is null ? "adaptive"u8 : "enabled"u8);
        if (thinking.Budget is { } budget)
        {
            json.WriteNumber("budget_tokens"u8, budget);
        }

        json.WriteEndObject();
    }

    private void WriteOutput(ChatRequest request, ThinkingPlan thinking)
    {
        var isNative = request.Format is { } wanted && JsonTool.IsNative(wanted, model);
        if (request.Format is not null && !isNative && !JsonTool.IsNeeded(request, model))
        {
            // A forced tool leaves no text to have a format; a model that rejects formats has to do without.
            changes.Dropped("response_format");
        }

        if (!isNative && thinking.Effort is null)
        {
            return;
        }

        json.WriteStartObject("output_config"u8);
        if (thinking.Effort is { } effort)
        {
            json.WriteString("effort"u8, effort);
        }

        if (isNative)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            json.WriteRawValue(request.Format!.Schema!, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
