using System.Text;

namespace ModelMigrate.Tests.Support;

/// <summary>Reads a stream that must not end in good order.</summary>
internal static class BrokenStream
{
    /// <summary>Everything that arrived before the response broke; fails when it ended as if it were whole.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using var got = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var broken = await Assert.ThrowsAsync<HttpIOException>(() => stream.CopyToAsync(got));
        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
        return Encoding.UTF8.GetString(got.ToArray());
    }
}
