using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace ModelMigrate.Providers.Http;

/// <summary>What is read alike of every answer over HTTP.</summary>
public static class HttpAnswer
{
    /// <summary>How long whoever answered asks to wait: seconds or a date, or milliseconds in the header that OpenAI and Azure have for them; or null.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.NonValidated.TryGetValues("retry-after-ms", out var exact)
            && double.TryParse(exact.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (at > now ? at - now : TimeSpan.Zero)
            : null;
    }

    /// <summary>Reads an answer's body up to a limit; null when it is longer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<PooledBytes?> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        var bytes = new PooledBytes((int)(content.Headers.ContentLength ?? 4096));
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellation);
            while (true)
            {
                var read = await stream.ReadAsync(bytes.Free(), cancellation);
                if (read == 0)
                {
                    return bytes;
                }

                bytes.Advance(read);
                if (bytes.Length > limit)
                {
                    bytes.Dispose();
                    return null;
                }
            }
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
