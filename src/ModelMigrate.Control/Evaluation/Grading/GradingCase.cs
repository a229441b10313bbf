using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>One row with both kept answers; null where one was not asked.</summary>
internal sealed record GradingCase(DatasetRow Row, int Repeat, AskedAnswer? Source, AskedAnswer? Target)
{
    /// <summary>What was asked: the text of the only message, or all of them as JSON.</summary>
    public string Prompt => Row.Messages is [{ Role: ChatRole.User, Text: var text }]
        ? text
        : System.Text.Json.JsonSerializer.Serialize(Row.Messages.Select(static message => new { role = message.Role.ToString().ToLowerInvariant(), content = message.Text }));

    /// <summary>What a right answer says, or null.</summary>
    public string? Reference => Row.References is [var first, ..] ? first : null;

    public AskedAnswer? Answer(ArmRole role) => role == ArmRole.Source ? Source : Target;
}
