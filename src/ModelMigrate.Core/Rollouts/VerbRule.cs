namespace ModelMigrate.Core.Rollouts;

/// <summary>One cell of the table phase × verb.</summary>
/// <param name="Phase">The phase the rollout is in.</param>
/// <param name="Verb">What is asked.</param>
/// <param name="Next">The phase that it leads to; null when nothing changes.</param>
/// <param name="Refused">Whether the verb is refused there.</param>
/// <param name="Text">What it does, or why not and what is possible instead.</param>
public sealed record VerbRule(RolloutPhase Phase, RolloutVerb Verb, RolloutPhase? Next, bool Refused, string Text);
