namespace ModelMigrate.Providers.Exchange.Rehearsing;

/// <summary>One difference between what a request asks and what a model would be asked.</summary>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Field">The client's name of the field; positions in arrays are left out.</param>
/// <param name="Cause">Why.</param>
/// <param name="Detail">From what to what (<c>1.4-&gt;1</c>), as what it would be sent, or what is wrong; null when there is no more to say.</param>
public sealed record RequestFinding(RequestFate Fate, string Field, FindingCause Cause, string? Detail = null);
