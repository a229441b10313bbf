using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>JUnit XML: a failed test is 0, one that passed 1; an error and a test that was skipped have no score.</summary>
internal static class JUnitReader
{
    private const string Pass = "pass";

    // No entity of a file may be read from elsewhere, nor grow without bound.
    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static ImportedEvaluation? TryRead(ReadOnlyMemory<byte> content, string path, out string wrong)
    {
        XElement root;
        try
        {
            using var stream = MemoryMarshal.TryGetArray(content, out var bytes) ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false) : new MemoryStream(content.ToArray());
            using var reader = XmlReader.Create(stream, s_settings);
            root = XElement.Load(reader);
        }
        catch (XmlException broken)
        {
            wrong = content.Span.IndexOf("<!DOCTYPE"u8) >= 0 ? "It has a document type, and such XML is not read: what it names could be anywhere. Remove <!DOCTYPE …>." : $"It is no XML that can be read: {broken.Message} Write it again.";
            return null;
        }

        var tests = root.DescendantsAndSelf().Where(static each => each.Name.LocalName == "testcase").ToList();
        wrong = root.Name.LocalName is not ("testsuites" or "testsuite") ? $"It is XML, but no JUnit: its root is {root.Name.LocalName}. {ResultImporter.Readable}"
            : tests.Count == 0 ? "It has no test cases. Run it again with some."
            : "";
        var name = Path.GetFileNameWithoutExtension(path);
        return wrong.Length > 0 ? null : new ImportedEvaluation
        {
            Tool = "junit",
            File = Path.GetFileName(path),
            CasesRemedy = "Write the test cases into the file.",
            Notes = [.. tests.Exists(static test => Attribute(test, "classname").StartsWith('[')) ? ["promptfoo writes the provider into the names of its JUnit cases, so that those of two providers are never the same; give its results.json."] : Array.Empty<string>()],
            Runs =
            [
                new ImportedRun
                {
                    Name = name,
                    Model = name,
                    Cases = [.. tests.Select(Case)],
                    Metrics = [new ImportedMetric { Id = Pass, Signature = "junit pass", Direction = MetricDirection.HigherIsBetter, Range = 1, HasCases = true }],
                },
            ],
        };
    }

    private static ImportedCase Case(XElement test)
    {
        var ends = test.Elements().Select(static each => each.Name.LocalName).ToHashSet(StringComparer.Ordinal);
        var (room, name) = (Attribute(test, "classname"), Attribute(test, "name"));
        return new ImportedCase
        {
            Subject = Print.Of(room, name),
            Checks = "",
            Prompt = "",
            Name = room.Length > 0 ? $"{room} {name}" : name,
            Scores = new Dictionary<string, double?>(StringComparer.Ordinal) { [Pass] = ends.Contains("error") || ends.Contains("skipped") ? null : ends.Contains("failure") ? 0 : 1 },
            IsError = ends.Contains("error"),
            Answer = test.Elements().FirstOrDefault(static each => each.Name.LocalName is "failure" or "error")?.Value,
        };
    }

    private static string Attribute(XElement test, string name) => test.Attribute(name)?.Value ?? "";
}
