using System.Text.Json;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>The JSON that a judge must answer: sent with the request, and held against what comes back, for not every provider holds a model to it.</summary>
internal sealed class JudgeShape
{
    private readonly JsonSchema _schema;

    /// <param name="name">Its name on the wire.</param>
    /// <param name="schema">JSON Schema as JSON text.</param>
    public JudgeShape(string name, string schema)
    {
        using var json = JsonDocument.Parse(schema);
        _schema = JsonSchema.TryRead(json.RootElement, new SchemaOptions(), out var problems) ?? throw new ArgumentException(string.Join(' ', problems), nameof(schema));
        Format = new AnswerFormat { Name = name, Schema = schema, Strict = true };
    }

    public AnswerFormat Format { get; }

    /// <summary>The verdict; or null and what is wrong with the text, which is not repeated.</summary>
    public JsonElement? TryRead(string text, out string wrong)
    {
        wrong = "";
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
