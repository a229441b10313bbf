using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Commands;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Scoring;

/// <summary>The metric <c>command</c> through the verb <c>score</c>, with scripts that behave and scripts that do not.</summary>
public sealed class CommandMetricTests : IDisposable
{
    /// <summary>Reads a line into <c>$line</c> and the case's number into <c>$n</c>.</summary>
    private const string EachCase = "while IFS= read -r line; do n=${line#*:}; n=${n%%,*};\n";

    private const string Half = EachCase + "echo \"{\\\"case\\\":$n,\\\"score\\\":0.5}\"; done\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-command-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Score_ByAScript_IsWhatItSaysInTheOrderOfTheFile()
    {
        // The script answers each case with that case's own digit.
        var run = await ScoreAsync(EachCase + "d=${line#*prediction\\\":\\\"}; echo \"{\\\"case\\\":$n,\\\"score\\\":${d%%\\\"*}}\"; done\n", string.Concat(Enumerable.Range(0, 300).Select(i => Case($"{i % 10}"))), "high=9");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 10.0), Lines(run).SkipLast(1).Select(line => line.GetProperty("score").GetDouble()));
        var summary = Lines(run)[^1].GetProperty("summary");
        Assert.Equal((4.5, 300), (Math.Round(summary.GetProperty("mean").GetDouble(), 9), summary.GetProperty("scored").GetInt32()));
    }

    [Fact]
    public async Task Signature_HasTheCommandAndTheScriptsHash()
    {
        var one = Signature(await ScoreAsync(Half, Case("a")));
        Assert.Matches(@"^command\|run:(sh [^|]*|sha256-[0-9a-f]{16})\|timeout:10s\|.*script\.sh:sha256-[0-9a-f]{16}\|version:1$", one);
        Assert.Equal(one, Signature(await ScoreAsync(Half, Case("b"))));
        // Another script under the same name is another metric.
        Assert.NotEqual(one, Signature(await ScoreAsync(Half + "\n", Case("a"))));
    }

    /// <summary>Each way of not answering: missing, named, and never 0; the case after it is scored.</summary>
    [Theory]
    [InlineData("echo nonsense", "sh answered no JSON: nonsense")]
    [InlineData("echo '[1]'", "sh answered no JSON object: [1]")]
    [InlineData("echo '{\"score\":0.5}'", "sh answered without \"case\":1, the number of the case that it was asked")]
    [InlineData("echo '{\"case\":77,\"score\":0.5}'", "sh answered without \"case\":1,")]
    [InlineData("echo \"{\\\"case\\\":$n}\"", "sh answered neither a number as \"score\" nor a text as \"missing\"")]
    [InlineData("echo \"{\\\"case\\\":$n,\\\"score\\\":\\\"0.5\\\"}\"", "sh answered neither a number as \"score\"")]
    [InlineData("echo \"{\\\"case\\\":$n,\\\"score\\\":1.5}\"", "sh answered a score that is not from 0 to 1, which the parameters low and high say")]
    [InlineData("echo \"{\\\"case\\\":$n,\\\"missing\\\":\\\"no idea\\\"}\"", "sh: no idea")]
    [InlineData("echo 'division by zero' >&2; exit 3", "sh ended without an answer; it said: division by zero")]
    [InlineData("printf '{\"case\"'; exit 0", "sh ended in the middle of a line")]
    [InlineData("head -c 70000 /dev/zero | tr '\\0' x; echo", "sh answered more than 64 KB in one line")]
    [InlineData("echo warming up; sleep 30", "sh answered no JSON: warming up")]
    public async Task Case_WithoutAnAnswer_IsMissingAndNamed(string does, string missing)
    {
        var run = await ScoreAsync(EachCase + $"case $line in *bad*) {does};; *) echo \"{{\\\"case\\\":$n,\\\"score\\\":0.5}}\";; esac; done\n", Case("bad"));
        Assert.Equal(4, run.Code);
        Assert.Equal(JsonValueKind.Null, Lines(run)[0].GetProperty("score").ValueKind);
        Assert.StartsWith(missing, Lines(run)[0].GetProperty("missing").GetString(), StringComparison.Ordinal);

        var others = Lines(await ScoreAsync(EachCase + $"case $line in *bad*) {does};; *) echo \"{{\\\"case\\\":$n,\\\"score\\\":0.5}}\";; esac; done\n", Case("fine") + Case("bad") + Case("fine") + Case("fine")));
        Assert.Equal([0.5, null, 0.5, 0.5], others.SkipLast(1).Select(line => line.GetProperty("score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : (double?)null));
    }

    [Fact]
    public async Task Case_ThatTakesTooLong_IsMissingAndTheProgramIsKilled()
    {
        var pid = Path.Combine(_folder.FullName, "pid");
        var run = await ScoreAsync($"sleep 600 & echo $! > {pid}; read line; wait\n", Case("a"), "timeout=300ms");

        Assert.StartsWith("sh did not answer within 300ms; a program that writes into a pipe must flush after each line", Lines(run)[0].GetProperty("missing").GetString(), StringComparison.Ordinal);
        // What it started is gone with it, or waits as a zombie for whoever reaps it.
        var stat = $"/proc/{(await File.ReadAllTextAsync(pid)).Trim()}/stat";
        Assert.True(!File.Exists(stat) || (await File.ReadAllTextAsync(stat)).Contains(") Z ", StringComparison.Ordinal));
    }

    /// <summary>A grandchild that nobody is the parent of any more holds the pipes open; nobody waits for it.</summary>
    [Fact]
    public async Task Case_WhosePipesAreHeldByWhatEscaped_IsMissingInTime()
    {
        var pid = Path.Combine(_folder.FullName, "pid");
        try
        {
            var run = await Task.Run(() => ScoreAsync($"(sleep 600 & echo $! > {pid})\nread line; exit 0\n", Case("a"), "timeout=300ms")).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Contains("did not answer within 300ms", Lines(run)[0].GetProperty("missing").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            using var escaped = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pid), System.Globalization.CultureInfo.InvariantCulture));
            escaped.Kill();
        }
    }

    [Fact]
    public async Task Environment_OfTheProgram_IsPathAlone()
    {
        Environment.SetEnvironmentVariable("MODEL_MIGRATE_TEST_SECRET", "hunter2");
        var run = await ScoreAsync("env >&2; read line; exit 1\n", Case("a"));
        var said = Lines(run)[0].GetProperty("missing").GetString()!;
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        // What a shell sets of its own accord is not given to it.
        Assert.Empty(Regex.Matches(said, "(?<name>[A-Z_]+)=", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(found => found.Groups["name"].Value).Except(["PATH", "PWD", "OLDPWD", "SHLVL", "_"]));
    }

    [Fact]
    public async Task Program_ThatAnswersOneCaseAndEnds_IsStartedForEach()
    {
        var run = await ScoreAsync("read -r line; n=${line#*:}; echo \"{\\\"case\\\":${n%%,*},\\\"score\\\":1}\"\n", string.Concat(Enumerable.Repeat(Case("a"), 20)));
        Assert.Equal(20, Lines(run)[^1].GetProperty("summary").GetProperty("scored").GetInt32());
    }

    [Theory]
    [InlineData("score --metric command --input x", "command needs run: the command line")]
    [InlineData("score --metric command --param run=no-such-program-here --input x", "run: there is no program no-such-program-here in PATH or at that path;")]
    [InlineData("score --metric command --param run=./no/such --input x", "run: there is no program ./no/such")]
    [InlineData("score --metric command --param run=sh timeout=never --input x", "timeout=never is no duration from 1ms to 1h; write for example timeout=10s.")]
    [InlineData("score --metric command --param run=sh low=1 --input x", "low=1 is not below high=1;")]
    [InlineData("score --metric comand --input x", "Did you mean command?")]
    [InlineData("score --metric command --param \"run=sh 'x\" --input x", "run is no command line: it is empty, or a quote is not closed;")]
    public async Task Parameters_ThatAreWrong_AreSaidWithTheRemedy(string line, string message)
    {
        var run = await CliRun.OfAsync(line, name => name == "PATH" ? Environment.GetEnvironmentVariable(name) : null);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    /// <summary>No shell reads the command line, so what a shell would do to it is not done.</summary>
    [Fact]
    public async Task CommandLine_WithShellSigns_IsWords()
    {
        var run = await ScoreAsync(EachCase + "echo \"{\\\"case\\\":$n,\\\"missing\\\":\\\"$*\\\"}\"; done\n", Case("a"), more: " '$HOME' ';' \"a b\" *");
        Assert.Equal("sh: $HOME ; a b *", Lines(run)[0].GetProperty("missing").GetString());
    }

    [ProgramFact("python3")]
    public async Task Script_OfTheGuide_Scores()
    {
        var script = Source.Text("docs/guide/judges.md").Split("```python\n")[1].Split("```")[0];
        var file = Path.Combine(_folder.FullName, "score.py");
        await File.WriteAllTextAsync(file, script);
        var run = await RunAsync("""{"prediction":"The red fox","reference":"red fox"}""" + "\n" + Case("nothing of it"), $"run=python3 {file}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal([1.0, 0.0], Lines(run).SkipLast(1).Select(line => line.GetProperty("score").GetDouble()));
    }

    private static string Case(string prediction) => $$"""{"prediction":"{{prediction}}","reference":"red fox"}""" + "\n";

    private static string Signature(CliRun run) => Lines(run)[^1].GetProperty("summary").GetProperty("signature").GetString()!;

    private static List<JsonElement> Lines(CliRun run) => [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private async Task<CliRun> ScoreAsync(string script, string input, string? parameter = null, string more = "")
    {
        var file = Path.Combine(_folder.FullName, "script.sh");
        await File.WriteAllTextAsync(file, script);
        return await RunAsync(input, [$"run=sh {file}{more}", .. parameter is null ? [] : new[] { parameter }]);
    }

    private static async Task<CliRun> RunAsync(string input, params string[] parameters)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, live: false, Environment.GetEnvironmentVariable, TimeProvider.System) { Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)) };
        var code = await CommandLine.RunAsync(["score", "--metric", "command", "--param", .. parameters, "--input", "-"], terminal, CancellationToken.None);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
