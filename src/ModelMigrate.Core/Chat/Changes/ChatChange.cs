namespace ModelMigrate.Core.Chat.Changes;

/// <summary>One difference between what a client asked for and what a model was sent.</summary>
/// <param name="Field">The client's name of the field; positions in arrays are left out.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Detail">From what to what (<c>1.4-&gt;1</c>), or as what it was sent; null when dropped.</param>
public sealed record ChatChange(string Field, ChangeKind Kind, string? Detail = null);
