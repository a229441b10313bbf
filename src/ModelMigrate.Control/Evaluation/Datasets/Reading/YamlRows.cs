using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>The items of one YAML list, or of several documents, read as they come. Plain <c>true</c>, <c>null</c> and numbers are what they look like, all else is text.</summary>
internal static partial class YamlRows
{
    private const int MaxDepth = 32;

    public static async IAsyncEnumerable<RawRow> ReadAsync(string file, Stream stream, DatasetProblems problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var text = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var parser = new Parser(text);
        // The parser reads without waiting; the caller's thread is given back between rows.
        await Task.Yield();
        while (Next(file, parser, problems) is { } row)
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static RawRow? Next(string file, Parser parser, DatasetProblems problems)
    {
        try
        {
            while (true)
            {
                switch (parser.Current)
                {
                    case null when !parser.MoveNext():
                    case StreamEnd:
                        return null;
                    case null or StreamStart or DocumentStart or DocumentEnd or SequenceEnd or SequenceStart:
                        parser.MoveNext();
                        break;
                    default:
                        return Row(file, parser);
                }
            }
        }
        catch (YamlException broken)
        {
            problems.Add(file, broken.Start.Line, $"it is not YAML that is read here: {broken.Message.TrimEnd('.')}. Write a list of rows, each '- prompt: …' with its other columns indented under it.");
            return null;
        }
    }

    private static RawRow Row(string file, Parser parser)
    {
        var line = parser.Current!.Start.Line;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(parser, json, depth: 0);
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return new RawRow(file, line, document.RootElement.Clone());
    }

    private static void Write(Parser parser, Utf8JsonWriter json, int depth)
    {
        var current = parser.Current!;
        if (depth > MaxDepth)
        {
            throw new YamlException(current.Start, current.End, string.Create(CultureInfo.InvariantCulture, $"nested deeper than {MaxDepth} levels"));
        }

        switch (current)
        {
            case AnchorAlias:
                throw new YamlException(current.Start, current.End, "an alias (*); write the value out");
            case Scalar scalar:
                Write(scalar, json);
                parser.MoveNext();
                return;
            case SequenceStart:
                json.WriteStartArray();
                for (parser.MoveNext(); parser.Current is not SequenceEnd;)
                {
                    Write(parser, json, depth + 1);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                for (parser.MoveNext(); parser.Current is not MappingEnd;)
                {
                    if (parser.Current is not Scalar name)
                    {
                        throw new YamlException(parser.Current!.Start, parser.Current.End, "a key that is no name");
                    }

                    json.WritePropertyName(name.Value);
                    parser.MoveNext();
                    Write(parser, json, depth + 1);
                }

                json.WriteEndObject();
                break;
        }

        parser.MoveNext();
    }

    private static void Write(Scalar scalar, Utf8JsonWriter json)
    {
        switch (scalar.Value)
        {
            case "" or "~" or "null" when scalar.Style == ScalarStyle.Plain:
                json.WriteNullValue();
                break;
            case "true" or "false" when scalar.Style == ScalarStyle.Plain:
                json.WriteBooleanValue(scalar.Value == "true");
                break;
            case var number when scalar.Style == ScalarStyle.Plain && Number().IsMatch(number):
                json.WriteRawValue(number);
                break;
            case var text:
                json.WriteStringValue(text);
                break;
        }
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
