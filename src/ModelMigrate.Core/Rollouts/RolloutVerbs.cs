namespace ModelMigrate.Core.Rollouts;

/// <summary>What each verb does in each phase.</summary>
public static class RolloutVerbs
{
    /// <summary>Every phase × verb, in the order of the enums.</summary>
    public static IReadOnlyList<VerbRule> Table => throw new NotSupportedException();

    /// <summary>Applies an operator's verb. <paramref name="reason"/> may be empty.</summary>
    public static VerbResult Apply(RolloutSpec spec, RolloutState state, RolloutVerb verb, string actor, string reason, DateTimeOffset now) =>
        throw new NotSupportedException();
}
