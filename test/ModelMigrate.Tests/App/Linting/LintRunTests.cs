using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Linting;
using ModelMigrate.Providers.Exchange.Rehearsing;
using ModelMigrate.Tests.Docs;
using ModelMigrate.Tests.Gateway.Translation;

namespace ModelMigrate.Tests.App.Linting;

/// <summary>Holds lint to the tables of the protocols page, which the translation itself is held to.</summary>
public sealed class LintRunTests
{
    public static IEnumerable<object[]> Rows => ProtocolsGuideTests.Rows;

    /// <summary>What the page says is reported live is what lint finds: all of it, and nothing besides.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Findings_EveryRowOfThePage_AreItsChanges(string client, string asks, string asked, string reported)
    {
        var groups = Lint(client, ProtocolsGuideTests.Body(asks)).Groups;

        var fields = reported.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split(": ")[0]).Distinct(StringComparer.Ordinal);
        Assert.True(asked is not null && fields.Order(StringComparer.Ordinal).SequenceEqual(groups.Select(group => group.Field).Order(StringComparer.Ordinal)), $"{reported}: {string.Join(", ", groups)}");
        Assert.DoesNotContain(groups, group => group.Fate == RequestFate.Fails || group.OnSourceToo > 0);
    }

    /// <summary>The rewrites that a program can make mend what they say, and add nothing.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Patches_EveryRowOfThePage_MendWhatTheyAreFor(string client, string asks, string asked, string reported)
    {
        _ = (asked, reported);
        var body = JsonNode.Parse(ProtocolsGuideTests.Body(asks))!.AsObject();
        var groups = Lint(client, body.ToJsonString()).Groups;
        foreach (var group in groups.Where(group => group.Patch is not null))
        {
            var (name, value) = group.Patch!.Single();
            body[name] = value?.DeepClone();
            if (value is null)
            {
                body.Remove(name);
            }
        }

        var left = Lint(client, body.ToJsonString()).Groups;

        Assert.Equal(groups.Where(group => group.Patch is null).Select(group => group.Field), left.Select(group => group.Field));
    }

    [Fact]
    public void Untranslatable_EveryRowOfThePage_Fails() => Assert.All(ProtocolsGuideTests.UntranslatableRows, row =>
    {
        var group = Lint(row[0], ProtocolsGuideTests.Body(row[1])).Groups[0];
        Assert.Equal((RequestFate.Fails, row[2], FindingCause.Untranslatable), (group.Fate, group.Field, group.Cause));
        Assert.DoesNotContain("null", group.Remedy, StringComparison.Ordinal);
    });

    public static IEnumerable<object[]> ResponseRows => ProtocolsGuideTests.ResponseRows;

    [Theory]
    [MemberData(nameof(ResponseRows))]
    public void Responses_EveryRowOfThePage_AreItsChanges(string asks, string asked, string reported)
    {
        var groups = LintResponse(asks).Groups;

        var fields = reported.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split(": ")[0]).Distinct(StringComparer.Ordinal);
        Assert.True(asked is not null && fields.Order(StringComparer.Ordinal).SequenceEqual(groups.Select(group => group.Field).Order(StringComparer.Ordinal)), $"{reported}: {string.Join(", ", groups)}");
        Assert.DoesNotContain(groups, group => group.Fate == RequestFate.Fails);
    }

    [Fact]
    public void Responses_EveryUntranslatableRowOfThePage_Fails() => Assert.All(ProtocolsGuideTests.UntranslatableResponseRows, row =>
    {
        var group = LintResponse(row[0]).Groups[0];
        Assert.Equal((RequestFate.Fails, row[1], FindingCause.Untranslatable), (group.Fate, group.Field, group.Cause));
    });

    /// <summary>Each target that speaks the protocol takes the body as it is.</summary>
    [Fact]
    public void Responses_ToAModelAskedInResponses_AsTheyStand()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(ProtocolsGuideTests.ResponseBody("\"background\": true")));
        var target = Codec.Model(ProviderKind.OpenAi) with { InResponses = true };

        var report = new LintRun("chat", new HashSet<string>(), Codec.Model(ProviderKind.OpenAi, "source"), target, ChangesPolicy.Report).Read(stream, "/v1/responses", null, default);

        Assert.Equal((1, 0), (report.Unchanged, report.BadLines.Count));
    }

    [Fact]
    public void Recording_InALine_IsReportedAsNotRead()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("""{"path":"/v1/audio/transcriptions","body":{"file":"a.wav"}}"""));

        var report = Run("OpenAI", ChangesPolicy.Report).Read(stream, GivenRequest.Paths[0], null, default);

        Assert.Contains("takes a form with a recording", Assert.Single(report.BadLines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_OnARouteThatRejectsThem_Fail()
    {
        var group = Assert.Single(Lint("OpenAI", ProtocolsGuideTests.Body("\"seed\": 7"), ChangesPolicy.Reject).Groups);

        Assert.Equal((RequestFate.Fails, "seed", FindingCause.Policy), (group.Fate, group.Field, group.Cause));
    }

    [Fact]
    public void LongInput_ProgressIsHeardOfEachLine()
    {
        var heard = new List<long>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(ProtocolsGuideTests.Body("\"seed\": 7") + "\n", 1000))));

        var report = Run("OpenAI", ChangesPolicy.Report).Read(stream, GivenRequest.Paths[0], heard.Add, default);

        Assert.Equal(Enumerable.Range(1, 1000).Select(line => (long)line), heard);
        Assert.Equal(1000, Assert.Single(report.Groups).Requests);
    }

    private static LintReport Lint(string client, string body, ChangesPolicy policy = ChangesPolicy.Report)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        var report = Run(client, policy).Read(stream, GivenRequest.Paths[client == "OpenAI" ? 0 : 1], null, default);
        Assert.Empty(report.BadLines);
        return report;
    }

    private static LintReport LintResponse(string asks)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(ProtocolsGuideTests.ResponseBody(asks)));
        var report = new LintRun("chat", new HashSet<string>(), Codec.Model(ProviderKind.OpenAi, "source") with { InResponses = true }, Codec.Model(ProviderKind.OpenAi), ChangesPolicy.Report)
            .Read(stream, "/v1/responses", null, default);
        Assert.Empty(report.BadLines);
        return report;
    }

    private static LintRun Run(string client, ChangesPolicy policy)
    {
        var kind = client == "OpenAI" ? ProviderKind.OpenAi : ProviderKind.Anthropic;
        var other = kind == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        return new LintRun("chat", new HashSet<string>(), Codec.Model(kind, "source"), Codec.Model(other), policy);
    }
}
