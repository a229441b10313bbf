using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Tests that ask somebody over HTTP, with a folder and a stub each: one that says what they give, or else a <see cref="GradingStub"/>.</summary>
public abstract class PromptfooHttpTests : IAsyncLifetime
{
    private readonly StubUpstream.Answer _answers;

    private protected PromptfooHttpTests(StubUpstream.Answer? answers = null) => _answers = answers ?? GradingStub.AnswerAsync;

    private protected static string Files { get; } = Path.Combine(Source.Root, "test/ModelMigrate.Tests/App/Evaluating/Promptfoo/Files");

    private protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mm-graded-");

    private protected StubUpstream Stub { get; private set; } = null!;

    private protected string Root => Stub.Url.ToString().TrimEnd('/');

    private protected string Url => $"{Root}/v1";

    public async Task InitializeAsync() => Stub = await StubUpstream.StartAsync(_answers);

    public async Task DisposeAsync()
    {
        await Stub.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    /// <summary>Holds every row of a file against what promptfoo 0.121.20 made of it.</summary>
    private protected async Task HoldsAsPromptfooHasItAsync(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Files, $"{name}.expected.json")))!.AsArray();
        var rows = await RunAsync((await File.ReadAllTextAsync(Path.Combine(Files, $"{name}.yaml"))).Replace("{{env.JUDGE_URL}}", Url, StringComparison.Ordinal), PromptfooMode.Compat);
        Assert.Equal(expected.Select(static row => row!.ToJsonString()), rows.Select(ExpectedRow.Of));
    }

    private protected static async Task<IReadOnlyList<PromptfooRow>> RunAsync(string text, PromptfooMode mode, int concurrency = 2)
    {
        var (config, problems) = PromptfooRig.Read(text, mode);
        Assert.True(config is not null, string.Join('\n', problems));
        var rows = new List<PromptfooRow>();
        using var run = new PromptfooRun(config, mode, new RunOptions { Concurrency = concurrency, Retries = 0 }, TimeProvider.System);
        await run.RunAsync(rows.Add, CancellationToken.None);
        return rows;
    }

    /// <summary>Writes a configuration; answers its path.</summary>
    private protected async Task<string> WriteAsync(string lines, string prompts = "['n is {{n}}']")
    {
        var file = Path.Combine(Folder.FullName, "p.yaml");
        await File.WriteAllTextAsync(file, $"prompts: {prompts}\nproviders: [echo]\n{lines}\n");
        return file;
    }
}
