using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads the rows of one sheet of an .xlsx file as texts, row by row. The place of a row is its number in the sheet.</summary>
internal static class SheetRows
{
    /// <summary>Larger ones are better kept as .csv.</summary>
    private const long MostBytes = 64L << 20;

    /// <param name="book">The file; the caller's.</param>
    /// <param name="sheet">The sheet's name or number from 1; empty for the first.</param>
    /// <param name="from">Where the file is named, for what is wrong with it as a whole.</param>
    /// <param name="at">The place there.</param>
    public static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Read(Stream book, string sheet, SourceFile from, YamlNode at)
    {
        using var reader = Open(book, sheet, from, at);
        for (var line = 1; reader is not null && Next(reader, from, at); line++)
        {
            List<string> cells = [.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))];
            if (cells.Exists(static cell => cell.AsSpan().Trim().Length > 0))
            {
                yield return (line, cells);
            }
        }
    }

    /// <summary>A reader that stands before the sheet's first row; null after the reason was added.</summary>
    private static IExcelDataReader? Open(Stream book, string sheet, SourceFile from, YamlNode at)
    {
        if (book.Length > MostBytes)
        {
            from.Refuse(at, "file-size", $"The sheet is in a file larger than {MostBytes >> 20} MB.", "Save it as .csv, which is read row by row.");
            return null;
        }

        // The library asks for the encoding of old files, also where it reads none; to add these encodings again is nothing.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var names = new List<string>();
        IExcelDataReader? reader = null;
        try
        {
            reader = ExcelReaderFactory.CreateOpenXmlReader(book);
            do
            {
                names.Add(reader.Name);
                if (sheet.Length == 0 || reader.Name == sheet || (int.TryParse(sheet, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && names.Count == number))
                {
                    return reader;
                }
            }
            while (reader.NextResult());
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            Broken(from, at, broken);
            reader?.Dispose();
            return null;
        }

        reader.Dispose();
        from.Refuse(at, "no-sheet", $"The file has no sheet '{MapReader.Shown(sheet)}'.", $"Write one of {string.Join(", ", names.Take(20).Select(static name => $"#{name}"))} behind its name, or nothing for the first.");
        return null;
    }

    private static bool Next(IExcelDataReader reader, SourceFile from, YamlNode at)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            Broken(from, at, broken);
            return false;
        }
    }

    private static bool IsBroken(Exception broken) => broken is ExcelReaderException or InvalidDataException or IOException or System.Xml.XmlException or NotSupportedException or ArgumentException or FormatException or InvalidOperationException;

    private static void Broken(SourceFile from, YamlNode at, Exception broken) => from.Refuse(at, "not-a-sheet", $"The file cannot be read as .xlsx: {broken.Message.TrimEnd('.')}.", "Save it anew as .xlsx without a password, or as .csv.");

    /// <summary>Numbers as JavaScript writes them, dates as ISO 8601.</summary>
    private static string Text(object? cell) => cell switch
    {
        null => "",
        DateTime date => date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        int number => ScriptValue.Text((double)number),
        bool or double or string => ScriptValue.Text(cell),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };
}
