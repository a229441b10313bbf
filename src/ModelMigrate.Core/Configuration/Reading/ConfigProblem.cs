namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>One thing that is wrong with a configuration file, where, and what to write instead.</summary>
/// <param name="File">As it was named to the reader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">Where in the tree, for example <c>routes.chat.model</c>; empty for the whole file.</param>
/// <param name="Code">Stable, for example <c>unknown-key</c>.</param>
/// <param name="Severity">Errors refuse the file; warnings do not.</param>
/// <param name="Message">What is wrong, one sentence.</param>
/// <param name="Remedy">What to write or do instead, one sentence.</param>
public sealed record ConfigProblem(
    string File, int Line, int Column, string Path, string Code, ConfigSeverity Severity, string Message, string Remedy)
{
    /// <summary>One line in the form that editors jump to: <c>file:line:column: error code: message Remedy</c>.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Severity == ConfigSeverity.Error ? "error" : "warning")} {Code}: {Message} {Remedy}";
}
