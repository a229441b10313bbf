using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Output;

namespace ModelMigrate.Tests.App.Commands;

public sealed class CommandLineTests
{
    private const string Nowhere = "--server http://127.0.0.1:1";

    public static TheoryData<string> AllCommands()
    {
        using var writer = new StringWriter();
        var data = new TheoryData<string>();
        void Add(Command command, string path)
        {
            data.Add(path);
            foreach (var child in command.Subcommands)
            {
                Add(child, $"{path} {child.Name}".Trim());
            }
        }

        Add(CommandLine.Create(new Terminal(writer, writer, live: false, _ => null, TimeProvider.System)), "");
        return data;
    }

    [Theory]
    [MemberData(nameof(AllCommands))]
    public async Task Help_OfEveryCommand_DescribesItAndEveryOption(string path)
    {
        var run = await CliRun.OfAsync($"{path} --help");
        Assert.Equal(0, run.Code);
        Assert.Contains("Description:", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Out, StringComparison.Ordinal);
        // An option without a description leaves its column empty.
        Assert.All(run.Out.Split('\n').Where(l => l.StartsWith("  -", StringComparison.Ordinal)), line => Assert.Matches(@"^  -.*\S  +\S", line));
    }

    [Theory]
    [InlineData("migrations list", "migrations", "show", "export", "start", "pause", "resume", "approve", "reject", "promote", "rollback", "retry", "finalize")]
    [InlineData("serve", "check", "models check", "forecast", "doctor", "simulate", "demo", "status", "report", "runbook")]
    public void Verbs_OfTheSpecification_AllExist(params string[] names)
    {
        var all = ((IEnumerable<object[]>)AllCommands()).Select(row => ((string)row[0]).Split(' ')[^1]).ToList();
        Assert.All(names, name => Assert.Contains(name.Split(' ')[^1], all));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("simulate", "--protocol")]
    [InlineData("simulate --protocol smtp", "smtp")]
    [InlineData("simulate --protocol openai --error-rate 300%", "is not a share")]
    [InlineData("simulate --protocol openai --latency-median 200", "is not a time")]
    [InlineData("migrations show", "ID")]
    [InlineData("rollback", "--migration-id")]
    [InlineData("report --migration-id MIG-1 --format pdf", "pdf")]
    [InlineData("demo --scenario sunny", "sunny")]
    [InlineData("demo --rate 0", "--rate")]
    [InlineData("check --rate -1", "--rate")]
    [InlineData("check --config /nonexistent/model-migrate.yaml", "Cannot read")]
    [InlineData("status --server nonsense", "not a server's address")]
    public async Task Usage_Wrong_ExitsTwoAndNamesIt(string line, string expected)
    {
        var run = await CliRun.OfAsync(line);
        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status " + Nowhere)]
    [InlineData("status MIG-1 --watch " + Nowhere)]
    [InlineData("migrations list " + Nowhere)]
    [InlineData("migrations show MIG-1 " + Nowhere)]
    [InlineData("migrations export MIG-1 " + Nowhere)]
    [InlineData("migrations pause MIG-1 " + Nowhere)]
    [InlineData("forecast --route chat " + Nowhere)]
    [InlineData("rollback --migration-id MIG-1 " + Nowhere)]
    [InlineData("report --migration-id MIG-1 " + Nowhere)]
    [InlineData("runbook --migration-id MIG-1 " + Nowhere)]
    public async Task Server_NotThere_ExitsThreeWithTheRemedy(string line)
    {
        var run = await CliRun.OfAsync(line);
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.Contains("model-migrate serve", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_FromTheEnvironment_IsTakenUnlessNamed()
    {
        string? Environment(string name) => name == "MODEL_MIGRATE_SERVER" ? "http://127.0.0.1:2" : null;
        Assert.Contains("127.0.0.1:2 ", (await CliRun.OfAsync("status", Environment)).Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1 ", (await CliRun.OfAsync("status " + Nowhere, Environment)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BrokenFile_ExitsTwoWithEveryProblemAsJson()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(file, "providers:\n  a:\n    kind: nonsense\nroutez:\n");
        var run = await CliRun.OfAsync($"check --json --config {file}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        using var json = JsonDocument.Parse(run.Out);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.True(json.RootElement.GetProperty("problems").GetArrayLength() >= 2);
        Assert.Contains("model-migrate.yaml:3:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Sample_IsValid()
    {
        var run = await CliRun.OfAsync($"check --rate 50 --config {Architecture.Source.Root}/samples/first-migration/model-migrate.yaml");
        Assert.Equal(0, run.Code);
        Assert.Contains("MIG-first", run.Out, StringComparison.Ordinal);
        Assert.Contains("is valid", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_PortTaken_ExitsThreeAndSaysWhichSqlite()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var run = await CliRun.OfAsync($"doctor --json --urls http://{taken.LocalEndpoint} --data {Directory.CreateTempSubdirectory().FullName}");
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        using var json = JsonDocument.Parse(run.Out);
        var findings = json.RootElement.EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => f);
        Assert.Equal("failed", findings["port"].GetProperty("health").GetString());
        Assert.Equal("ok", findings["data"].GetProperty("health").GetString());
        Assert.Matches(@"^3\.\d+\.\d+ from .+", findings["sqlite"].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Simulate_Json_SaysWhereItListensAndEndsOnSignal()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Null, live: false, _ => null, TimeProvider.System);
        var run = CommandLine.RunAsync(["simulate", "--protocol", "openai", "--json"], terminal, stop.Token);
        while (!output.ToString().Contains('}', StringComparison.Ordinal) && !run.IsCompleted)
        {
            await Task.Yield();
        }

        using var json = JsonDocument.Parse(output.ToString());
        using var http = new HttpClient(new SocketsHttpHandler());
        Assert.Contains("\"object\":\"list\"", await http.GetStringAsync(json.RootElement.GetProperty("base_url").GetString() + "/models"), StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(0, await run);
    }
}
