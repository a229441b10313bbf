using System.Runtime.InteropServices;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Providers.Exchange.Comparing;

/// <summary>One comparison of a hybrid migration, for the meters.</summary>
/// <param name="Route">The route.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Source">The call of the source that was made for it alone, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ComparisonReport(RouteId Route, ComparisonResult Result, AttemptReport? Source);
