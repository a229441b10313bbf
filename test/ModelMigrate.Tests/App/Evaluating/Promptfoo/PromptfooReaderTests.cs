using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>What is read of a configuration, and what is refused, each with its place.</summary>
public sealed class PromptfooReaderTests
{
    private const string Ok = "assert: [{type: equals, value: x}]";

    /// <summary>From line 3 on; the place, and what must be said there.</summary>
    [Theory]
    [InlineData("tests: [{assert: [{type: contians, value: x}]}]", "p.yaml:3:26: error unknown-assertion", "Write 'contains'.")]
    [InlineData("tests: [{assert: [{type: not-contian, value: x}]}]", "p.yaml:3:26: error unknown-assertion", "Write 'not-contains'.")]
    [InlineData("tests:\n  - assert:\n      - type: llm-rubric\n        value: nice", "p.yaml:5:15: error no-judge", "asks a model to judge")]
    [InlineData("tests:\n  - assert:\n      - {type: contains, value: a}\n      - {type: python, value: 'len(output) > 3'}", "p.yaml:6:16: error not-run", "run a program")]
    [InlineData("tests:\n  - assert:\n      - {type: javascript, value: 'fetch(output)'}", "p.yaml:5:35: error not-run", "'fetch' is not known here")]
    [InlineData("tests:\n  - assert:\n      - {type: javascript, value: 'let a = 1; return a'}", "p.yaml:5:35: error not-run", "--allow-scripts")]
    [InlineData("tests: [{assert: [{type: contains}]}]", "p.yaml:3:19: error bad-value", "a text that is not empty")]
    [InlineData("tests: [{assert: [{type: contains, value: ''}]}]", "p.yaml:3:43: error bad-value", "a text that is not empty")]
    [InlineData("tests: [{assert: [{type: latency}]}]", "p.yaml:3:19: error missing-key", "threshold: 2000")]
    [InlineData("tests: [{assert: [{type: word-count, value: {min: 5, max: 2}}]}]", "p.yaml:3:45: error bad-value", "min at most max")]
    [InlineData("tests: [{assert: [{type: regex, value: '(?i)a'}]}]", "p.yaml:3:40: error bad-value", "not read by JavaScript")]
    [InlineData("tests: [{assert: [{type: is-json, value: {type: objekt}}]}]", "p.yaml:3:42: error bad-value", "the schema is wrong")]
    [InlineData("tests: [{assert: [{type: equals, value: x, transform: output.match(1)}]}]", "p.yaml:3:55: error not-run", "--allow-scripts")]
    [InlineData("tests: [{assert: [{type: equals, value: x, treshold: 1}]}]", "p.yaml:3:44: error unknown-key", "Write 'threshold'.")]
    [InlineData("tests: [{assert: [{type: equals, value: x, weight: -1}]}]", "p.yaml:3:52: error bad-number", "no number from 0")]
    [InlineData("tests: [{assert: [{type: equals, value: '{% include x %}'}]}]", "p.yaml:3:41: error template", "include is not run here")]
    [InlineData("tests: [{assert: [{type: assert-set, assert: []}]}]", "p.yaml:3:19: error set-empty", "under 'assert:'")]
    [InlineData("tests: [{vars: {a: b}}]", "p.yaml:1:1: error no-assertions", "every answer would pass")]
    [InlineData("tests: []", "p.yaml:1:1: error no-tests", "nothing would be checked")]
    [InlineData("tests: file://none.yaml", "p.yaml:3:8: error file-missing", "relative to the configuration")]
    [InlineData("tests: file://make.js", "p.yaml:3:8: error not-run", "let it write its tests into a .jsonl file")]
    [InlineData("tests: [{options: {transform: file://t.js}, " + Ok + "}]", "p.yaml:3:31: error not-run", "--allow-scripts")]
    [InlineData("tests: [{assertScoringFunction: file://a.js, " + Ok + "}]", "p.yaml:3:33: error not-run", "--allow-scripts")]
    [InlineData("tests: [{providers: [other], " + Ok + "}]", "p.yaml:2:12: error unknown-provider", "No provider is called 'other'.")]
    [InlineData("extensions: [file://a.js]\ntests: [{" + Ok + "}]", "p.yaml:3:1: error not-run", "Those are programs")]
    [InlineData("test: [{" + Ok + "}]", "p.yaml:3:1: error unknown-key", "Write 'tests'.")]
    [InlineData("scenarios: [{config: [], tests: [{" + Ok + "}]}]", "p.yaml:3:13: error scenario-empty", "Write both.")]
    public void Read_WhatWouldNotBeRunAsWritten_IsRefusedWithItsPlace(string tests, string place, string says)
    {
        var (config, problems) = PromptfooRig.Tests(tests);
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openia:gpt-4.1", "p.yaml:2:13: error unknown-provider", "Write 'openai:gpt-4.1'.")]
    [InlineData("file://mine.py", "p.yaml:2:13: error unknown-provider", "cannot be asked here")]
    [InlineData("openai:embedding:x", "p.yaml:2:13: error unknown-provider", "cannot be asked here")]
    [InlineData("{id: openai:chat:a, config: {toolz: []}}", "p.yaml:2:42: error unknown-key", "Write 'tools'.")]
    [InlineData("{id: openai:chat:a, config: {apiBaseUrl: 'ftp://a'}}", "p.yaml:2:54: error bad-url", "apiBaseUrl: http://")]
    public void Read_AProviderThatCannotBeAsked_IsRefused(string provider, string place, string says)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [{provider}]\ntests: [{{{Ok}}}]\n");
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralUnknownAssertions_AllAreSaid()
    {
        var (_, problems) = PromptfooRig.Tests("defaultTest: {assert: [{type: simular, value: a}]}\ntests:\n  - assert: [{type: llm-rubric, value: a}, {type: eqals, value: b}]\n  - assert: [{type: python, value: c}]");
        Assert.Equal([3, 5, 5, 6], problems.Select(static problem => problem.Line));
    }

    [Fact]
    public void Read_ListsScenariosAndDefaults_MakeEveryTestInOrder()
    {
        var (config, problems) = PromptfooRig.Tests(
            "defaultTest: {vars: {z: 9}, assert: [{type: contains, value: d}], threshold: 0.5}\n"
            + "tests: [{vars: {a: ['1', '2'], b: [x, y]}, assert: [{type: contains, value: e}]}, {vars: {a: [one, two]}, options: {disableVarExpansion: true}}, {vars: {a: [1, 2]}}]\n"
            + "scenarios: [{config: [{vars: {l: fr}}, {vars: {l: de}}], tests: [{vars: {q: 1}}]}]");
        Assert.Empty(problems);
        Assert.Equal(["9/1/x", "9/1/y", "9/2/x", "9/2/y", "9/one,two", "9/1,2", "9/fr/1", "9/de/1"], config!.Tests.Select(static test => string.Join('/', test.Vars.Values.Select(TemplateText.Of))));
        Assert.Equal(["d", "e"], config.Tests.First().Asserts.Select(static assertion => assertion.Value.GetString()));
        Assert.All(config.Tests, static test => Assert.Equal(0.5, test.Threshold));
    }

    [Fact]
    public void Read_ATableWithAMisspeltType_IsRefusedWithItsLineAndTextsStayTexts()
    {
        var (_, problems) = PromptfooRig.Tests("tests: file://t.csv", PromptfooMode.Strict, ("t.csv", "a,__expected\n1,contians: some\n2,Note: some\n"));
        var problem = Assert.Single(problems);
        Assert.Equal(("unknown-assertion", 2), (problem.Code, problem.Line));
        Assert.Contains("'contains'", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ATable_IsTests()
    {
        var (config, problems) = PromptfooRig.Tests("tests: file://t.csv", PromptfooMode.Strict, ("t.csv",
            "text,__expected1,__expected2,__description,__metadata:tags[],__threshold,__config:__expected2:threshold\r\n"
            + "\"a, \"\"b\"\"\",\"contains-all: a, b\",levenshtein(3): abc,first,\"x,y\\,z\",0.5,\n"
            + "plain,the whole,rouge-n: text,second,,,0.4\n"));
        Assert.Empty(problems);
        var (first, second) = (config!.Tests.First(), config.Tests.Last());
        Assert.Equal(("a, \"b\"", "first", 0.5), (first.Vars["text"].GetString(), first.Description, first.Threshold));
        Assert.Equal(["contains-all", "levenshtein"], first.Asserts.Select(static assertion => assertion.Type));
        Assert.Equal((3.0, "[\"x\",\"y,z\"]"), (first.Asserts[1].Threshold, first.Metadata["tags"].GetRawText()));
        Assert.Equal([("equals", "the whole", null), ("rouge-n", "text", 0.4)], second.Asserts.Select(static assertion => (assertion.Type, assertion.Value.GetString(), assertion.Threshold)));
    }

    [Fact]
    public void Read_LinesOfJson_AreTestsWithTheirLine()
    {
        var (config, problems) = PromptfooRig.Tests("tests: file://t.jsonl", PromptfooMode.Strict, ("t.jsonl", "{\"vars\":{\"text\":\"a\"},\"assert\":[{\"type\":\"equals\",\"value\":\"a\"}]}\n\n{\"assert\":[{\"type\":\"eqals\",\"value\":\"b\"}]}\n"));
        Assert.Null(config);
        Assert.Equal("t.jsonl:3:20", $"{problems[0].File}:{problems[0].Line}:{problems[0].Column}");
    }

    [Fact]
    public void Read_PromptFiles_AreCutAtLinesOfDashes()
    {
        var (config, problems) = PromptfooRig.Read("prompts: ['file://p.txt', [{role: user, content: 'say {{text}}'}]]\nproviders: [echo]\ntests: [{vars: {text: 'a \"b\"'}, " + Ok + "}]", PromptfooMode.Strict, ("p.txt", "one {{text}}\n---\ntwo\n"));
        Assert.Empty(problems);
        Assert.Equal(["one a \"b\"", "two", "[\n  {\n    \"role\": \"user\",\n    \"content\": \"say a \\\"b\\\"\"\n  }\n]"], config!.Prompts.Select(prompt => prompt.Render(config.Tests.First().Vars, out _)));
    }

    /// <summary>The text, and what it becomes; after "!" what is wrong with it.</summary>
    [Theory]
    [InlineData("{{ name | upper }}-{{name|length}}", "ADA-3")]
    [InlineData("{{ o.list[1] }} {{ o.list | join(', ') }} {{ o.list.length }}", "2 1, 2 2")]
    [InlineData("{{ nothing | default('d') }}{{ nothing }}{# gone #}", "d")]
    [InlineData("{{ o | dump }}", "{\"list\":[1,2]}")]
    [InlineData("{{ name | replace('d', 'n') | lower }}", "ana")]
    [InlineData("{{ number }} {{ half }} {{ yes }}", "1 2.5 true")]
    [InlineData("{{ number | upper }}", "!takes a text")]
    [InlineData("{% for a in b %}", "!it has no {% endfor %}")]
    [InlineData("a\n{{ name | tojson }}", "!on line 2 of the text is not understood: there is no filter 'tojson'")]
    [InlineData("{{ a b }}", "!'b' is more than an expression")]
    [InlineData("{{ a ", "!is not closed")]
    public void Template_TextsAndFilters_AreFilledOrRefused(string text, string expected)
    {
        var vars = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, System.Text.Json.JsonElement>>("""{"name":"Ada","o":{"list":[1,2]},"number":1,"half":2.5,"yes":true}""")!;
        var template = Template.TryParse(text, static _ => null, out var wrong);
        var rendered = template?.Render(vars, out wrong);
        Assert.Contains(expected.TrimStart('!'), expected.StartsWith('!') ? wrong : rendered, StringComparison.Ordinal);
        Assert.Equal(expected.StartsWith('!'), rendered is null);
    }
}
