using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>
/// The tool whose arguments are the answer, when the answer must be JSON. Every model of the protocol takes it, with any schema; the
/// protocol's own <c>output_config.format</c> is refused by older models and takes a part of JSON Schema only, so it is used where the
/// catalog entry names <see cref="Abilities.StructuredOutputs"/>. In the answer its arguments become text again, piece by piece.
/// </summary>
internal static class JsonTool
{
    public const string Name = "answer_in_json";

    /// <summary>Any JSON object.</summary>
    public const string AnyObject = """{"type":"object"}""";

    public static bool IsNeeded(ChatRequest request, ModelSnapshot model) =>
        request.Format is { } format && !IsNative(format, model) && request.ToolChoice?.Mode is not (ToolChoiceMode.Required or ToolChoiceMode.Named)
        && !model.Rejects.Contains("response_format", StringComparer.Ordinal);

    /// <summary>Whether the protocol's own word is used.</summary>
    public static bool IsNative(AnswerFormat format, ModelSnapshot model) => format.Schema is not null && model.Can(Abilities.StructuredOutputs);
}
