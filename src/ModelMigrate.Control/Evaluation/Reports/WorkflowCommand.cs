using System.Text;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes GitHub workflow commands, which become annotations.</summary>
internal static class WorkflowCommand
{
    /// <summary>GitHub shows ten of a kind for each step.</summary>
    public const int MostShown = 10;

    /// <param name="text">Where it is appended, as one line.</param>
    /// <param name="level"><c>error</c>, <c>warning</c> or <c>notice</c>.</param>
    /// <param name="file">Of the repository, or null.</param>
    /// <param name="line">Of the file.</param>
    /// <param name="title">A few words.</param>
    /// <param name="message">Any text.</param>
    public static void Write(StringBuilder text, string level, string? file, long? line, string title, string message) =>
        text.Append("::").Append(level).Append(' ').Append(file is null ? "" : Figures.Text($"file={Property(file)},line={line},")).Append("title=").Append(Property(title)).Append("::").Append(Data(message)).Append('\n');

    // What a model answered must not become a command of its own.
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
