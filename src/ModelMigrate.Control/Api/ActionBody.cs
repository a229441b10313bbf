using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Api;

/// <summary>Reads the body of a verb and says everything that is wrong with it.</summary>
internal static class ActionBody
{
    public const int MaxBytes = 64 * 1024;
    public const int MaxText = 1000;

    private static readonly string[] s_keys = ["migration_id", "reason", "actor"];

    /// <summary>An empty body asks without a reason, unless <paramref name="needsId"/>.</summary>
    public static async Task<(ActionRequest? Value, Refusal? Refusal)> ReadAsync(HttpRequest request, bool needsId)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
            {
                return (null, new Refusal(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"Send at most {MaxBytes} bytes."));
            }

            await buffer.WriteAsync(chunk.AsMemory(0, read), request.HttpContext.RequestAborted);
        }

        if (buffer.Length == 0)
        {
            return needsId ? (null, Invalid(["migration_id is missing. Write the migration's id, for example \"MIG-chat\"."])) : (new ActionRequest(), null);
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
            return Read(document.RootElement, needsId);
        }
        catch (JsonException broken)
        {
            return (null, Invalid([$"The body is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}. Write an object such as {{\"reason\":\"…\"}}."]));
        }
    }

    private static (ActionRequest? Value, Refusal? Refusal) Read(JsonElement root, bool needsId)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, Invalid(["The body is not an object. Write an object such as {\"reason\":\"…\"}."]));
        }

        var errors = new List<string>();
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!s_keys.Contains(property.Name, StringComparer.Ordinal))
            {
                errors.Add($"'{property.Name}' is not known. Write one of {string.Join(", ", s_keys)}.");
            }
            else if (values.ContainsKey(property.Name))
            {
                errors.Add($"{property.Name} stands twice. Write it once.");
            }
            else
            {
                values[property.Name] = Text(property, errors);
            }
        }

        if (needsId && string.IsNullOrWhiteSpace(values.GetValueOrDefault("migration_id"))
            && !errors.Exists(error => error.StartsWith("migration_id", StringComparison.Ordinal)))
        {
            errors.Add("migration_id is missing. Write the migration's id, for example \"MIG-chat\".");
        }

        return errors.Count > 0
            ? (null, Invalid(errors))
            : (new ActionRequest
            {
                MigrationId = values.GetValueOrDefault("migration_id"),
                Reason = values.GetValueOrDefault("reason"),
                Actor = values.GetValueOrDefault("actor"),
            }, null);
    }

    private static string? Text(JsonProperty property, List<string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (property.Value.ValueKind != JsonValueKind.String)
        {
            errors.Add($"{property.Name} is not text. Write it in quotes.");
            return null;
        }

        string text;
        try
        {
            text = property.Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            errors.Add($"{property.Name} is not valid UTF-8. Send UTF-8.");
            return null;
        }

        if (text.Length > MaxText)
        {
            errors.Add($"{property.Name} has {text.Length} characters. Write at most {MaxText}.");
        }
        else if (text.Any(char.IsControl))
        {
            errors.Add($"{property.Name} holds control characters. Write it in one line.");
        }

        return text;
    }

    private static Refusal Invalid(IReadOnlyList<string> errors) =>
        new(StatusCodes.Status400BadRequest, "invalid_body", string.Join(' ', errors)) { Errors = errors };
}
