namespace ModelMigrate.Core.Suites;

/// <summary>A command of this program whose exit code is the verdict: an evaluation, a safety check, a load test.</summary>
public sealed record CommandCase : SuiteCase
{
    /// <summary>Verb and options, as they are typed after the program's name.</summary>
    public required string Command { get; init; }
}
