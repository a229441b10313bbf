using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>One process under measurement: listens on a port, is metered through /proc, and ends with the benchmark.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private readonly ConcurrentQueue<string?> _output;

    private Peer(string name, int port, Process process, ConcurrentQueue<string?> output)
    {
        Name = name;
        Port = port;
        (_process, _output) = (process, output);
    }

    /// <summary>What it printed so far.</summary>
    public IReadOnlyCollection<string?> Output => _output;

    public string Name { get; }

    public int Port { get; }

    public int Pid => _process.Id;

    public static async Task<Peer> StartAsync(string name, int port, string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var output = new ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await ListensAsync(port))
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(deadline) > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException($"{name} does not listen on {port}:\n{string.Join('\n', output)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return new Peer(name, port, process, output);
    }

    /// <summary>User and system time so far of the process and its children (nginx works in one).</summary>
    public TimeSpan CpuTime() => Pids().Select(CpuTimeOf).Aggregate(TimeSpan.Zero, (sum, t) => sum + t);

    /// <summary>Resident memory in bytes, process and children.</summary>
    public long ResidentBytes() => Pids().Sum(pid => 1024 * long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private IEnumerable<int> Pids() =>
        File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).Prepend(_process.Id);

    private static TimeSpan CpuTimeOf(int pid)
    {
        // Fields 14 and 15 of /proc/PID/stat, in hundredths of a second; the name in field 2 may hold blanks.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
