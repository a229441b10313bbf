using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Benchmarks.Promptfoo;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Tests are read and rows given out one by one: a million of them take no more memory than a thousand.</summary>
public sealed class PromptfooStreamTests
{
    private const string Head = "prompts: ['{{text}}']\nproviders: [echo]\n";

    [Theory]
    [InlineData("t.jsonl")]
    [InlineData("t.csv")]
    public async Task Run_ManyTests_AreReadOnlySoFarAhead(string name)
    {
        const int Count = 5000;
        var lines = name.EndsWith("csv", StringComparison.Ordinal)
            ? "\uFEFF\"text\",__expected\n" + string.Concat(Enumerable.Range(0, Count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"\"a \"\"{i}\"\", b\",contains:{i}\n")))
            : string.Concat(Enumerable.Range(0, Count).Select(static i => string.Create(CultureInfo.InvariantCulture, $$$"""{"vars":{"text":"a \"{{{i}}}\", b"},"assert":[{"type":"contains","value":"{{{i}}}"}]}{{{'\n'}}}""")));
        var (config, problems) = PromptfooRig.Read($"{Head}tests: file://{name}\n", PromptfooMode.Strict, (name, lines));
        Assert.Empty(problems);
        Assert.Equal(Count, config!.Rows);

        const int Most = 1024 + 16;
        var (read, taken, ahead) = (0, 0, 0);
        config = config with { Tests = config.Tests.Select(test => (Test: test, Number: ++read).Test) };
        using var run = new PromptfooRun(config, PromptfooMode.Strict, new RunOptions { Concurrency = 4 }, TimeProvider.System);
        await run.RunAsync(
            row =>
            {
                Assert.Equal(($"a \"{taken}\", b", taken, true), (row.Output, row.TestIndex, row.IsPass));
                if (taken == 0)
                {
                    // While the first row is kept, nothing stops the others but the limit.
                    SpinWait.SpinUntil(() => Volatile.Read(ref read) > Most, TimeSpan.FromMilliseconds(500));
                }

                ahead = Math.Max(ahead, Volatile.Read(ref read) - taken++);
            },
            CancellationToken.None);
        Assert.Equal(Count, taken);
        Assert.InRange(ahead, 1, Most);
    }

    [Fact]
    public async Task Run_TheFirstAnswersLast_RowsStayInOrder()
    {
        var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        await using var stub = await StubUpstream.StartAsync(async (context, received) =>
        {
            var content = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!["messages"]![0]!["content"]!.GetValue<string>();
            if (content == "say 0")
            {
                await others.Task;
            }
            else if (Interlocked.Increment(ref asked) == 19)
            {
                others.SetResult();
            }

            await StubUpstream.Json($$$"""{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"},"finish_reason":"stop"}]}""")(context, received);
        });
        var (config, _) = PromptfooRig.Read(
            $$$"""
            prompts: ['say {{n}}']
            providers: [{id: openai:chat:m, config: {apiBaseUrl: '{{{stub.Url.ToString().TrimEnd('/')}}}/v1'}}]
            tests: [{vars: {n: [{{{string.Join(", ", Enumerable.Range(0, 20).Select(static n => $"'{n}'"))}}}]}, assert: [{type: contains, value: '{{n}}'}]}]
            """);
        var outputs = new List<string?>();
        using var run = new PromptfooRun(config!, PromptfooMode.Strict, new RunOptions { Concurrency = 2 }, TimeProvider.System);
        await run.RunAsync(row => outputs.Add(row.Output), CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 20).Select(static n => $"say {n}"), outputs);
    }

    /// <summary>What was found right before a model was asked must be what is run.</summary>
    [Theory]
    [InlineData("""{"assert":[{"type":"equals","value":"a"}]}""")]
    [InlineData("""{"assert":[{"type":"eqals","value":"a"}]}{{}""")]
    [InlineData("")]
    public void Tests_OfAFileThatChanged_AreNotRun(string later)
    {
        var text = string.Concat(Enumerable.Repeat("""{"assert":[{"type":"equals","value":"a"}]}""" + "\n", 3));
        var (config, problems) = PromptfooReader.Read(
            "p.yaml", name => new MemoryStream(Encoding.UTF8.GetBytes(name == "p.yaml" ? $"{Head}tests: file://t.jsonl\n" : text)), static _ => null, PromptfooMode.Strict);
        Assert.Empty(problems);
        Assert.Equal(3, config!.Tests.Count());
        text = later;
        Assert.Contains("changed while it was read", Assert.Throws<InvalidDataException>(() => config.Tests.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ThousandsOfProblems_AreCutOff()
    {
        var (config, problems) = PromptfooRig.Read($"{Head}tests: file://t.jsonl\n", PromptfooMode.Strict, ("t.jsonl", string.Concat(Enumerable.Repeat("""{"assert":[{"type":"eqals","value":"a"}]}""" + "\n", 5000))));
        Assert.Null(config);
        Assert.InRange(problems.Count, 1000, 1010);
        Assert.Contains(problems, static problem => problem.Code == "too-many-problems");
    }

    [Theory]
    [InlineData(5.0, 5.0, null, false)]
    [InlineData(4.9, 5.0, null, true)]
    [InlineData(1.1, null, 1.1, false)]
    [InlineData(1.2, null, 1.1, true)]
    [InlineData(double.NaN, null, 1.1, true)]
    public async Task Bench_AGoal_IsMissedOnlyOutsideIt(double figure, double? atLeast, double? atMost, bool isMissed)
    {
        using var output = new StringWriter();
        var report = new PromptfooReport(output);
        await report.GoalAsync("a figure", figure, atLeast, atMost);
        Assert.Equal(isMissed, report.IsMissed);
        Assert.Equal(isMissed, output.ToString().Contains("missed", StringComparison.Ordinal));
    }

    /// <summary>Memory of what a program starts counts, and a program that fails is no measurement.</summary>
    [ProgramFact("python3")]
    public async Task Bench_AProgram_IsMeteredWithItsChildren()
    {
        var run = await MeteredRun.OfAsync("sh", ["-c", "python3 -c 'import time; b = bytearray(200 << 20); time.sleep(0.3)'; true"]);
        Assert.InRange(run.PeakBytes, 200L << 20, 300L << 20);
        Assert.InRange(run.Seconds, 0.3, 60);
        await Assert.ThrowsAsync<InvalidOperationException>(() => MeteredRun.OfAsync("sh", ["-c", "echo no; exit 3"]));
    }
}
