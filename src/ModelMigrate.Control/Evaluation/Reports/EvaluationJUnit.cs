using System.Globalization;
using System.Text;
using System.Xml;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>
/// Writes a result as JUnit XML: a test case for each gate, the reason in its failure. Inconclusive is a failure of that type, and data that cannot be judged an error:
/// a reader that knows only green and red sees no green that was not shown.
/// </summary>
public static class EvaluationJUnit
{
    private const int MostCases = 10;

    public static string Write(EvaluationResult result)
    {
        var cases = Cases(result).ToList();
        var (failures, errors) = (cases.Count(static each => each.Kind == "failure"), cases.Count(static each => each.Kind == "error"));
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, cases.Count, failures, errors);
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Fit(Figures.Title(result)));
            Counts(xml, cases.Count, failures, errors);
            if (result.Timing is { } timing)
            {
                xml.WriteAttributeString("time", (timing.Seconds ?? 0).ToString("0.###", CultureInfo.InvariantCulture));
            }

            Properties(xml, result);
            foreach (var each in cases)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", Fit(result.Dataset.Name));
                xml.WriteAttributeString("name", Fit(each.Name));
                if (each.Kind is { } kind)
                {
                    xml.WriteStartElement(kind);
                    xml.WriteAttributeString("type", each.Type);
                    xml.WriteAttributeString("message", Fit(each.Message));
                    xml.WriteString(Fit(each.Detail));
                    xml.WriteEndElement();
                }
                else
                {
                    xml.WriteElementString("system-out", Fit(each.Message));
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    private static IEnumerable<(string Name, string? Kind, string Type, string Message, string Detail)> Cases(EvaluationResult result)
    {
        if (Figures.Trouble(result) is { } trouble)
        {
            yield return ("data can be judged", "error", "refused", trouble, trouble);
        }

        foreach (var gate in result.Gate?.Metrics ?? [])
        {
            var name = Figures.Text($"{gate.Metric} not worse by {gate.Margin:0.####}");
            var worst = string.Join('\n', result.WorstCases.Where(each => each.Metric == gate.Metric).Take(MostCases).SelectMany(Figures.Lines));
            var detail = worst.Length > 0 ? $"{gate.Reason}\n\nWhere the target lost most:\n{worst}" : gate.Reason;
            yield return gate.Verdict == GateVerdict.Pass ? (name, null, "", gate.Reason, "") : (name, "failure", Figures.Words(gate.Verdict), gate.Reason, detail);
        }

        if (result.Gate is null)
        {
            foreach (var metric in result.Metrics)
            {
                yield return ($"{metric.Metric} scored", null, "", Figures.Text($"{Figures.Value(metric.Target.Value)} of {metric.Target.Cases} cases, {metric.Target.Missing} missing; no gate was asked."), "");
            }
        }
    }

    private static void Properties(XmlWriter xml, EvaluationResult result)
    {
        xml.WriteStartElement("properties");
        foreach (var (name, value) in new[]
        {
            ("source", result.Source?.Model), ("target", result.Target.Model), ("dataset", result.Dataset.Name), ("dataset_hash", result.Dataset.Hash),
            ("verdict", result.Gate is { } gate ? Figures.Words(gate.Verdict) : null), ("recommendation", result.Gate is { } told ? Figures.Words(told.Recommendation) : null),
        })
        {
            if (value is not null)
            {
                xml.WriteStartElement("property");
                xml.WriteAttributeString("name", name);
                xml.WriteAttributeString("value", Fit(value));
                xml.WriteEndElement();
            }
        }

        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, int tests, int failures, int errors)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>XML has no way to write most control characters, nor half of a surrogate pair; a model may answer with any.</summary>
    private static string Fit(string text)
    {
        var fit = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                fit.Append(text[i]).Append(text[++i]);
            }
            else
            {
                fit.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return fit.ToString();
    }
}
