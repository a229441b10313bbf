using System.Buffers;
using ModelMigrate.Providers.Exchange.Uploads;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Audio;

/// <summary>Holds forms until it is known where they go.</summary>
internal static class FormHolding
{
    private const int ChunkLength = 64 * 1024;

    /// <summary>
    /// Holds the form until it is whole, which lets it be sent again, or until as much is held as memory may take. Beyond that, in a file,
    /// only while its model is not known.
    /// </summary>
    public static async ValueTask HoldAsync(Stream body, UploadForm form, FormScan scan, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            while (scan.Problem is null && (scan.Model is null || scan.IsWhole || form.Held < UploadForm.MostInMemory))
            {
                var read = await body.ReadAsync(chunk.AsMemory(0, ChunkLength), cancellation);
                if (read == 0)
                {
                    return;
                }

                scan.Append(chunk.AsSpan(0, read));
                await form.HoldAsync(chunk.AsMemory(0, read), cancellation);
            }

            form.Rest = body;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
