using System.Text.Unicode;
using ModelMigrate.Control.Evaluation.Importing.Reading;

namespace ModelMigrate.Control.Evaluation.Importing;

/// <summary>Reads results of other evaluation tools. What a file is, its content says, not its name.</summary>
public static class ResultImporter
{
    public const string Readable =
        "Readable are results of promptfoo (-o results.json or .jsonl), lm-evaluation-harness (results_*.json, samples_*.jsonl), inspect_ai (a log as JSON), deepeval (a test run) and JUnit XML.";

    /// <summary>Above as many bytes a file is not read.</summary>
    private const long MostBytes = 1L << 30;

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The evaluation; or null and what is wrong with the file, with what to do. Sentences without the file's name.</summary>
    public static ImportedEvaluation? TryRead(string path, out string wrong)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
            {
                wrong = "It has more than 1 GB. Leave texts of prompts out when the tool writes it, or divide it.";
                return null;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            wrong = Directory.Exists(path) ? "It is a folder. Name a file in it." : $"It cannot be read: {unreadable.Message} Name a file that is there.";
            return null;
        }

        var content = bytes.AsMemory(bytes.AsSpan().StartsWith(Mark) ? Mark.Length : 0);
        var trimmed = content.Span.TrimStart(" \t\r\n"u8);
        wrong = trimmed.IsEmpty ? "It is empty: the tool did not finish. Run it again."
            : trimmed.StartsWith("PK"u8) ? "It is a zip, as inspect_ai writes .eval logs. Write it as JSON first: inspect log convert FILE --to json --output-dir DIR."
            : "";
        return wrong.Length > 0 ? null
            : trimmed[0] == '<' ? JUnitReader.TryRead(content, path, out wrong)
            : !Utf8.IsValid(content.Span) ? NoText(out wrong)
            : trimmed[0] == '{' ? OfJson(content, path, out wrong)
            : Unknown(out wrong);
    }

    private static ImportedEvaluation? OfJson(ReadOnlyMemory<byte> content, string path, out string wrong)
    {
        if (!LooseJson.TryParse(content, out var document, out var broken))
        {
            // Several objects below one another are no JSON text, but lines of it.
            return content.Span.TrimEnd("\r\n "u8).Contains((byte)'\n') ? OfLines(content, path, broken, out wrong) : Broken(broken, out wrong);
        }

        using (document)
        {
            var root = document.RootElement;
            return PromptfooReader.Knows(root) ? PromptfooReader.TryRead(root, path, out wrong)
                : PromptfooReader.KnowsRow(root) ? PromptfooReader.TryReadRows([root], path, out wrong)
                : LmEvalSamplesReader.KnowsRow(root) ? LmEvalSamplesReader.TryRead([root], path, out wrong)
                : InspectReader.Knows(root) ? InspectReader.TryRead(root, path, out wrong)
                : LmEvalResultsReader.Knows(root) ? LmEvalResultsReader.TryRead(root, path, out wrong)
                : DeepevalReader.Knows(root) ? DeepevalReader.TryRead(root, path, out wrong)
                : root.TryGetProperty("format_version", out _) && root.TryGetProperty("dataset", out _) ? Own(out wrong)
                : Unknown(out wrong);
        }
    }

    private static ImportedEvaluation? OfLines(ReadOnlyMemory<byte> content, string path, string whole, out string wrong)
    {
        using var lines = JsonLines.TryRead(content, out wrong);
        if (lines is null)
        {
            // A first line that is no object of its own: one broken text and not lines.
            wrong = wrong.Length == 0 ? $"It is no JSON: {whole} Write it again." : wrong;
            return null;
        }

        return PromptfooReader.KnowsRow(lines.Rows[0]) ? PromptfooReader.TryReadRows(lines.Rows, path, out wrong)
            : LmEvalSamplesReader.KnowsRow(lines.Rows[0]) ? LmEvalSamplesReader.TryRead(lines.Rows, path, out wrong)
            : Unknown(out wrong);
    }

    private static ImportedEvaluation? Broken(string why, out string wrong)
    {
        wrong = $"It is no JSON: {why} Write it again.";
        return null;
    }

    private static ImportedEvaluation? NoText(out string wrong)
    {
        wrong = "It is no UTF-8 text, as when a shell wrote it in an encoding of its own. Let the tool write it: -o results.json.";
        return null;
    }

    private static ImportedEvaluation? Own(out string wrong)
    {
        wrong = "It is a result of evaluate or compare. Hold it against another with check-regression.";
        return null;
    }

    private static ImportedEvaluation? Unknown(out string wrong)
    {
        wrong = $"It is no result that this program knows. {Readable}";
        return null;
    }
}
