using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Templates;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Templates against what promptfoo 0.121.20 makes of them, what of Nunjucks is refused, and their bounds.</summary>
public sealed class TemplateTests
{
    private static readonly string s_folder = Path.Combine(Source.Root, "test/ModelMigrate.Tests/App/Evaluating/Promptfoo/Files");

    private static readonly Dictionary<string, JsonElement> s_vars = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"name":"Ada","o":{"list":[1,2]},"number":1,"list":["b","a"]}""")!;

    [Fact]
    public void Render_EveryTemplateOfTheFile_IsAsPromptfooHasIt()
    {
        var (config, problems) = PromptfooRig.Read(File.ReadAllText(Path.Combine(s_folder, "templates.yaml")), PromptfooMode.Compat, ("templates.txt", File.ReadAllText(Path.Combine(s_folder, "templates.txt"))));
        Assert.Empty(problems);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, "templates.expected.json")))!.AsArray();
        var vars = config!.Tests.Single().Vars;
        Assert.True(expected.Count > 40);
        Assert.Equal(expected.Select(static text => text!.GetValue<string>()), config.Prompts.Select(prompt => prompt.Render(vars, out var fault) ?? fault));
    }

    /// <summary>What is written, and what is said of it.</summary>
    [Theory]
    [InlineData("{% include 'x.txt' %}", "the statement '{% include 'x.txt' %}' on line 1 of the text is not understood: include is not run here; write the other text here")]
    [InlineData("a\n{% macro m() %}x{% endmacro %}", "'{% macro m() %}' on line 2 of the text is not understood: macro is not run here;")]
    [InlineData("{% switch name %}{% endswitch %}", "write {% if %} and {% elif %}")]
    [InlineData("{% while a %}", "there is no statement 'while'; there are if, for, set and raw")]
    [InlineData("{% endif %}", "nothing is open that endif belongs to")]
    [InlineData("a\n{% if a %}b", "'{% if a %}' on line 2 of the text is not understood: it has no {% endif %}")]
    [InlineData("{% for x of list %}{% endfor %}", "'in' is missing: {% for item in list %}")]
    [InlineData("{% for x in list if x %}{% endfor %}", "")]
    [InlineData("{% set x %}b", "it has no {% endset %}")]
    [InlineData("{% raw %}b", "it has no {% endraw %}")]
    [InlineData("{# b", "it is not closed by '#}'")]
    [InlineData("{{ name", "'{{' on line 1 of the text is not understood: it is not closed by '}}'")]
    [InlineData("{{ }}", "a variable's name is missing")]
    [InlineData("{{ name | }}", "a filter's name after '|' is missing")]
    [InlineData("{{ name | tojson }}", "there is no filter 'tojson' here; there are abs, batch, capitalize, d, default,")]
    [InlineData("{{ name | truncate(1, 2, 3, 4) }}", "the filter truncate takes 0 to 3 values in brackets, for example truncate(40)")]
    [InlineData("{{ list | sort(by='x') }}", "the filter sort has no 'by=', for example sort(attribute='name')")]
    [InlineData("{{ name.toUpperCase() }}", "functions such as 'name' are not called")]
    [InlineData("{{ name is prime }}", "there is no test 'prime' here; there are defined,")]
    [InlineData("{{ 'open }}", "a quotation mark is not closed")]
    [InlineData("{{ a ? b : c }}", "'?' has no meaning there")]
    [InlineData("{{ (a }}", "'}}' stands where ')' should")]
    public void Parse_WhatIsNotRun_IsRefusedWithItsLine(string text, string wrong)
    {
        var template = Template.TryParse(text, static _ => null, out var said);
        if (wrong.Length == 0)
        {
            // Jinja's filter of a loop is read by Nunjucks, and by us, as what is gone through.
            Assert.NotNull(template);
            return;
        }

        Assert.Null(template);
        Assert.Contains(wrong, said, StringComparison.Ordinal);
    }

    /// <summary>What only a value shows to be wrong makes the row an error.</summary>
    [Theory]
    [InlineData("{{ number | upper }}", "upper: it takes a text, not number.")]
    [InlineData("{{ name | join(',') }}", "join: it takes a list, not string.")]
    [InlineData("{{ nothing | first }}", "first: it takes a list, not undefined.")]
    [InlineData("{{ 'a' in number }}", "'in' looks into a text, a list or a group, not number.")]
    [InlineData("{{ name * 2 }}", "the calculation gives no number.")]
    [InlineData("{{ 'a\\nb' | indent(100000) }}", "a width is a number from 0 to 1000.")]
    [InlineData("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}", "the loops go round more than 100000 times.")]
    [InlineData("{{ range(1000000) | length }}", "the loops go round more than 100000 times.")]
    [InlineData("{% set x = 'aaaaaaaaaaaaaaaa' %}{% for i in range(30) %}{% set x = x ~ x %}{% endfor %}{{ x }}", "the text is longer than 16 million characters.")]
    [InlineData("{% set x = 'aaaaaaaaaaaaaaaa' %}{% for i in range(30) %}{% set x = x | replace('a', x) %}{% endfor %}{{ x }}", "the text is longer than 16 million characters.")]
    [InlineData("{% set x = [1] %}{% for i in range(100) %}{% set x = [x] %}{% endfor %}{{ x }}", "lists are nested deeper than 64.")]
    [InlineData("{% set x = range(1000) %}{% for i in range(30) %}{% set x = [x, x, x, x] %}{% endfor %}{{ x }}", "the text is longer than 16 million characters.")]
    public void Render_AValueThatCannotStandThere_IsAFault(string text, string wrong)
    {
        Assert.Null(Template.TryParse(text, static _ => null, out _)!.Render(s_vars, out var fault));
        Assert.Equal(wrong, fault);
    }

    [Fact]
    public void Parse_NestedTooDeep_IsRefused()
    {
        foreach (var text in new[] { $"{{{{ {new string('(', 500)}1{new string(')', 500)} }}}}", string.Concat(Enumerable.Repeat("{% if a %}", 500)), $"{{{{ {string.Concat(Enumerable.Repeat("not ", 500))}a }}}}", $"{{{{ {new string('-', 500)}1 }}}}" })
        {
            Assert.Null(Template.TryParse(text, static _ => null, out var wrong));
            Assert.Contains("nested deeper than 64", wrong, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_TheEnvironment_IsReadByEitherWriting() =>
        Assert.Equal("a b ", Template.TryParse("{{ env.A }} {{ env['B'] }} {{ env.C }}", static name => name == "C" ? null : name.ToLowerInvariant(), out _)!.Render(s_vars, out _));

    /// <summary>In a prompt that is JSON each text is filled by itself, unless a statement goes over several of them.</summary>
    [Fact]
    public void Render_AConversationOfStatements_IsFilledAsOneText()
    {
        var (config, problems) = PromptfooRig.Read("""
            prompts:
              - raw: '[{% for x in xs %}{"role": "user", "content": "{{ x }}"}{% if not loop.last %},{% endif %}{% endfor %}]'
              - raw: '[{"role": "user", "content": "{% for x in xs %}{{ x }}\n{% endfor %}"}]'
              - raw: '["{% if xs %}a", "b{% endif %}"]'
            providers: [echo]
            tests: [{vars: {xs: [one, two]}, options: {disableVarExpansion: true}, assert: [{type: is-json}]}]
            """);
        Assert.Empty(problems);
        Assert.Equal(
            ["[{\"role\": \"user\", \"content\": \"one\"},{\"role\": \"user\", \"content\": \"two\"}]", "[\n  {\n    \"role\": \"user\",\n    \"content\": \"one\\ntwo\\n\"\n  }\n]", "[\"a\", \"b\"]"],
            config!.Prompts.Select(prompt => prompt.Render(config.Tests.First().Vars, out _)));
    }
}
