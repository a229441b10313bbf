namespace ModelMigrate.Core.Judging.Harm;

/// <summary>Checkpoint of what is known of one key's events on the source.</summary>
/// <param name="Key">The key.</param>
/// <param name="Requests">Its requests there, as the sketch counts them.</param>
/// <param name="Events">How many of them had the event.</param>
/// <param name="Expected">How many were to be expected had the key been like everybody.</param>
public sealed record KeyRisk(ulong Key, long Requests, long Events, double Expected);
