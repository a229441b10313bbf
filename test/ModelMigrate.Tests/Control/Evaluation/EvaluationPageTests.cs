using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Core.Evaluation;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation;

/// <summary>The HTML report in a browser. The page and its picture stay under artifacts/pages.</summary>
[Trait("kind", "slow")]
public sealed partial class EvaluationPageTests
{
    /// <summary>Shows the report in a frame of some width, and says what a person would stumble over.</summary>
    private const string Probe = """
        <!doctype html><meta charset="utf-8"><iframe id="f" src="PAGE" style="width:WIDTHpx;height:2000px;border:0"></iframe><pre id="seen"></pre><script>
        document.getElementById('f').onload = event => {
          const page = event.target.contentDocument, view = event.target.contentWindow;
          const outside = [...page.querySelectorAll('svg')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text, circle, rect')].filter(part => {
              const at = part.getBoundingClientRect();
              return at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1;
            }).map(part => part.textContent || part.tagName);
          });
          document.getElementById('seen').textContent = 'SEEN' + JSON.stringify({
            wide: page.documentElement.scrollWidth - page.documentElement.clientWidth,
            outside,
            drawings: page.querySelectorAll('svg').length,
            verdict: page.querySelector('.verdict').innerText,
            color: view.getComputedStyle(page.querySelector('.verdict')).color,
            cases: page.querySelectorAll('.case').length,
            marked: [...page.querySelectorAll('mark')].map(mark => mark.innerText),
            sides: new Set([...page.querySelectorAll('.sides > div')].map(side => side.getBoundingClientRect().top)).size,
          }) + 'END';
        };
        </script>
        """;

    [ProgramFact("chromium")]
    public async Task Html_InABrowser_ShowsAllOfItAtEveryWidth()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Source.Root, "artifacts", "pages")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "evaluation.html"), EvaluationHtml.Write(Result()));

        var wide = await LookAsync(folder, 1100);
        Assert.Equal((0, "[]", 3), (wide.GetProperty("wide").GetInt32(), wide.GetProperty("outside").ToString(), wide.GetProperty("drawings").GetInt32()));
        Assert.StartsWith("fail, not recommended.", wide.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Assert.Equal("rgb(198, 42, 47)", wide.GetProperty("color").GetString());

        // Two metrics lost the same row: one case, whose three texts stand side by side.
        Assert.Equal((1, 1), (wide.GetProperty("cases").GetInt32(), wide.GetProperty("sides").GetInt32()));
        Assert.Equal(["Paris", "Lyon", "<b>|"], wide.GetProperty("marked").EnumerateArray().Select(mark => mark.GetString()));

        var narrow = await LookAsync(folder, 360);
        Assert.Equal((0, "[]", 3), (narrow.GetProperty("wide").GetInt32(), narrow.GetProperty("outside").ToString(), narrow.GetProperty("sides").GetInt32()));

        await ChromiumAsync(folder, "--screenshot=" + Path.Combine(folder, "evaluation.png"), "--window-size=1100,1800", "--hide-scrollbars", "evaluation.html");
        Assert.True(new FileInfo(Path.Combine(folder, "evaluation.png")).Length > 20_000);
    }

    private static EvaluationResult Result()
    {
        var lost = SampleResults.Comparison(onlySource: 95, onlyTarget: 5);
        var exact = lost.WorstCases[0];
        var samples = lost.Samples!;
        double?[] Times(int factor) => [.. samples.Ids.Select((_, i) => (double?)(1234.5678 + (i * factor % 977)))];
        return lost with
        {
            Target = lost.Target with { Model = "openai:a-model-of-a-long-name@http://models.internal.example:8080/v1" },
            Metrics = [.. lost.Metrics, new MetricFigures { Metric = "latency", Signature = "latency|version:1", Direction = MetricDirection.LowerIsBetter, Source = new ArmFigures { Cases = 500, Missing = 0 }, Target = new ArmFigures { Cases = 500, Missing = 0 } }],
            WorstCases = [exact, exact with { Metric = "f1_squad" }],
            Samples = samples with
            {
                Source = new SortedDictionary<string, IReadOnlyList<double?>>(samples.Source!.ToDictionary(), StringComparer.Ordinal) { ["latency"] = Times(13) },
                Target = new SortedDictionary<string, IReadOnlyList<double?>>(samples.Target.ToDictionary(), StringComparer.Ordinal) { ["latency"] = Times(31) },
            },
        };
    }

    private static async Task<JsonElement> LookAsync(string folder, int width)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "probe.html"),
            Probe.Replace("PAGE", "evaluation.html", StringComparison.Ordinal).Replace("WIDTH", $"{width}", StringComparison.Ordinal));
        var page = await ChromiumAsync(folder, "--dump-dom", "--window-size=1400,2200", "probe.html");
        var seen = Seen().Match(page);
        Assert.True(seen.Success, page);
        return JsonDocument.Parse(System.Net.WebUtility.HtmlDecode(seen.Groups["json"].Value)).RootElement;
    }

    /// <summary>What the browser wrote; the last argument is a page of the folder.</summary>
    private static async Task<string> ChromiumAsync(string folder, params string[] arguments)
    {
        var profile = Directory.CreateTempSubdirectory("model-migrate-chromium-");
        try
        {
            var start = new System.Diagnostics.ProcessStartInfo("chromium") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            string[] all =
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--allow-file-access-from-files", "--virtual-time-budget=10000",
                "--user-data-dir=" + profile.FullName, .. arguments[..^1], new Uri(Path.Combine(folder, arguments[^1])).AbsoluteUri,
            ];
            Array.ForEach(all, start.ArgumentList.Add);
            using var process = System.Diagnostics.Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await error);
            return output;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    [GeneratedRegex("SEEN(?<json>.*)END</pre>", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Seen();
}
