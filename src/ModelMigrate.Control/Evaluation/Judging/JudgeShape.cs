using System.Text.Json;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>The JSON that a judge must answer: sent with the request, and held against what comes back, for not every provider holds a model to it.</summary>
internal sealed class JudgeShape
{
    /// <summary>Any object, wherever in the answer it stands: for instructions that are not ours, and that nothing is sent with.</summary>
    public static readonly JudgeShape Any = new();

    private readonly JsonSchema? _schema;

    private JudgeShape()
    {
    }

    /// <param name="name">Its name on the wire.</param>
    /// <param name="schema">JSON Schema as JSON text.</param>
    public JudgeShape(string name, string schema)
    {
        using var json = JsonDocument.Parse(schema);
        _schema = JsonSchema.TryRead(json.RootElement, new SchemaOptions(), out var problems) ?? throw new ArgumentException(string.Join(' ', problems), nameof(schema));
        Format = new AnswerFormat { Name = name, Schema = schema, Strict = true };
    }

    /// <summary>What is sent; null for nothing.</summary>
    public AnswerFormat? Format { get; }

    /// <summary>The verdict; or null and what is wrong with the text, which is not repeated.</summary>
    public JsonElement? TryRead(string text, out string wrong)
    {
        wrong = "";
        if (_schema is null)
        {
            using var found = AnswerJson.TryExtract(text);
            wrong = found?.RootElement.ValueKind == JsonValueKind.Object ? "" : "it has no JSON object";
            return wrong.Length == 0 ? found!.RootElement.Clone() : null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (_schema.Validate(json.RootElement) is not [var first, ..])
            {
                return json.RootElement.Clone();
            }

            wrong = $"{(first.InstancePath.Length == 0 ? "the whole" : first.InstancePath)} {first.Message}";
        }
        catch (JsonException)
        {
            wrong = "it is not JSON";
        }

        return null;
    }
}
