using System.Net;

namespace ModelMigrate.Providers.Http;

/// <summary>A request to a provider. It carries its connect limit itself: the options of the base class would be a dictionary for each request.</summary>
internal sealed class ProviderRequest : HttpRequestMessage
{
    public ProviderRequest(Uri uri, HttpContent? content, TimeSpan connectLimit)
        : base(content is null ? HttpMethod.Get : HttpMethod.Post, uri)
    {
        Content = content;
        Version = HttpVersion.Version11;
        VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        ConnectLimit = connectLimit;
    }

    public TimeSpan ConnectLimit { get; }
}
