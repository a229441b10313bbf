namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>
/// The other gateway's whole list of samples (golden-files.txt): each is here under the paths behind its name, or left out for one of a few reasons.
/// </summary>
public sealed class GoldenFilesTests
{
    /// <summary>Why a file may be left out, and what the names of such files hold.</summary>
    private static readonly Dictionary<string, (string[] Names, string Why)> s_reasons = new()
    {
        ["detect"] = (["-detect.", "-detect-"], "what the other gateway reads of an answer that it does not translate; the answer itself is here and passes as it is."),
        ["get-messages"] = ([".get-messages-"], "the texts that the other gateway shows its filters: no protocol. The request itself is here, or is left out for a reason of its own."),
        ["gemini-client"] = (["requests/gemini/", ".gemini-native."], "a client of Gemini's own protocol; Gemini is a provider here, and clients are those of OpenAI and Anthropic."),
        ["vertex"] = ([".vertex."], "Anthropic's models and embeddings at Google's Vertex, for which there is no adapter; Gemini is asked at its own address."),
        ["bedrock-embeddings"] = ([".bedrock-cohere."], "embeddings of Cohere's at Bedrock; the adapter speaks Converse only."),
        ["bedrock-count-tokens"] = (["count-tokens/with_system.bedrock."], "Bedrock's own count of tokens; the adapter speaks Converse only."),
        ["rerank"] = (["/rerank."], "an endpoint that the gateway does not have."),
    };

    private static readonly (string Name, string[] Where)[] s_files =
        [.. File.ReadLines(PathOf("Gateway/Translation/golden-files.txt")).Select(line => line.Split(' ')).Select(words => (words[0], words[1..]))];

    [Fact]
    public void List_EveryFile_IsHereOrLeftOutForAReason()
    {
        Assert.Equal((201, 201), (s_files.Length, s_files.Select(file => file.Name).Distinct().Count()));
        Assert.All(s_files, file =>
        {
            Assert.NotEmpty(file.Where);
            if (file.Where[0].StartsWith('-'))
            {
                Assert.Contains(s_reasons[Assert.Single(file.Where)[1..]].Names, part => file.Name.Contains(part, StringComparison.Ordinal));
            }
            else
            {
                Assert.All(file.Where, path => Assert.True(File.Exists(PathOf(path)), path));
            }
        });
    }

    [Fact]
    public void Reasons_Each_IsUsed() =>
        Assert.Equal(s_reasons.Keys.Order(StringComparer.Ordinal), s_files.Select(file => file.Where[0]).Where(word => word.StartsWith('-')).Select(word => word[1..]).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Nothing stands among the samples that is not on the list.</summary>
    [Fact]
    public void Folders_EveryFile_IsOnTheList()
    {
        var listed = s_files.SelectMany(file => file.Where).ToHashSet(StringComparer.Ordinal);
        var here = new[] { "Gateway/Translation/Goldens", "Providers/Goldens" }.SelectMany(folder => Directory.EnumerateDirectories(PathOf(folder)))
            .SelectMany(Directory.EnumerateFiles).Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file).Replace('\\', '/'));

        Assert.DoesNotContain(here, file => !listed.Contains(file));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
