using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<ConfigProblem> _problems = [];

    public int Count => _problems.Count;

    public bool HasErrors => _problems.Exists(problem => problem.Severity == ConfigSeverity.Error);

    public void Error(YamlNode at, string path, string code, string message, string remedy) =>
        Add(at.Start, path, code, ConfigSeverity.Error, message, remedy);

    public void Warning(YamlNode at, string path, string code, string message, string remedy) =>
        Add(at.Start, path, code, ConfigSeverity.Warning, message, remedy);

    public void Add(YamlFault fault) => Add(fault.Place, "", fault.Code, ConfigSeverity.Error, fault.Message, fault.Remedy);

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<ConfigProblem> ToList() =>
        [.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => problem.Code, StringComparer.Ordinal)];

    private void Add(YamlPlace place, string path, string code, ConfigSeverity severity, string message, string remedy) =>
        _problems.Add(new(file, place.Line, place.Column, path, code, severity, message, remedy));
}
