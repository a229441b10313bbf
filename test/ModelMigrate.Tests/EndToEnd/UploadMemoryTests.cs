using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>A recording passes the served gateway in pieces: however long it is, the process does not grow with it.</summary>
[Trait("kind", "slow")]
public sealed class UploadMemoryTests
{
    private const int Recording = 64 * 1024 * 1024;

    /// <summary>Of the gateway's process, for eight recordings: one of them held in memory would be more.</summary>
    private const long MostGrowth = Recording / 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transcription_OfALongRecording_IsNotHeldInMemory(bool modelFirst)
    {
        long received = 0;
        await using var upstream = await UpstreamAsync(bytes => Interlocked.Add(ref received, bytes));
        await using var server = await CanaryServer.StartAsync(
            $"providers:\n  p: {{ kind: openai, baseUrl: \"{upstream.Urls.First()}/v1\" }}\nmodels:\n  m: p\nroutes:\n  chat: m\n");
        using var http = new HttpClient(new SocketsHttpHandler());
        await SendAsync(http, server.Url, length: 100_000, modelFirst);
        var before = PeakBytes(server.Process.Id);

        for (var i = 0; i < 8; i++)
        {
            await SendAsync(http, server.Url, Recording, modelFirst);
        }

        Assert.True(received > 8L * Recording, $"{received}");
        var growth = PeakBytes(server.Process.Id) - before;
        Assert.True(growth < MostGrowth, $"{growth / 1048576} MB");
    }

    private static async Task SendAsync(HttpClient http, Uri server, int length, bool modelFirst)
    {
        using var form = new MultipartFormDataContent();
        using var model = new StringContent("chat");
        using var sound = new StreamContent(new Silence(length));
        if (modelFirst)
        {
            form.Add(model, "model");
        }

        form.Add(sound, "file", "a.wav");
        if (!modelFirst)
        {
            form.Add(model, "model");
        }

        using var answer = await http.PostAsync(new Uri(server, "/v1/audio/transcriptions"), form);
        Assert.Equal("""{"text":"Hi"}""", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<WebApplication> UpstreamAsync(Action<long> count)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.MapPost("/v1/audio/transcriptions", async context =>
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                count(read);
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"text":"Hi"}""");
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>The most memory that a process ever had resident.</summary>
    private static long PeakBytes(int pid) => 1024 * long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>So many zeros, which nobody holds.</summary>
    private sealed class Silence(int length) : MemoryStream(new byte[1])
    {
        private int _left = length;

        public override long Length { get; } = length;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = Math.Min(_left, buffer.Length);
            buffer[..read].Clear();
            _left -= read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = Read(buffer)) > 0;)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
