using System.Runtime.InteropServices;

namespace ModelMigrate.Gateway.Caching;

/// <summary>SHA-256 of everything that decides an answer: two requests with one key are the same request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CacheKey(UInt128 High, UInt128 Low);
