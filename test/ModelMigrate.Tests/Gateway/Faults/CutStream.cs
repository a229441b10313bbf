using System.Text;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>Reads a stream whose first call is cut once the client has part of it.</summary>
internal static class CutStream
{
    /// <summary>Everything that the client got: the first call sends some events and is cut when the client has <paramref name="until"/>, later ones answer as said.</summary>
    public static async Task<string> ReadAsync(
        GatewayHost gateway, StubUpstream upstream, string events, string until, StubUpstream.Answer? then, string path, string request, params (string, string)[] headers)
    {
        upstream.Answers = (context, received) =>
            upstream.Requests.Count == 1 ? StubUpstream.EventsThenSilence(events)(context, received) : then!(context, received);
        using var response = await gateway.PostToAsync(path, request, headers);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var got = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                got.Write(buffer, 0, read);
                if (Encoding.UTF8.GetString(got.ToArray()).Contains(until, StringComparison.Ordinal))
                {
                    upstream.Requests.First().Cut.TrySetResult();
                }
            }
        }
        catch (HttpIOException)
        {
            // An error event came, and no end mark.
        }

        return Encoding.UTF8.GetString(got.ToArray());
    }
}
