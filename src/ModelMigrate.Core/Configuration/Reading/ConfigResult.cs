namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>What reading a file gave: a configuration unless one of the problems is an error.</summary>
/// <param name="Config">Null when a problem is an error.</param>
/// <param name="Problems">All of them, in the file's order.</param>
public sealed record ConfigResult(ModelMigrateConfig? Config, IReadOnlyList<ConfigProblem> Problems)
{
    public IEnumerable<ConfigProblem> Errors => Problems.Where(problem => problem.Severity == ConfigSeverity.Error);

    public IEnumerable<ConfigProblem> Warnings => Problems.Where(problem => problem.Severity == ConfigSeverity.Warning);
}
