using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Http;

/// <summary>Owns one connection pool per provider. Providers with equal settings share a pool, so that a reload keeps its connections.</summary>
public sealed class ProviderConnections(TimeProvider time) : IDisposable
{
    /// <summary>The connect limit of a tunnel through a proxy, which is opened by a request of the handler's own.</summary>
    private static readonly TimeSpan TunnelLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);

    /// <summary>Connections are renewed now and then so that a provider's DNS change is followed.</summary>
    private static readonly TimeSpan OldestConnection = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ProviderSnapshot, Lazy<HttpMessageInvoker>> _pools = new();

    public HttpMessageInvoker For(ProviderSnapshot provider) =>
        _pools.GetOrAdd(provider, static (p, self) => new Lazy<HttpMessageInvoker>(() => self.Open(p)), this).Value;

    /// <summary>
    /// Forgets the pools of every other provider. They are not disposed: requests that carry an older snapshot may still use
    /// them, and idle connections close by themselves.
    /// </summary>
    public void Retain(IReadOnlySet<ProviderSnapshot> providers)
    {
        foreach (var provider in _pools.Keys)
        {
            if (!providers.Contains(provider))
            {
                _pools.TryRemove(provider, out _);
            }
        }
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            if (pool.IsValueCreated)
            {
                pool.Value.Dispose();
            }
        }
    }

    private HttpMessageInvoker Open(ProviderSnapshot provider)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = IdleConnection,
            PooledConnectionLifetime = OldestConnection,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = provider.Proxy is not null,
            Proxy = provider.Proxy is { } proxy ? new WebProxy(proxy) { Credentials = CredentialsOf(proxy) } : null,
            ConnectCallback = ConnectAsync,
        };
        if (provider.CaFile is { } file)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = TrustedRoots.Load(file).Validate;
        }

        return new HttpMessageInvoker(provider.Google is { } google ? new GoogleTokens(google, handler) : handler);
    }

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2);
        return parts is [{ Length: > 0 } user, ..]
            ? new NetworkCredential(Uri.UnescapeDataString(user), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")
            : null;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        // The pool's connections are opened on behalf of requests.
        var limit = (context.InitialRequestMessage as ProviderRequest)?.ConnectLimit ?? TunnelLimit;
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, both.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        // A connect that is cancelled just as it begins ends as one that was refused now and then.
        catch (Exception e) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"no connection within {limit.TotalSeconds:0.###} s", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
