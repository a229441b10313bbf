using System.Runtime.InteropServices;

namespace ModelMigrate.Gateway.Limits;

/// <summary>Where a client stands with one of its rates, for its headers.</summary>
/// <param name="Limit">What it may take in a minute.</param>
/// <param name="Remaining">What is left of it now.</param>
/// <param name="Reset">When all of it will be there again, if nothing more is taken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RateState(long Limit, long Remaining, TimeSpan Reset);
