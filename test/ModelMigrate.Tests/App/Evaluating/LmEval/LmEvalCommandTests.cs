using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Control.Evaluation.Importing;

namespace ModelMigrate.Tests.App.Evaluating.LmEval;

/// <summary><c>evaluate-lm-eval</c> with a program in the harness's place: it takes its options and writes files as the harness has written them.</summary>
public sealed class LmEvalCommandTests : IDisposable
{
    private const string Time = "2026-11-02T10-00-00.123456";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-lm-eval-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The options, the results and the samples; then two runs compared.</summary>
    [Theory]
    [InlineData("lm_eval")]
    [InlineData("lm-eval")]
    public async Task Run_OfAStandIn_HandsItsOptionsOnAndReadsWhatItWrote(string name)
    {
        await InstallAsync(name, "beep boop");
        foreach (var model in new[] { "old", "new" })
        {
            var run = await RunAsync($"--model openai:{model}@http://127.0.0.1:9/v1 --tasks arc,gsm8k --out {_folder.FullName}/{model} --json -- --limit 3 --num_fewshot 5");
            Assert.True(run.Code == 0, run.Error);
            Assert.Contains("100%|", run.Error, StringComparison.Ordinal);
            var said = JsonNode.Parse(run.Out)!;
            Assert.Equal(("lm-eval", 60), (said["tool"]!.GetValue<string>(), said["documents"]!.GetValue<int>()));
            Assert.Equal(["arc/acc"], said["metrics"]!.AsArray().Select(metric => metric!["id"]!.GetValue<string>()));
            Assert.EndsWith($"{model}/m/results_{Time}.json", said["results"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains($"model-migrate compare OTHER.json", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(
            $"--model local-chat-completions --model_args model=new,base_url=http://127.0.0.1:9/v1/chat/completions,num_concurrent=8,max_retries=3 --tasks arc,gsm8k --output_path {_folder.FullName}/new --log_samples --apply_chat_template --limit 3 --num_fewshot 5|secret",
            (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "asked.txt"))).Trim());

        var compared = await CliRun.OfAsync($"compare {_folder.FullName}/old/m/results_{Time}.json {_folder.FullName}/new/m/results_{Time}.json --margin acc=5pp");
        Assert.True(compared.Code == 0, compared.Error + compared.Out);
    }

    /// <summary>Whole results of the harness's versions, written by it and read.</summary>
    [Fact]
    public async Task Run_ThatWritesResultsOfAnyVersion_IsRead()
    {
        var figures = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Source.Root, "test/ModelMigrate.Tests/Control/Evaluation/Importing/Files/lm-eval"), "*.json"))
        {
            await InstallAsync("lm_eval", "", $"mkdir -p \"$out/m\"; cp '{file}' \"$out/m/results_{Time}.json\"");
            var run = await RunAsync($"--model openai:m@http://127.0.0.1:9/v1 --tasks t --completions --out {_folder.FullName}/{Path.GetFileName(file)}");
            Assert.True(run.Code == 0, file + run.Error);
            Assert.Contains(" documents. Results: ", run.Out, StringComparison.Ordinal);
            figures += run.Out.Split('\n').Count(static line => line.Contains(": 0.", StringComparison.Ordinal));
        }

        Assert.InRange(figures, 10, 1000);
        Assert.StartsWith("--model local-completions --model_args model=m,base_url=http://127.0.0.1:9/v1/completions,", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "asked.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotInstalledFailingOrWritingNothing_IsSaid()
    {
        var model = $"--model openai:m@http://127.0.0.1:9/v1 --tasks t --out {_folder.FullName}/out";
        var absent = await RunAsync(model);
        Assert.Equal((int)ExitCode.Usage, absent.Code);
        Assert.Contains("neither lm_eval nor lm-eval is in PATH. Install it with: pip install 'lm_eval[api]'", absent.Error, StringComparison.Ordinal);

        await InstallAsync("lm_eval", "", "echo 'KeyError: no task t' >&2; exit 1");
        var failed = await RunAsync(model);
        Assert.Equal((int)ExitCode.Infrastructure, failed.Code);
        Assert.Contains("The harness ended with 1: KeyError: no task t.", failed.Error, StringComparison.Ordinal);

        await InstallAsync("lm_eval", "", "exit 0");
        var nothing = await RunAsync(model);
        Assert.Equal((int)ExitCode.Infrastructure, nothing.Code);
        Assert.Contains("wrote no results_*.json below", nothing.Error, StringComparison.Ordinal);

        // An older result in the folder is not taken for its own.
        await InstallAsync("lm_eval", "");
        Assert.Equal(0, (await RunAsync(model)).Code);
        await InstallAsync("lm_eval", "", "exit 0");
        Assert.Equal((int)ExitCode.Infrastructure, (await RunAsync(model)).Code);

        var other = await RunAsync($"--model anthropic:claude@http://127.0.0.1:9/v1 --tasks t --out {_folder.FullName}/out");
        Assert.Equal((int)ExitCode.Usage, other.Code);
        Assert.Contains("claude is not asked in OpenAI's protocol", other.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(string line) => CliRun.OfAsync(
        $"evaluate-lm-eval {line}", name => name switch { "PATH" => Path.Combine(_folder.FullName, "bin"), "MODEL_MIGRATE_MODEL_KEY" => "secret", _ => null });

    /// <summary>A script that writes its options down and does <paramref name="what"/>, else writes results with their samples.</summary>
    private async Task InstallAsync(string name, string says, string? what = null)
    {
        var (bin, files) = (_folder.CreateSubdirectory("bin"), _folder.CreateSubdirectory("files"));
        await File.WriteAllTextAsync(Path.Combine(files.FullName, "results.json"), ForeignFiles.Results("arc", "m", original: 60, effective: 60));
        await File.WriteAllTextAsync(Path.Combine(files.FullName, "samples.jsonl"), ForeignFiles.Samples([.. Enumerable.Repeat("1.0", 60)]));
        var script = Path.Combine(bin.FullName, name);
        await File.WriteAllTextAsync(script, $"""
            #!/bin/sh
            echo "$*|$OPENAI_API_KEY" > '{_folder.FullName}/asked.txt'
            out=; while [ $# -gt 0 ]; do [ "$1" = --output_path ] && out="$2"; shift; done
            echo '{says}'
            echo 'Requesting API: 100%|##########| 60/60' >&2
            {what ?? $"mkdir -p \"$out/m\"; cp '{files.FullName}/results.json' \"$out/m/results_{Time}.json\"; cp '{files.FullName}/samples.jsonl' \"$out/m/samples_arc_{Time}.jsonl\""}

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
