using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>What both models are asked with, beside the rows.</summary>
public sealed record AskSettings
{
    /// <summary>Instructions before each row's own, or null.</summary>
    public string? System { get; init; }

    /// <summary>0 to 2; null leaves it to the models.</summary>
    public double? Temperature { get; init; }

    /// <summary>The longest answer in tokens; null leaves it to the models.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Sent to models that take one, plus the repeat's number; null sends none.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether answers are streamed, so that the time to their first piece is known.</summary>
    public bool Streams { get; init; }

    /// <summary>The settings as text, of which the system text stands as its hash.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"system:{(System is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(System)))[..16])}|temperature:{Temperature:R}|maxTokens:{MaxTokens}|seed:{Seed}{(Streams ? "|streamed" : "")}");

    /// <summary>The request of one row. Repeats count from 0.</summary>
    public ChatRequest Request(DatasetRow row, int repeat)
    {
        // An instruction in the middle of a conversation stays where it is.
        var first = row.Messages.TakeWhile(static message => message.Role == ChatRole.System).Count();
        var system = row.Messages.Take(first).Select(static message => new TextPart(message.Text));
        return new ChatRequest
        {
            System = [.. System is null ? system : system.Prepend(new TextPart(System))],
            Turns = [.. row.Messages.Skip(first).Select(static message => new ChatTurn(message.Role, message.Text))],
            Temperature = Temperature,
            MaxTokens = MaxTokens,
            Seed = Seed + repeat,
        };
    }
}
