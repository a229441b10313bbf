using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace ModelMigrate.Tests.Core.Configuration;

/// <summary>The table of broken configurations in <c>bad-configurations.yaml</c>, and those that cannot stand in a text file.</summary>
public sealed class BadConfigurationTests
{
    public static TheoryData<string> Names => [.. Cases().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_BrokenConfiguration_SaysExactlyWhatIsWrong(string name)
    {
        var (_, text, expected) = Cases().Single(c => c.Name == name);

        var result = Samples.Read(text);

        Assert.Null(result.Config);
        Assert.Equal(expected, result.Problems.Select(Line));
    }

    [Fact]
    public void Names_Table_HasEveryCaseOnce()
    {
        Assert.True(Names.Count >= 30);
        Assert.Equal(Names.Count, Cases().Select(c => c.Name).Distinct().Count());
    }

    [Fact]
    public void Read_NotUtf8_SaysWhere()
    {
        byte[] bytes = [.. "providers:\n  openai: \""u8, 0xC3, 0x28, .. "\"\n"u8];

        AssertOne(ConfigReader.Read(bytes, "f.yaml", Samples.Environment), "2 error file-encoding: The bytes here are not UTF-8. -> Save the file as UTF-8.");
    }

    [Fact]
    public void Read_Utf16_SaysSo() => AssertOne(
        ConfigReader.Read([0xFF, 0xFE, (byte)'a', 0], "f.yaml", Samples.Environment),
        "1 error file-encoding: The file is written in UTF-16. -> Save it as UTF-8.");

    [Fact]
    public void Read_LargerThanOneMebibyte_Refused()
    {
        const string Expected = "1 error file-too-large: The file is larger than 1 MiB. -> A configuration is a few kilobytes; name the right file.";

        AssertOne(Samples.Read("#" + new string('x', 1024 * 1024)), Expected);
        AssertOne(ConfigReader.Read(new byte[(1024 * 1024) + 1], "f.yaml", Samples.Environment), Expected);
    }

    [Theory]
    [InlineData("routes:\n  chat: \0m", "2 error file-character: The character U+0000 may not stand here. -> Remove it; lines end with a line feed.")]
    [InlineData("routes:\r  chat: m", "1 error file-character: The character U+000D may not stand here. -> Remove it; lines end with a line feed.")]
    [InlineData("# a\u2028b", "1 error file-character: The character U+2028 may not stand here. -> Remove it; lines end with a line feed.")]
    public void Read_InvisibleCharacter_SaysWhere(string text, string expected) => AssertOne(Samples.Read(text), expected);

    // An attribute cannot carry half a surrogate pair.
    [Fact]
    public void Read_HalfASurrogatePair_SaysWhere() =>
        AssertOne(Samples.Read("# a\ud800"), "1 error file-character: The character U+D800 may not stand here. -> Remove it; lines end with a line feed.");

    [Fact]
    public void Read_Problems_NeverShowASecret()
    {
        var problems = Samples.Read("""
            providers:
              openai: { apiKey: sk-live-abc, baseUrl: "https://user:pass-word@host/v1?x=1" }
            models: { m: openai }
            routes: { chat: m }
            admin: { token: sk-live-abc }
            clientKeys: [{ name: a, sha256: sk-live-abc }]
            telemetry: { otlp: "${SECRET_URL}" }
            """).Problems;

        Assert.Equal(5, problems.Count);
        Assert.All(problems, problem => Assert.DoesNotMatch("sk-live|pass-word|value-of", problem.ToString()));
    }

    private static void AssertOne(ConfigResult result, string expected)
    {
        Assert.Null(result.Config);
        Assert.Equal(expected, Line(Assert.Single(result.Problems)));
    }

    private static string Line(ConfigProblem p) =>
        $"{p.Line} {(p.Severity == ConfigSeverity.Error ? "error" : "warning")} {p.Code}: {p.Message} -> {p.Remedy}";

    private static IEnumerable<(string Name, string Text, List<string> Problems)> Cases()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(Source.Root, "test/ModelMigrate.Tests/Core/Configuration/bad-configurations.yaml"));
        yaml.Load(file);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode).Select(node => (
            node["name"].ToString(), node["text"].ToString(), ((YamlSequenceNode)node["problems"]).Select(p => p.ToString()).ToList()));
    }
}
