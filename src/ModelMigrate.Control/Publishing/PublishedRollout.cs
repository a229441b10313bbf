using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control.Publishing;

/// <summary>What the publisher needs of one rollout.</summary>
/// <param name="Spec">That it runs with.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Allowance">The exposure that it may still take, or null without a budget.</param>
internal sealed record PublishedRollout(RolloutSpec Spec, RolloutState State, Allowance? Allowance);
