using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelMigrate.Tests.Support;

/// <summary>A small real HTTP proxy: absolute-form requests and CONNECT tunnels, with a note of each.</summary>
internal sealed class ForwardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public ForwardProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The request lines that arrived.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The Proxy-Authorization headers that arrived.</summary>
    public ConcurrentQueue<string> Credentials { get; } = new();

    /// <summary>Whether a request without credentials is answered with 407.</summary>
    public bool AsksCredentials { get; init; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // One of both sides hung up.
            }
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        while (await ReadHeadAsync(client) is { } head)
        {
            var lines = head.Split("\r\n");
            var credentials = lines.FirstOrDefault(l => l.StartsWith("Proxy-Authorization: ", StringComparison.OrdinalIgnoreCase));
            if (AsksCredentials && credentials is null)
            {
                await client.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                await SkipBodyAsync(client, lines);
                continue;
            }

            Requests.Enqueue(lines[0]);
            if (credentials is not null)
            {
                Credentials.Enqueue(credentials);
            }

            await TunnelAsync(client, lines);
            return;
        }
    }

    /// <summary>Connects to where the request is for and carries bytes both ways until one side ends.</summary>
    private async Task TunnelAsync(NetworkStream client, string[] lines)
    {
        var words = lines[0].Split(' ');
        var isTunnel = words[0] == "CONNECT";
        var to = new Uri(isTunnel ? "http://" + words[1] : words[1]);
        using var server = new TcpClient();
        await server.ConnectAsync(to.Host, to.Port, _stop.Token);
        var upstream = server.GetStream();
        if (isTunnel)
        {
            await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
        }
        else
        {
            var kept = lines.Skip(1).Where(l => l.Length > 0 && !l.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)).Append("Connection: close");
            await upstream.WriteAsync(Encoding.ASCII.GetBytes($"{words[0]} {to.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", kept)}\r\n\r\n"), _stop.Token);
        }

        await Task.WhenAny(client.CopyToAsync(upstream, _stop.Token), upstream.CopyToAsync(client, _stop.Token));
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString(0, head.Length - 2);
            }
        }

        return null;
    }

    private async Task SkipBodyAsync(NetworkStream stream, string[] lines)
    {
        const string Length = "Content-Length: ";
        var length = lines.FirstOrDefault(l => l.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
        await stream.ReadExactlyAsync(new byte[length is null ? 0 : int.Parse(length[Length.Length..], System.Globalization.CultureInfo.InvariantCulture)], _stop.Token);
    }
}
