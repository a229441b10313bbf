using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Tests in the sheets of .xlsx files.</summary>
public sealed class PromptfooSheetTests
{
    private static readonly byte[] s_book = Book(
        ("First", [["q", "n", "__expected", "__description"], ["one", 3.5, "contains: on", "first row"], [null, null, null, ""], ["zwei & <drei>", true, "", null]]),
        ("Second", [["q", "__expected"], ["other", "equals: other"]]));

    /// <summary>As a table of the same cells: empty rows are none, numbers and truth values are as JavaScript writes them, and a row is placed by its number.</summary>
    [Theory]
    [InlineData("t.xlsx", "one/3.5/first row/contains | zwei & <drei>/true//")]
    [InlineData("file://t.xlsx#First", "one/3.5/first row/contains | zwei & <drei>/true//")]
    [InlineData("file://t.xlsx#2", "other///equals")]
    [InlineData("file://t.xlsx#Second", "other///equals")]
    public void Read_ASheet_IsATestARow(string reference, string expected)
    {
        var (config, problems) = Read($"tests: ['{reference}']", s_book);
        Assert.True(config is not null, string.Join('\n', problems));
        Assert.Equal(expected, string.Join(" | ", config.Tests.Select(static test =>
            $"{Var(test, "q")}/{Var(test, "n")}/{test.Description}/{string.Join(',', test.Asserts.Select(static each => each.Type))}")));
    }

    [Fact]
    public void Read_AMistakeInASheet_IsToldByItsRow()
    {
        var (config, problems) = Read("tests: [t.xlsx]", Book(("S", [["q", "__expected"], [null, null], ["a", "contians: a"]])));
        Assert.Null(config);
        Assert.StartsWith("t.xlsx:3:1: error unknown-assertion", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.xlsx#Third", "p.yaml:3:8: error no-sheet: The file has no sheet 'Third'. Write one of #First, #Second behind its name")]
    [InlineData("t.xlsx#3", "p.yaml:3:8: error no-sheet")]
    [InlineData("words.xlsx", "p.yaml:3:8: error not-a-sheet: The file cannot be read as .xlsx: ")]
    [InlineData("cut.xlsx", "p.yaml:3:8: error not-a-sheet: The file cannot be read as .xlsx: ")]
    [InlineData("none.xlsx", "p.yaml:3:8: error file-missing")]
    public void Read_WhatIsNoSheet_IsRefused(string reference, string says)
    {
        var (config, problems) = Read($"tests: '{reference}'", s_book);
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(says, StringComparison.Ordinal));
    }

    private static string Var(PromptfooTest test, string name) => test.Vars.TryGetValue(name, out var value) ? TemplateText.Of(value) : "";

    private static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string tests, byte[] book) => PromptfooReader.Read(
        "p.yaml",
        name => name switch
        {
            "p.yaml" => new MemoryStream(Encoding.UTF8.GetBytes($"prompts: ['{{{{q}}}}']\nproviders: [echo]\n{tests}\n")),
            "t.xlsx" => new MemoryStream(book),
            "words.xlsx" => new MemoryStream("q,n\n1,2\n"u8.ToArray()),
            "cut.xlsx" => new MemoryStream(book[..(book.Length / 2)]),
            _ => null,
        },
        static _ => null, PromptfooMode.Compat);

    /// <summary>The least that a spreadsheet is (ECMA-376, part 1).</summary>
    private static byte[] Book(params (string Name, object?[][] Rows)[] sheets)
    {
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", Package = "http://schemas.openxmlformats.org/package/2006", Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{Each(sheets, static (i, _) => $"<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")}</Types>""");
            Write(zip, "_rels/.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Write(zip, "xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>{Each(sheets, static (i, sheet) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>")}</sheets></workbook>""");
            Write(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}/relationships">{Each(sheets, static (i, _) => $"<Relationship Id=\"rId{i}\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>")}</Relationships>""");
            foreach (var (at, (_, rows)) in sheets.Index())
            {
                Write(zip, $"xl/worksheets/sheet{at + 1}.xml", $"""<worksheet xmlns="{Main}"><sheetData>{string.Concat(rows.Index().Select(static row => $"<row r=\"{row.Index + 1}\">{string.Concat(row.Item.Index().Select(cell => Cell(cell.Item, $"{(char)('A' + cell.Index)}{row.Index + 1}")))}</row>"))}</sheetData></worksheet>""");
            }
        }

        return file.ToArray();
    }

    private static string Each((string Name, object?[][] Rows)[] sheets, Func<int, (string Name, object?[][] Rows), string> write) => string.Concat(sheets.Index().Select(each => write(each.Index + 1, each.Item)));

    private static string Cell(object? value, string at) => value switch
    {
        null => "",
        bool flag => $"<c r=\"{at}\" t=\"b\"><v>{(flag ? 1 : 0)}</v></c>",
        double number => $"<c r=\"{at}\"><v>{number.ToString(CultureInfo.InvariantCulture)}</v></c>",
        _ => $"<c r=\"{at}\" t=\"inlineStr\"><is><t>{SecurityElement.Escape((string)value)}</t></is></c>",
    };

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }
}
