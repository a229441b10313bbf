using System.Text;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Tests.Control.Evaluation;

public sealed class DatasetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-dataset-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a.jsonl", "{\"id\":\"1\",\"prompt\":\"2, \\\"3\\\"\\nand 4?\",\"reference\":\"5\",\"tags\":[\"x\"]}\n\n{\"id\":2,\"prompt\":\"ü\",\"reference\":\"7\",\"tags\":[\"y\"]}")]
    [InlineData("a.csv", "id,prompt,reference,tags\r\n1,\"2, \"\"3\"\"\nand 4?\",5,x\r\n\"2\",ü,7,y\r\n")]
    [InlineData("a.tsv", "id\tprompt\treference\ttags\n1\t\"2, \"\"3\"\"\nand 4?\"\t5\tx\n2\tü\t7\ty")]
    [InlineData("a.json", "[{\"id\":\"1\",\"prompt\":\"2, \\\"3\\\"\\nand 4?\",\"reference\":\"5\",\"tags\":\"x\"},\n{\"id\":\"2\",\"prompt\":\"ü\",\"reference\":7,\"tags\":[\"y\"]}]")]
    [InlineData("a.yaml", "- id: 1\n  prompt: \"2, \\\"3\\\"\\nand 4?\"\n  reference: 5\n  tags: [x]\n- {id: 2, prompt: ü, reference: \"7\", tags: [y]}\n")]
    public async Task Read_EveryFormat_GivesTheSameRowsAndHash(string name, string text)
    {
        var (rows, problems, summary) = await ReadAsync(name, text);

        Assert.Empty(problems);
        Assert.Equal(["1", "2"], rows.Select(row => row.Id));
        Assert.Equal(["2, \"3\"\nand 4?", "ü"], rows.Select(row => Assert.Single(row.Messages).Text));
        Assert.Equal(["5", "7"], rows.Select(row => Assert.Single(row.References)));
        Assert.Equal([["x"], ["y"]], rows.Select(row => row.Tags));
        var (_, _, same) = await ReadAsync("b.jsonl", "{\"id\":\"1\",\"prompt\":\"2, \\\"3\\\"\\nand 4?\",\"reference\":\"5\"}\n{\"id\":\"2\",\"prompt\":\"ü\",\"reference\":\"7\"}\n");
        Assert.Equal(same!.Hash, summary!.Hash);
        Assert.NotEqual(same.Hash, (await ReadAsync("c.jsonl", "{\"id\":\"1\",\"prompt\":\"2, \\\"3\\\"\\nand 4?\",\"reference\":\"5\"}\n{\"id\":\"2\",\"prompt\":\"ü\",\"reference\":\"8\"}\n")).Summary!.Hash);
    }

    [Fact]
    public async Task Read_Folder_ReadsItsFilesInOrder()
    {
        await WriteAsync("sub/b.jsonl", "{\"prompt\":\"two\"}");
        await WriteAsync("a.csv", "prompt\none\n");
        await WriteAsync("notes.md", "no data");
        await WriteAsync("notes.txt", "no data");
        var (rows, problems, _) = await ReadAsync("");

        Assert.Empty(problems);
        Assert.Equal(["one", "two"], rows.Select(row => row.Messages[0].Text));
    }

    [Fact]
    public async Task Read_Text_IsOnePromptALine()
    {
        var (rows, problems, _) = await ReadAsync("a.txt", "\uFEFFTell me, \"please\".\r\n\n  {x}\nend");

        Assert.Empty(problems);
        Assert.Equal([(1, "Tell me, \"please\"."), (3, "{x}"), (4, "end")], rows.Select(static row => (row.Line, row.Messages[0].Text)));
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "b.txt"), [0x61, 0xFF, 0x0A]);
        var wrong = new DatasetProblems();
        Assert.Null(await new Dataset(Path.Combine(_folder.FullName, "b.txt"), ColumnMap.None, RowFilter.All).SummarizeAsync(wrong, default));
        Assert.Contains("it is not UTF-8. Save it as UTF-8.", Assert.Single(wrong.Kept).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_WhereNoneAreGiven_AreContentHashesAndRepeatsAreNumbered()
    {
        var (rows, _, _) = await ReadAsync("a.jsonl", "{\"prompt\":\"a\",\"reference\":\"b\"}\n{\"prompt\":\"a\",\"reference\":\"b\"}\n{\"prompt\":\"a\",\"reference\":\"c\"}\n{\"prompt\":\"a\",\"reference\":\"b\"}\n");

        Assert.Matches("^[0-9a-f]{16}$", rows[0].Id);
        Assert.Equal([rows[0].Id + "#2", rows[0].Id + "#3"], [rows[1].Id, rows[3].Id]);
        Assert.NotEqual(rows[0].Id, rows[2].Id);
        Assert.Equal([0, 1, 2, 3], rows.Select(row => row.Occurrence));
    }

    [Fact]
    public async Task Map_Columns_AreReadByNameAndByPath()
    {
        var map = ColumnMap.TryParse("prompt=question,reference=answers.0.text,cluster=page", out _)!;
        var (rows, problems, _) = await ReadAsync("a.jsonl", "{\"question\":\"q\",\"answers\":[{\"text\":\"a\"}],\"page\":7}", map);

        Assert.Empty(problems);
        Assert.Equal(("q", "a", "7"), (rows[0].Messages[0].Text, rows[0].References[0], rows[0].Cluster));
        Assert.Null(ColumnMap.TryParse("prmpt=x,reference=,id=a,id=b", out var wrong));
        Assert.Equal(["'prmpt' is no field of a row; did you mean 'prompt'?", "'reference' has no column; write reference=COLUMN.", "'id' is mapped twice; keep one."], wrong);
    }

    [Fact]
    public async Task Recorded_Requests_AreRows()
    {
        var (rows, problems, _) = await ReadAsync("a.jsonl", """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}]}],"model":"x"}
            {"path":"/v1/messages","body":{"system":"Be kind.","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"Go on"}],"max_tokens":5}}
            """);

        Assert.Empty(problems);
        Assert.Equal([new PromptMessage(ChatRole.System, "Be brief."), new PromptMessage(ChatRole.User, "Hello")], rows[0].Messages);
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User], rows[1].Messages.Select(message => message.Role));
    }

    /// <summary>Each file and the sentence that must answer it, with its line.</summary>
    [Theory]
    [InlineData("a.jsonl", "{\"prompt\":\"a\"}\n{oops", "a.jsonl:2: it is not JSON from its byte 2 on; write one whole JSON object a line.")]
    [InlineData("a.jsonl", "{\"question\":\"a\",\"answer\":\"b\"}", "a.jsonl:1: the row has no prompt and no messages; its columns are question, answer. Write --map prompt=question,")]
    [InlineData("a.jsonl", "[1]", "a.jsonl:1: the row is no object;")]
    [InlineData("a.jsonl", "{\"id\":\"a\",\"prompt\":\"a\"}\n{\"id\":\"a\",\"prompt\":\"b\"}", "a.jsonl:2: the id 'a' stands at an earlier row too.")]
    [InlineData("a.jsonl", "{\"prompt\":\"a\",\"references\":[]}", "a.jsonl:1: references is no array with texts in it;")]
    [InlineData("a.jsonl", "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "a.jsonl:1: a message of role 'tool'")]
    [InlineData("a.jsonl", "{\"tools\":[{}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "a.jsonl:1: it has tools, which an evaluation does not send;")]
    [InlineData("a.jsonl", "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}]}", "a.jsonl:1: its last message is not the user's")]
    [InlineData("a.jsonl", "{\"prompt\":\"a\",\"cluster\":\"c\"}\n{\"prompt\":\"b\"}", "a.jsonl: 1 of its 2 rows name no cluster and the others do.")]
    [InlineData("a.jsonl", "{\"prompt\":\"\\ud800\"}", "a.jsonl:1: a text in it is not Unicode")]
    [InlineData("a.csv", "prompt,reference\na,b\nc\n", "a.csv:3: it has 1 cells and the header has 2;")]
    [InlineData("a.csv", "prompt\n\"a", "a.csv:2: a cell's quotes are not closed before the file ends;")]
    [InlineData("a.csv", "prompt\n\"a\"b\n", "a.csv:2: a cell goes on after its closing quote;")]
    [InlineData("a.csv", "prompt;reference\na;b\n", "a.csv:1: its cells are parted by semicolons; save it with commas.")]
    [InlineData("a.csv", "prompt,prompt\na,b\n", "a.csv:1: the header has 'prompt' twice; rename one.")]
    [InlineData("a.json", "{\"prompt\":\"a\"}", "a.json:1: it is not one JSON array of objects;")]
    [InlineData("a.json", "[{\"prompt\":\"a\"},\n{", "a.json:2: it is not one JSON array of objects;")]
    [InlineData("a.yaml", "- prompt: *a\n", "a.yaml:1: it is not YAML that is read here")]
    [InlineData("a.doc", "x", "a.doc: its name does not say what it is. Let it end in .jsonl, .ndjson, .csv, .tsv, .yaml, .yml or .json, or in .txt with one prompt a line.")]
    [InlineData("a.txt", "\n \n", "a.txt: it has no rows.")]
    [InlineData("a.jsonl", "", "a.jsonl: it has no rows.")]
    public async Task Wrong_Data_IsNamedWithItsPlaceAndRemedy(string name, string text, string sentence)
    {
        var (_, problems, summary) = await ReadAsync(name, text);

        Assert.Null(summary);
        Assert.Contains(problems, problem => problem.Replace(_folder.FullName + "/", "", StringComparison.Ordinal).StartsWith(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_RowsOfMany_AreCountedAndTheFirstOnesNamed()
    {
        var path = await WriteAsync("a.jsonl", string.Concat(Enumerable.Repeat("{\"x\":1}\n", 100)));
        var problems = new DatasetProblems();

        Assert.Null(await new Dataset(path, ColumnMap.None, RowFilter.All).SummarizeAsync(problems, default));
        Assert.Equal((100L, DatasetProblems.MostKept), (problems.Count, problems.Kept.Count));
    }

    [Fact]
    public async Task Filter_ThatMatchesNothing_IsRefused()
    {
        var filter = RowFilter.TryCreate(["tag=hard"], out _)!;
        var (_, problems, summary) = await ReadAsync("a.jsonl", "{\"prompt\":\"a\",\"tags\":[\"easy\"]}\n{\"prompt\":\"b\"}", filter: filter);

        Assert.Null(summary);
        Assert.Contains("none of its 2 rows matches the filter tag=hard; an evaluation of nothing says nothing.", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_ThatChangesBetweenReadings_IsNoticed()
    {
        var path = await WriteAsync("a.jsonl", "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n");
        var dataset = new Dataset(path, ColumnMap.None, RowFilter.All);
        var summary = await dataset.SummarizeAsync(new DatasetProblems(), default);
        await WriteAsync("a.jsonl", "{\"prompt\":\"a\"}\n{\"prompt\":\"c\"}\n");
        var problems = new DatasetProblems();
        await foreach (var _ in dataset.ReadAsync(problems, summary!.Hash, default))
        {
        }

        Assert.Contains("not what it was", Assert.Single(problems.Kept).Message, StringComparison.Ordinal);
    }

    /// <summary>Any texts come back from CSV as they went in, whatever separators, quotes and line ends they hold.</summary>
    [Fact]
    public async Task Csv_AnyCells_ComeBack()
    {
        var random = new Random(11);
        const string Letters = "a,\"\n;\té 0";
        for (var round = 0; round < 200; round++)
        {
            var cells = Enumerable.Range(0, 3).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Letters[random.Next(Letters.Length)])) + "x").ToList();
            var text = "prompt,reference,cluster\n" + string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
            var (rows, problems, _) = await ReadAsync("a.csv", text);

            Assert.Empty(problems);
            Assert.Equal(cells, [rows[0].Messages[0].Text, rows[0].References[0], rows[0].Cluster!]);
        }
    }

    /// <summary>The memory that stays with a reader of many rows is what it knows of their ids: 16 bytes a row and no text.</summary>
    private async Task<(List<DatasetRow> Rows, List<string> Problems, DatasetSummary? Summary)> ReadAsync(string name, string? text = null, ColumnMap? map = null, RowFilter? filter = null)
    {
        var path = text is null ? Path.Combine(_folder.FullName, name) : await WriteAsync(name, text);
        var (dataset, problems, rows) = (new Dataset(path, map ?? ColumnMap.None, filter ?? RowFilter.All), new DatasetProblems(), new List<DatasetRow>());
        var summary = await dataset.SummarizeAsync(problems, default);
        await foreach (var row in dataset.ReadAsync(new DatasetProblems(), hash: null, default))
        {
            rows.Add(row);
        }

        return (rows, [.. problems.Kept.Select(problem => problem.ToString())], summary);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }
}
