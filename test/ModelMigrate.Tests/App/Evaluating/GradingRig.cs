using System.Text.Json.Nodes;
using ModelMigrate.Simulation;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control.Evaluation.Judging;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>A comparison of 60 questions between simulated models, graded by a judge who knows what is right, and by a script.</summary>
internal sealed class GradingRig(ComparisonRig rig) : IAsyncDisposable
{
    public const int Rows = 60;

    private JudgeStub? _judge;

    /// <summary>5 by the rubric for what the reference says, else 2; of pairs whichever is right, a tie when both or none are.</summary>
    public JudgeStub Judge => _judge!;

    public SimulatedProvider Source { get; private set; } = null!;

    public SimulatedProvider Target { get; private set; } = null!;

    /// <summary>One command line where programs are found.</summary>
    public static Task<CliRun> RunAsync(string line) => CliRun.OfAsync(line, static name => name == "PATH" ? Environment.GetEnvironmentVariable("PATH") : null);

    public static string Say(JsonNode material)
    {
        var right = material["reference"]!.GetValue<string>();
        if (material["answer"] is { } answer)
        {
            return $$"""{"reason":"r","score":{{(answer.GetValue<string>() == right ? 5 : 2)}}}""";
        }

        var (first, second) = (material["first"]!.GetValue<string>() == right, material["second"]!.GetValue<string>() == right);
        return JudgeStub.Verdict(first == second ? "tie" : first ? "first" : "second");
    }

    public async Task StartAsync(string judge = "judge")
    {
        _judge = await JudgeStub.StartAsync((_, material) => Say(material));
        (Source, Target) = (await rig.StartAsync(0.7, seed: 1), await rig.StartAsync(0.9, seed: 2));
        await rig.WriteAsync("few.jsonl", string.Join('\n', (await File.ReadAllLinesAsync(ComparisonRig.Questions)).Take(Rows)));
        await rig.WriteAsync("rubric.md", "5 is right, 2 is wrong.");
        await rig.WriteAsync("score.sh", "while IFS= read -r line; do n=${line#*:}; n=${n%%,*}; case \"$line\" in *'\"prompt\":\"W'*) s=1;; *) s=0;; esac; echo \"{\\\"case\\\":$n,\\\"score\\\":$s}\"; done\n");
        await rig.WriteAsync("model-migrate.yaml", $$"""
            providers:
              here: { kind: openai, baseUrl: "{{Address(Source)}}" }
              there: { kind: openai, baseUrl: "{{Address(Target)}}" }
              bench: { kind: openai, baseUrl: "{{Judge.Url}}" }
            models:
              old: { provider: here, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
              new: { provider: there, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
              {{judge}}: { provider: bench, inputCostPer1k: 0.001, outputCostPer1k: 0.01 }
            routes:
              chat: old

            """);
    }

    /// <summary>A file that describes it, with more keys.</summary>
    public Task<string> FileAsync(string name, string more = "", string judge = "judge") => rig.WriteAsync(name, $$"""
        source: old
        target: new
        dataset: few.jsonl
        judge: {{judge}}
        maxTokens: 16
        {{more}}
        metrics:
          - exact
          - { metric: rubric, as: right, params: { file: rubric.md }, margin: 0.5 }
          - { metric: preference, margin: 20pp }
          - { metric: command, params: { run: sh ./score.sh }, shown: true }

        """);

    public async ValueTask DisposeAsync()
    {
        if (_judge is not null)
        {
            await _judge.DisposeAsync();
        }
    }

    private static string Address(SimulatedProvider provider) => provider.BaseUrl.ToString().TrimEnd('/');
}
