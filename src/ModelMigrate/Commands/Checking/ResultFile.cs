using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Commands.Checking;

/// <summary>A result or baseline in a file.</summary>
internal static class ResultFile
{
    /// <summary>The result; or null, and what is wrong was said.</summary>
    public static async Task<EvaluationResult?> ReadAsync(CommandContext context, FileInfo file, string option)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(file.FullName, context.Cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            await context.Terminal.Error.WriteLineAsync($"{option}: cannot read {file}: {unreadable.Message} Name a file that evaluate or compare wrote.");
            return null;
        }

        var result = EvaluationResult.TryRead(bytes, out var wrong);
        if (result is null)
        {
            await context.Terminal.Error.WriteLineAsync($"{option}: {file}: {wrong}");
        }

        return result;
    }
}
