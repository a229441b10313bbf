using System.Text.Json.Nodes;
using ModelMigrate.Providers.Exchange.Rehearsing;

namespace ModelMigrate.Linting;

/// <summary>All requests that meet the same fate at the same field.</summary>
/// <param name="Fate">What becomes of it on the target.</param>
/// <param name="Field">The client's name of the field.</param>
/// <param name="Cause">Why.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="OnSourceToo">How many of them meet the same on the model that serves the route today: nothing that the migration changes.</param>
/// <param name="Line">The first of them.</param>
/// <param name="Detail">Of the first: from what to what, or as what; null for nothing.</param>
/// <param name="Example">The part of the first that it is about, without any text that a person wrote; null where it is not in the body.</param>
/// <param name="Remedy">What mends it.</param>
/// <param name="Patch">The same as a JSON merge patch of the first one's body; null where only a person can do it.</param>
internal sealed record LintGroup(
    RequestFate Fate, string Field, FindingCause Cause, long Requests, long OnSourceToo, long Line, string? Detail, string? Example, string Remedy, JsonObject? Patch);
