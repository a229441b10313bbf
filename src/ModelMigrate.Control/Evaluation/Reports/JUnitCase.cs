namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>One test case of a JUnit file.</summary>
/// <param name="ClassName">What it belongs to.</param>
/// <param name="Name">What is tested.</param>
/// <param name="Kind"><c>failure</c>, <c>error</c>, or null for one that passed.</param>
/// <param name="Type">What sort of failure.</param>
/// <param name="Message">One sentence; of one that passed what its output says.</param>
/// <param name="Detail">The whole of a failure.</param>
internal sealed record JUnitCase(string ClassName, string Name, string? Kind, string Type, string Message, string Detail)
{
    public double? Seconds { get; init; }

    /// <summary>Tries of a passed case that failed: <c>flakyFailure</c>, as Surefire writes them.</summary>
    public IReadOnlyList<string> Flaky { get; init; } = [];
}
