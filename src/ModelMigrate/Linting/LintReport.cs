using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Linting;

/// <summary>What a file of requests would meet on a target.</summary>
/// <param name="Route">The route.</param>
/// <param name="Source">The model that serves it today.</param>
/// <param name="Target">The model that it would move to.</param>
/// <param name="Lines">Lines read, empty ones left out.</param>
/// <param name="Requests">Requests of the route that could be read.</param>
/// <param name="OtherRoutes">Lines of other routes, passed over.</param>
/// <param name="Unchanged">Requests that the target would be asked just as they stand.</param>
/// <param name="Groups">What the others meet, worst first, then by count.</param>
/// <param name="BadLines">Lines that cannot be read.</param>
internal sealed record LintReport(
    string Route, string Source, string Target, long Lines, long Requests, long OtherRoutes, long Unchanged, IReadOnlyList<LintGroup> Groups, IReadOnlyList<LineProblem> BadLines)
{
    /// <summary>Whether the migration would change nothing for these requests.</summary>
    public bool IsClean => Groups.All(group => group.OnSourceToo == group.Requests);
}
