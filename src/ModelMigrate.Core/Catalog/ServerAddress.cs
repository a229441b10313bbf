namespace ModelMigrate.Core.Catalog;

/// <summary>Reads addresses of servers as people write them.</summary>
public static class ServerAddress
{
    /// <summary>An address over HTTP without a user, a query and a fragment: those may hold secrets, and paths are put behind it. Null for anything else.</summary>
    public static Uri? Of(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0 ? url : null;

    /// <summary>A host's name as an address; an address as it is.</summary>
    public static string OfHost(string host) => host.Contains("://", StringComparison.Ordinal) ? host.TrimEnd('/') : $"https://{host}";
}
