namespace ModelMigrate.Gateway.Caching;

/// <summary>What a request met in its route's cache.</summary>
internal enum CacheResult
{
    Hit,
    Miss,

    /// <summary>It was not looked up: its arm is being judged, or its client asked for a fresh answer.</summary>
    Bypass,
}
