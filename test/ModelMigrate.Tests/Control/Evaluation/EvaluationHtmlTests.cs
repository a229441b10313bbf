using System.Xml.Linq;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Control.Evaluation.Reports.Html;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Tests.Core.Evaluation;

namespace ModelMigrate.Tests.Control.Evaluation;

public sealed class EvaluationHtmlTests
{
    [Fact]
    public void Html_OfAComparison_NeedsNothingElse()
    {
        var page = EvaluationHtml.Write(SampleResults.Comparison(onlySource: 95, onlyTarget: 5));
        Assert.Contains("<strong>fail</strong>, not recommended.", page, StringComparison.Ordinal);
        foreach (var part in new[] { "<script", "src=", "href=", "url(", "http://", "https://", "NaN" })
        {
            Assert.DoesNotContain(part, page, StringComparison.OrdinalIgnoreCase);
        }

        // Both drawings are XML of their own, and every number in them is finite.
        var drawings = page.Split("<svg").Skip(1).Select(part => XElement.Parse($"<svg{part.Split("</svg>")[0]}</svg>")).ToList();
        Assert.Equal(2, drawings.Count);
        Assert.Single(drawings[0].Descendants("circle"));
        // 95 rows lost, 5 won, the others are alike.
        Assert.Equal(["95", "400", "5", "-1", "0", "+1"], drawings[1].Descendants("text").Select(text => text.Value));
    }

    [Fact]
    public void Html_OfTextsOfModels_KeepsThemText()
    {
        var odd = SampleResults.Comparison();
        var page = EvaluationHtml.Write(odd with
        {
            Target = odd.Target with { Model = "<script>alert(1)</script>" },
            WorstCases = [odd.WorstCases[0] with { Sample = "\"><img>", SourceAnswer = "it is Paris", TargetAnswer = "it is <i>Lyon</i>" }],
        });
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("it is <mark>&lt;i&gt;Lyon&lt;/i&gt;</mark>", page, StringComparison.Ordinal);
        Assert.Contains("it is <mark>Paris</mark>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfAPart_IsNotGreen()
    {
        var page = EvaluationHtml.Write(SampleResults.Comparison(completeness: DataCompleteness.Limited));
        Assert.Contains("<strong>refused</strong>. The run was of a part", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"verdict pass\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b c", "a b c", "a b c")]
    [InlineData("a b c", "a x c", "a [x] c")]
    [InlineData("", "a b", "[a] [b]")]
    [InlineData("a b c d", "b d a", "b d [a]")]
    public void WordDiff_OfTwoTexts_MarksWhatTheFirstHasNot(string first, string second, string marked) =>
        Assert.Equal(marked, string.Join(' ', WordDiff.Of(first, second).Select(each => each.IsCommon ? each.Word : $"[{each.Word}]")));

    [Fact]
    public void WordDiff_OfLongTexts_StopsAtItsLimit()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5000));
        Assert.All(WordDiff.Of(text, text), each => Assert.True(each.IsCommon));
        Assert.Equal(5000, WordDiff.Of("", text).Count);
    }
}
