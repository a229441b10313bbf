using System.Net;
using System.Net.Http.Headers;
using ModelMigrate.Core.Promptfoo.Reading;

namespace ModelMigrate.Evaluating;

/// <summary>The files that a promptfoo configuration names, and tables at addresses. Owned by one run; what was fetched is kept for it.</summary>
/// <param name="folder">The configuration's.</param>
/// <param name="environment">A variable of the environment, for the token that data sets are asked with.</param>
internal sealed class PromptfooFiles(string folder, Func<string, string?> environment) : IDisposable
{
    private const int FileBuffer = 64 << 10;
    private const int MostFetched = 64 << 20;

    private static readonly string[] s_tokens = ["HF_TOKEN", "HF_API_TOKEN", "HUGGING_FACE_HUB_TOKEN"];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, byte[]?> _fetched = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = s_patience };

    /// <summary>A file relative to the configuration's folder, or a table at an address; null when it cannot be read.</summary>
    public Stream? Open(string name)
    {
        try
        {
            if (name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                if (!_fetched.TryGetValue(name, out var table))
                {
                    _fetched[name] = table = Fetch(name);
                }

                return table is null ? null : new MemoryStream(table, writable: false);
            }

            var path = Path.Combine(folder, name);
            return new FileInfo(path).Exists ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileBuffer) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files of a folder relative to the configuration's, with names relative to that too.</summary>
    public IEnumerable<string> List(string below, bool isDeep)
    {
        var path = Path.Combine(folder, below);
        return !Directory.Exists(path) ? [] : Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = isDeep, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/')).Select(name => below.Length == 0 ? name : $"{below}/{name}");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the data set server may be told; nobody else is.</summary>
    private string? Token(Uri address)
    {
        var server = new Uri(environment(DatasetPages.ServerVariable) is { Length: > 0 } other ? other : DatasetPages.Server);
        return Uri.Compare(address, server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0 ? null
            : s_tokens.Select(environment).FirstOrDefault(static value => !string.IsNullOrEmpty(value));
    }

    private byte[]? Fetch(string address)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (Token(request.RequestUri!) is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var patience = new CancellationTokenSource(s_patience);
            using var answer = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentLength > MostFetched)
            {
                return null;
            }

            using var body = answer.Content.ReadAsStream(patience.Token);
            using var table = new MemoryStream();
            var buffer = new byte[FileBuffer];
            for (int read; (read = body.Read(buffer)) > 0 && table.Length <= MostFetched && !patience.IsCancellationRequested;)
            {
                table.Write(buffer.AsSpan(0, read));
            }

            return table.Length > MostFetched || patience.IsCancellationRequested ? null : table.ToArray();
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or OperationCanceledException or UriFormatException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
