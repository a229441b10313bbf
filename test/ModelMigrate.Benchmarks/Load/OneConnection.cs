using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>
/// Asks over one connection, each request as soon as the former is answered, and keeps every latency as it was. wrk instead adds
/// latencies of requests that it would have sent during a pause (its correction for coordinated omission), so that at one connection its
/// p99 tells the share of time that the machine stood still rather than what one request in a hundred waits.
/// </summary>
internal static class OneConnection
{
    private static readonly byte[] s_endOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_lastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    public static Measurement Run(Peer peer, int seconds)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, peer.Port));
        var latencies = new List<long>(1 << 20);
        var buffer = new byte[64 * 1024];
        var failed = 0;
        var cpu = peer.CpuTime();
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds)
        {
            var request = Request(latencies.Count);
            var sent = TimeProvider.System.GetTimestamp();
            socket.Send(request);
            failed += Answer(socket, buffer) ? 0 : 1;
            latencies.Add(TimeProvider.System.GetTimestamp() - sent);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(began);
        latencies.Sort();
        return new Measurement(
            peer.Name, latencies.Count, failed, latencies.Count / elapsed.TotalSeconds, At(latencies, 0.5), At(latencies, 0.99),
            (peer.CpuTime() - cpu) / latencies.Count);
    }

    private static TimeSpan At(List<long> sorted, double quantile) => TimeProvider.System.GetElapsedTime(0, sorted[(int)(quantile * (sorted.Count - 1))]);

    private static byte[] Request(int number)
    {
        var body = $$"""{"model":"chat","user":"u{{number}}","messages":[{"role":"system","content":"You are a helpful assistant of a small shop."},{"role":"user","content":"Where is my parcel? I ordered a week ago and have heard nothing since."}],"temperature":0.2}""";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    /// <summary>Reads one whole answer; whether it is a 200.</summary>
    private static bool Answer(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = socket.Receive(buffer.AsSpan(length));
            if (read == 0)
            {
                throw new InvalidOperationException("The peer closed the connection.");
            }

            length += read;
            var answer = buffer.AsSpan(0, length);
            var head = answer.IndexOf(s_endOfHead);
            if (head >= 0 && IsWhole(answer, head))
            {
                return answer[9..12].SequenceEqual("200"u8);
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer, int head)
    {
        var text = Encoding.ASCII.GetString(answer[..head]);
        const string Name = "\r\ncontent-length:";
        var at = text.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return answer.EndsWith(s_lastChunk);
        }

        var end = text.IndexOf('\r', at + Name.Length);
        var value = end < 0 ? text.AsSpan(at + Name.Length) : text.AsSpan(at + Name.Length, end - at - Name.Length);
        return answer.Length >= head + s_endOfHead.Length + int.Parse(value, CultureInfo.InvariantCulture);
    }
}
