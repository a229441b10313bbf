using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Gateway.Translation;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;
using Responses = ModelMigrate.Gateway.Ingress.OpenAi.Responses;

namespace ModelMigrate.Tests.Docs;

/// <summary>Runs every row of the protocols page, and looks that no field is missing on it.</summary>
public sealed class ProtocolsGuideTests
{
    private static readonly string s_page = Source.Text("docs/guide/protocols.md");

    public static IEnumerable<object[]> Rows => Requests("OpenAI client, Anthropic model").Concat(Requests("Anthropic client, OpenAI model"));

    /// <summary>Client, what it asks, and the field that stops it.</summary>
    internal static IEnumerable<string[]> UntranslatableRows => Cells("What cannot be asked of a model of the other protocol");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Request_EveryRow_IsAskedAndReportedAsItSays(string client, string asks, string asked, string reported)
    {
        var kind = KindOf(client);
        var other = kind == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        var changes = new ChangeList();

        var sent = JsonNode.Parse(Codec.Write(Codec.Model(other), Codec.Read(kind, Body(asks)), changes))!.AsObject();

        Assert.Equal(reported, changes.ToString());
        foreach (var (name, value) in JsonNode.Parse($"{{{asked}}}")!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
        }

        Assert.Null(Codec.Scan(kind, Body(asks))!.Untranslatable);
    }

    [Fact]
    public void Untranslatable_EveryRow_NamesItsField() => Assert.All(
        UntranslatableRows,
        row =>
        {
            var kind = KindOf(row[0]);
            Assert.Equal(row[2], Codec.Scan(kind, Body(row[1]))!.ObstacleAt(Codec.Model(kind == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi)));
        });

    public static IEnumerable<object[]> ResponseRows => Cells("Responses client, chat model").Select(row => new object[] { row[0], row[1], row[2] });

    [Theory]
    [MemberData(nameof(ResponseRows))]
    public void Response_EveryRow_IsAskedAndReportedAsItSays(string asks, string asked, string reported)
    {
        var changes = new ChangeList();
        var body = Encoding.UTF8.GetBytes(ResponseBody(asks));
        Assert.True(Responses.ResponseTranslator.TryTranslate(body, out var request, out _));

        var sent = JsonNode.Parse(Codec.Write(Codec.Model(ProviderKind.OpenAi), request, changes))!.AsObject();

        Assert.Equal(reported, changes.ToString());
        foreach (var (name, value) in JsonNode.Parse($"{{{asked}}}")!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
        }

        Assert.Null(Scanned(asks));
    }

    public static IEnumerable<object[]> ResponsesModelRows => Cells("Chat client, responses model").Select(row => new object[] { row[0], row[1], row[2], row[3] });

    [Theory]
    [MemberData(nameof(ResponsesModelRows))]
    public void ResponsesModel_EveryRow_IsAskedAndReportedAsItSays(string client, string asks, string asked, string reported)
    {
        var changes = new ChangeList();

        var sent = JsonNode.Parse(Codec.Write(Codec.Model(ProviderKind.OpenAi, "chat") with { InResponses = true }, Codec.Read(KindOf(client), Body(asks)), changes))!.AsObject();

        Assert.Equal(reported, changes.ToString());
        foreach (var (name, value) in JsonNode.Parse($"{{{asked}}}")!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
        }

        Assert.Null(Codec.Scan(KindOf(client), Body(asks))!.Untranslatable);
    }

    internal static IEnumerable<string[]> UntranslatableResponseRows => Cells("What of responses cannot be asked in a chat");

    [Fact]
    public void Response_EveryUntranslatableRow_NamesItsField() =>
        Assert.All(UntranslatableResponseRows, row => Assert.Equal(row[1], Scanned(row[0])));

    [Fact]
    public void Response_FieldsOfTheRules_AllStandOnThePage() => Assert.DoesNotContain(
        Responses.ResponseRules.Carried.Concat(Responses.ResponseRules.OfChat).Concat(Responses.ResponseRules.Dropped),
        field => !Cells("Responses client, chat model").Exists(row => row[0].Contains($"\"{field}\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Anthropic")]
    public void Fields_OfTheRules_AllStandOnThePage(string client)
    {
        string[] known = client == "OpenAI"
            ? [.. Chat.Translating.FieldRules.Carried, .. Chat.Translating.FieldRules.Dropped]
            : [.. Messages.Translating.FieldRules.Carried, .. Messages.Translating.FieldRules.Dropped];
        var rows = string.Concat(Cells(client == "OpenAI" ? "OpenAI client, Anthropic model" : "Anthropic client, OpenAI model").Select(row => row[0]));

        Assert.DoesNotContain(known, field => !rows.Contains($"\"{field}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Model_Words_AllStandOnThePage() =>
        Assert.DoesNotContain(Abilities.Translated.Concat(Abilities.Rejectable), word => !s_page.Contains(word, StringComparison.Ordinal));

    private static IEnumerable<object[]> Requests(string heading) =>
        Cells(heading).Select(row => new object[] { heading.Split(' ')[0], row[0] == "no limit" ? "" : row[0], row[1], row[2] });

    /// <summary>The rows of the first table under a heading, without their quotes.</summary>
    private static List<string[]> Cells(string heading) =>
    [
        .. s_page.Split($"## {heading}\n")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
    ];

    private static ProviderKind KindOf(string client) => client == "OpenAI" ? ProviderKind.OpenAi : ProviderKind.Anthropic;

    private static string? Scanned(string asks)
    {
        Assert.True(Responses.ResponseReader.TryRead(Encoding.UTF8.GetBytes(ResponseBody(asks)), out var body, out var problem), problem.Message);
        return body.Untranslatable;
    }

    internal static string ResponseBody(string fields)
    {
        var body = JsonNode.Parse($"{{{fields}}}")!.AsObject();
        body["model"] = "chat";
        body["input"] ??= "Hello";
        return body.ToJsonString();
    }

    /// <summary>A request with these fields; the protocol's least ones where they are not among them.</summary>
    internal static string Body(string fields)
    {
        var body = JsonNode.Parse($"{{{fields}}}")!.AsObject();
        body["model"] = "chat";
        body["messages"] ??= new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" });
        return body.ToJsonString();
    }
}
