using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Where prompts, tests and values come from: patterns of file names, tables at addresses, and what is refused.</summary>
public sealed class PromptfooSourceTests
{
    private static readonly (string, string)[] s_files =
    [
        ("p/b.txt", "B {{n}} {{d}}"), ("p/a.txt", "A {{n}} {{d}}"), ("p/.h.txt", "H"), ("p/x/c.md", "C"), ("p/x/d.txt", "D"),
        ("t/1.yaml", "- vars: {n: 1, d: file://v/*.txt}\n  assert: [{type: contains, value: '1'}]\n"), ("t/2.csv", "n,d,__expected\n2,x,contains: 2\n"),
        ("v/one.txt", "one\n"), ("v/two.txt", "two"), ("v/a.yaml", "n: 7"), ("v/b.yaml", "{n: 8, d: y}"), ("v/list.json", "[1, 2]"), ("s/s.yaml", "- config: [{vars: {n: 9}}]\n  tests: [{vars: {d: z}, assert: [{type: contains, value: 9}]}]"),
    ];

    /// <summary>The rows are those that promptfoo 0.121.20 makes of the same files; it takes files in the order of the disk, we by name.</summary>
    [Fact]
    public void Read_PatternsOfNames_AreTheirFilesByName()
    {
        var (config, problems) = PromptfooRig.Read("""
            prompts: file://p/*.txt
            providers: [echo]
            tests:
              - file://t/*.yaml
              - path: file://t/*.csv
              - { vars: 'v/*.yaml', assert: [{type: contains, value: '8'}] }
              - { vars: [v/b.yaml, file://v/a.yaml], assert: [{type: contains, value: '7'}] }
              - { vars: {n: file://v/b.yaml, d: file://v/list.json}, assert: [{type: contains, value: '8'}] }
            scenarios: [file://s/*.yaml]
            """, PromptfooMode.Strict, s_files);
        Assert.Empty(problems);
        Assert.Equal(
            ["A 1 one", "B 1 one", "A 1 two", "B 1 two", "A 2 x", "B 2 x", "A 8 y", "B 8 y", "A 7 y", "B 7 y", "A {\"n\":8,\"d\":\"y\"} [1, 2]", "B {\"n\":8,\"d\":\"y\"} [1, 2]", "A 9 z", "B 9 z"],
            config!.Tests.SelectMany(test => config.Prompts.Select(prompt => prompt.Render(test.Vars, out _))));
    }

    [Theory]
    [InlineData("p/*.txt", "p/a.txt p/b.txt")]
    [InlineData("./p/*.txt", "p/a.txt p/b.txt")]
    [InlineData("p/**/*.txt", "p/a.txt p/b.txt p/x/d.txt")]
    [InlineData("**/c.*", "p/x/c.md")]
    [InlineData("p/?.txt", "p/a.txt p/b.txt")]
    [InlineData("p/[b-z].txt", "p/b.txt")]
    [InlineData("p/[!b].txt", "p/a.txt")]
    [InlineData("p/{a,x/c}.{txt,md}", "p/a.txt p/x/c.md")]
    [InlineData("p/.*.txt", "p/.h.txt")]
    [InlineData("*/one.txt", "v/one.txt")]
    [InlineData("p/a+.txt", null)]
    [InlineData("{{name}}.txt", null)]
    public void Matches_OfNames_AreThoseOfTheShell(string pattern, string? expected)
    {
        Assert.Equal(expected is not null, FilePattern.IsPattern(pattern));
        if (expected is not null)
        {
            var names = new FilePattern(pattern);
            Assert.Equal(expected, string.Join(' ', s_files.Select(static file => file.Item1).Where(names.Matches).Order(StringComparer.Ordinal)));
            Assert.True(names.IsDeep || s_files.Where(file => names.Matches(file.Item1)).All(file => !file.Item1[(names.Folder.Length + 1)..].Contains('/', StringComparison.Ordinal)));
        }
    }

    /// <summary>What is written, where it is refused, and what to do.</summary>
    [Theory]
    [InlineData("tests: file://q/*.yaml", "p.yaml:3:8: error file-missing: No file is called 'q/*.yaml'. Correct the pattern")]
    [InlineData("tests: [cases.xls]", "p.yaml:3:9: error not-run: Tests are not read from 'cases.xls'. Save the sheet as .xlsx or .csv, and name that.")]
    [InlineData("tests: [file://cases.xlsx#Sheet2]", "The file 'cases.xlsx' cannot be read.")]
    [InlineData("tests: [huggingface://models/a/b]", "p.yaml:3:9: error not-run: Tests are not read from 'huggingface://models/a/b'. Write for example huggingface://datasets/OWNER/NAME?split=test&limit=100.")]
    [InlineData("tests: [huggingface://datasets/a]", "p.yaml:3:9: error bad-url: 'a' names no data set.")]
    [InlineData("tests: [huggingface://datasets/a/b?limit=0]", "p.yaml:3:9: error bad-number: limit: '0' is no whole number from 1 to 1000000.")]
    [InlineData("tests: [huggingface://datasets/a/b?limit]", "p.yaml:3:9: error bad-number: limit: '' is no whole number from 1 to 1000000.")]
    [InlineData("tests: [huggingface://datasets/a/b?split=test]", "p.yaml:3:9: error file-missing: The table https://datasets-server.huggingface.co/rows cannot be fetched.")]
    [InlineData("tests: https://docs.google.com/spreadsheets/d/xyz/edit", "Write the address of its CSV: https://docs.google.com/spreadsheets/d/ID/export?format=csv, or a file.")]
    [InlineData("tests: https://example.test/tests.yaml", "or the address of a .csv.")]
    [InlineData("tests: [file://make.py]", "That is a program: let it write its tests into a .jsonl file, and name that.")]
    [InlineData("tests: {path: file://t/2.csv, config: {a: 1}}", "p.yaml:3:31: error not-run: 'config' of a source of tests is not run here. Nothing is set for files that are read here; remove it.")]
    [InlineData("tests: [{vars: {n: file://v/*.none}, assert: [{type: contains, value: x}]}]", "p.yaml:3:20: error file-missing: No file is called 'v/*.none'.")]
    [InlineData("tests: [{vars: {n: file://v/*.py}, assert: [{type: contains, value: x}]}]", "No file is called 'v/*.py'.")]
    [InlineData("tests: [{vars: w/*.yaml, assert: [{type: contains, value: x}]}]", "p.yaml:3:16: error file-missing: No file is called 'w/*.yaml'.")]
    [InlineData("tests: https://user:word@example.test/tests.csv?token=abc", "p.yaml:3:8: error file-missing: The table https://example.test/tests.csv cannot be fetched. See that the address answers with at most 64 MB within a minute")]
    public void Read_ASourceThatIsNotRead_SaysWhatToWrite(string tests, string expected)
    {
        var (config, problems) = PromptfooRig.Tests(tests, PromptfooMode.Strict, s_files);
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, static problem => problem.ToString().Contains("word", StringComparison.Ordinal) || problem.ToString().Contains("abc", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_PatternsOfPrompts_RefuseWhatIsNoPrompt()
    {
        var (_, problems) = PromptfooRig.Read("prompts: [file://p/*, 'file://p/*.none']\nproviders: [echo]\ntests: [{assert: [{type: contains, value: x}]}]", PromptfooMode.Strict, [.. s_files, ("p/run.sh", "x")]);
        Assert.Equal(["p.yaml:1:11", "p.yaml:1:23"], problems.Select(static problem => string.Create(CultureInfo.InvariantCulture, $"{problem.File}:{problem.Line}:{problem.Column}")));
        Assert.Contains("'p/run.sh' is a program, or of a kind that is not read", problems[0].ToString(), StringComparison.Ordinal);
    }

    /// <summary>The values of an anchor stand wherever it is named, with keys merged as YAML 1.1 does.</summary>
    [Fact]
    public void Read_AnchorsAndAliases_AreWhatTheyStandFor()
    {
        var (config, problems) = PromptfooRig.Tests("""
            tests:
              - vars: &first { text: a, more: b }
                assert: &checks [{ type: contains, value: a }]
              - vars: { <<: *first, text: c }
                assert: *checks
            """, PromptfooMode.Compat);
        Assert.Empty(problems);
        var tests = config!.Tests.ToList();
        Assert.Equal(("c", "b", 1), (tests[1].Vars["text"].GetString(), tests[1].Vars["more"].GetString(), tests[1].Asserts.Count));
    }

    /// <summary>Aliases of aliases that stand for millions of values are refused before they are written out.</summary>
    [Theory]
    [InlineData(10, "yaml-size: With its aliases written out the file has more than 100000 values.")]
    [InlineData(1, "yaml-alias: No anchor '&b' stands before this.")]
    public void Read_AliasesThatGrow_AreRefusedWithTheirLine(int width, string expected)
    {
        var yaml = new StringBuilder("tests:\n  - vars:\n      a: &a [x]\n");
        for (var i = 'b'; i < 'k' && width > 1; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"      {i}: &{i} [{string.Join(", ", Enumerable.Repeat($"*{(char)(i - 1)}", width))}]\n");
        }

        var (_, problems) = PromptfooRig.Tests(yaml + (width > 1 ? "" : "      b: *b\n") + "    assert: [{type: contains, value: x}]");
        Assert.Contains(expected, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    /// <summary>A table at an address is fetched once, and nothing of its address's query or key is said when it cannot be.</summary>
    [Theory]
    [InlineData(200, 0)]
    [InlineData(404, 2)]
    public async Task Command_ATableAtAnAddress_IsFetchedOnceAndKeepsItsSecret(int status, int code)
    {
        await using var server = await StubUpstream.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("text,__expected\nabc,contains: b\n");
        });
        var folder = Directory.CreateTempSubdirectory("mm-sources-");
        try
        {
            var config = Path.Combine(folder.FullName, "c.yaml");
            await File.WriteAllTextAsync(config, $"prompts: ['{{{{text}}}}']\nproviders: [echo]\ntests: {server.Url}t.csv?token=secret\n");
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config}");
            Assert.Equal((code, 1), (run.Code, server.Requests.Count));
            Assert.DoesNotContain("secret", run.Out + run.Error, StringComparison.Ordinal);
            Assert.Contains(status == 200 ? "1 passed, 0 failed, 0 errors" : "/t.csv cannot be fetched.", run.Out + run.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A data set of 250 rows: what is asked for is fetched once, by pages of 100, with the token; lists stay lists, and other values what they are.</summary>
    [Theory]
    [InlineData("?split=train&limit=230", 230, "a/b config=default split=train 0+100, 100+100, 200+30")]
    [InlineData("", 250, "a/b config=default split=test 0+100, 100+100, 200+100")]
    [InlineData("?config=small&limit=7", 7, "a/b config=small split=test 0+7")]
    public async Task Command_ADataSet_IsReadByPages(string query, int rows, string asked)
    {
        var (run, requests) = await AskAsync(query);
        Assert.Contains($"{rows} passed, 0 failed, 0 errors of {rows} rows.", run.Out + run.Error, StringComparison.Ordinal);
        var queries = requests.Select(static request => HttpUtility.ParseQueryString(new Uri($"http://x{request.Target}").Query)).ToList();
        Assert.Equal(asked, $"{queries[0]["dataset"]} config={queries[0]["config"]} split={queries[0]["split"]} {string.Join(", ", queries.Select(static each => $"{each["offset"]}+{each["length"]}"))}");
        Assert.All(requests, static request => Assert.Equal("Bearer t", request.Headers["Authorization"]));
    }

    /// <summary>Queries are read as JavaScript's URLSearchParams reads them, the last of a name holding, and written again.</summary>
    [Theory]
    [InlineData("?split=a&limit=1&split=b", "config=default&split=b")]
    [InlineData("?split=a+b%2Bc%26d%3De%C3%A9&limit=1", "config=default&split=a%20b%2Bc%26d%3De%C3%A9")]
    [InlineData("?a+b=1=2&limit=1", "a%20b=1%3D2&config=default&split=test")]
    [InlineData("?&where&limit=1&&config=", "config=&split=test&where=")]
    [InlineData("?Split=a&limit=1", "Split=a&config=default&split=test")]
    [InlineData("?split=%zz%u0041&limit=1", "config=default&split=%25zz%25u0041")]
    public async Task Command_ADataSetsQuery_IsReadAsOfAnAddress(string query, string asked)
    {
        var (_, requests) = await AskAsync(query);
        Assert.Equal($"/rows?dataset=a%2Fb&{asked}&offset=0&length=1", Assert.Single(requests).Target);
    }

    private static async Task<(CliRun Run, IReadOnlyList<StubUpstream.Received> Requests)> AskAsync(string query)
    {
        await using var server = await StubUpstream.StartAsync(async (context, _) =>
        {
            var (offset, length) = (int.Parse(context.Request.Query["offset"]!, CultureInfo.InvariantCulture), int.Parse(context.Request.Query["length"]!, CultureInfo.InvariantCulture));
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { rows = Enumerable.Range(offset, Math.Min(length, 250 - offset)).Select(i => new { row_idx = i, row = new { text = $"row {i}", n = i, tags = new[] { "x", "y" } } }), num_rows_total = 250 }));
        });
        var folder = Directory.CreateTempSubdirectory("mm-sources-");
        try
        {
            var config = Path.Combine(folder.FullName, "c.yaml");
            await File.WriteAllTextAsync(config, $"prompts: ['{{{{text}}}} {{{{tags[1]}}}}']\nproviders: [echo]\ntests: 'huggingface://datasets/a/b{query}'\ndefaultTest: {{assert: [{{type: equals, value: 'row {{{{n}}}} y'}}]}}\n");
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config}", name => name switch { "HF_DATASETS_SERVER" => server.Url.ToString(), "HF_TOKEN" => "t", _ => null });
            return (run, [.. server.Requests]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whatever the configuration says of the server: the token goes to the one that the environment means.</summary>
    [Theory]
    [InlineData("no JSON", "error no-rows: The data set server answers without rows.")]
    [InlineData("{\"rows\":[],\"num_rows_total\":5}", "error no-rows: The data set server answers without rows.")]
    [InlineData("{\"rows\":[{\"row\":{\"text\":\"a\"}}],\"num_rows_total\":5000000}", "error too-many-rows: The data set has 5000000 rows.")]
    public async Task Command_ADataSetWithoutRows_IsRefusedAndGetsNoToken(string page, string says)
    {
        await using var server = await StubUpstream.StartAsync(StubUpstream.Json(page));
        var folder = Directory.CreateTempSubdirectory("mm-sources-");
        try
        {
            var config = Path.Combine(folder.FullName, "c.yaml");
            await File.WriteAllTextAsync(config, $"prompts: ['{{{{text}}}}']\nproviders: [echo]\nenv: {{HF_DATASETS_SERVER: '{server.Url}'}}\ntests: huggingface://datasets/a/b\ndefaultTest: {{assert: [{{type: contains, value: a}}]}}\n");
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config}", static name => name == "HF_TOKEN" ? "t" : null);
            Assert.Equal((int)ExitCode.Usage, run.Code);
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Authorization", Assert.Single(server.Requests).Headers.Keys);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Command_PatternsOfNames_AreFoundOnTheDisk()
    {
        var folder = Directory.CreateTempSubdirectory("mm-sources-");
        try
        {
            foreach (var (name, text) in s_files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.FullName, name))!);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);
            }

            var config = Path.Combine(folder.FullName, "c.yaml");
            await File.WriteAllTextAsync(config, "prompts: file://p/**/*.txt\nproviders: [echo]\ntests: [file://t/*.csv]\n");
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config}");
            Assert.Contains("2 passed, 1 failed, 0 errors of 3 rows", run.Out, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
