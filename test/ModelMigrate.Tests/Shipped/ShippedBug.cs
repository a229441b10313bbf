namespace ModelMigrate.Tests.Shipped;

/// <summary>One group of bugs that other gateways shipped, and the tests by which this one does not.</summary>
/// <param name="Number">Of the group, 1 to 25.</param>
/// <param name="Title">What their users met.</param>
/// <param name="Reports">One or more of the public reports.</param>
/// <param name="Tests">The tests; empty only with a reason.</param>
/// <param name="Elsewhere">Why the gateway has no test of it, or null.</param>
internal sealed record ShippedBug(int Number, string Title, string Reports, IReadOnlyList<(Type Class, string Method)> Tests, ElsewhereReason? Elsewhere = null);
