using ModelMigrate.Output;
using ModelMigrate.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace ModelMigrate.Tests.App.Suites;

/// <summary>The table of broken files in <c>bad-suites.yaml</c>: each exits with 2 and says exactly what is wrong, all at once.</summary>
public sealed class BadSuiteTests
{
    public static TheoryData<string> Names => [.. Cases().Select(static each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunSuite_BrokenFile_SaysExactlyWhatIsWrong(string name)
    {
        var (_, text, expected) = Cases().Single(each => each.Name == name);
        await using var rig = await SuiteRig.StartAsync();

        var run = await rig.RunAsync(text, $"--model {rig.Arm}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Equal(string.Join('\n', expected), string.Join('\n', run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line)));
        Assert.Equal(0, rig.Model.Stats.Started);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public void Names_Table_HasEveryCaseOnce() => Assert.Equal(Names.Count, Cases().Select(static each => each.Name).Distinct(StringComparer.Ordinal).Count());

    /// <summary>Without the file's name and the column.</summary>
    private static string Line(string said) => said.Split(':', 4) is ["suites.yaml", var line, _, var rest] ? line + rest : said;

    private static IEnumerable<(string Name, string Text, List<string> Problems)> Cases()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(Source.Root, "test/ModelMigrate.Tests/App/Suites/bad-suites.yaml"));
        yaml.Load(file);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode).Select(static node => (
            node["name"].ToString(), node["text"].ToString(), ((YamlSequenceNode)node["problems"]).Select(static problem => problem.ToString()).ToList()));
    }
}
