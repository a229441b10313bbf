using System.Diagnostics;
using System.Text;

namespace ModelMigrate.Tests.Support;

/// <summary>A program run beside the test; killed with it. Its output is kept for the failure's message.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The product's own executable, as built for the tests.</summary>
    public static string ModelMigrate { get; } = Path.Combine(AppContext.BaseDirectory, "model-migrate.dll");

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(start);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs the product with these arguments.</summary>
    public static ChildProcess StartProduct(params string[] arguments) => Start("dotnet", [ModelMigrate, .. arguments]);

    /// <summary>Waits until a line of the output satisfies <paramref name="found"/>, and answers what it found.</summary>
    public async Task<string> WaitForAsync(Func<string, string?> found, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (true)
        {
            foreach (var line in Output.Split('\n'))
            {
                if (found(line) is { } value)
                {
                    return value;
                }
            }

            Assert.False(_process.HasExited, $"The process ended with {(_process.HasExited ? _process.ExitCode : 0)}:\n{Output}");
            Assert.False(deadline.IsCancellationRequested, $"Nothing was found within {limit}:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The process did not end within {limit}:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
