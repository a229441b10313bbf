using System.Globalization;
using System.Text;
using System.Xml;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>
/// Writes rows as JUnit XML: a test case a row, the reasons of what failed in its failure, what gave no answer as an error. Each row goes out when it is added,
/// so that the suite says no counts before them. Owned by one run.
/// </summary>
public sealed class PromptfooJUnit : IDisposable
{
    private readonly XmlWriter _xml;
    private readonly PromptfooConfig _config;

    /// <param name="to">Where it is written.</param>
    /// <param name="config">What is run.</param>
    /// <param name="name">Of the suite.</param>
    public PromptfooJUnit(Stream to, PromptfooConfig config, string name)
    {
        _config = config;
        _xml = XmlWriter.Create(to, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        _xml.WriteStartElement("testsuites");
        _xml.WriteStartElement("testsuite");
        _xml.WriteAttributeString("name", JUnitXml.Fit(name));
    }

    public void Add(PromptfooRow row)
    {
        _xml.WriteStartElement("testcase");
        _xml.WriteAttributeString("classname", JUnitXml.Fit(_config.Name(row.Provider, row.Prompt)));
        _xml.WriteAttributeString("name", JUnitXml.Fit(string.Create(CultureInfo.InvariantCulture, $"test {row.TestIndex + 1}{(row.Test.Description is { } description ? $": {description}" : "")}")));
        _xml.WriteAttributeString("time", ((row.LatencyMs ?? 0) / 1000).ToString("0.###", CultureInfo.InvariantCulture));
        if (!row.IsPass)
        {
            _xml.WriteStartElement(row.Error is null ? "failure" : "error");
            _xml.WriteAttributeString("type", row.Error is null ? "assertion" : "error");
            _xml.WriteAttributeString("message", JUnitXml.Fit(row.Error ?? row.Grade!.Reason));
            _xml.WriteString(JUnitXml.Fit(Detail(row)));
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    public void End()
    {
        _xml.WriteEndDocument();
        _xml.Flush();
    }

    public void Dispose() => _xml.Dispose();

    private static string Detail(PromptfooRow row)
    {
        var lines = (row.Grade?.Components ?? []).Where(static each => !each.Pass).Select(static each => string.Create(CultureInfo.InvariantCulture, $"{each.Assertion?.Type ?? "set"}: {each.Reason} (score {each.Score:0.####})"));
        return string.Join('\n', lines.Append($"answer: {row.Output ?? "none"}"));
    }
}
