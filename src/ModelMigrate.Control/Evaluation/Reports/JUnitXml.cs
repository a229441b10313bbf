using System.Globalization;
using System.Text;
using System.Xml;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes JUnit XML in the form that CI systems have in common.</summary>
internal static class JUnitXml
{
    public static string Write(IReadOnlyList<JUnitSuite> suites)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, [.. suites.SelectMany(static suite => suite.Cases)]);
            foreach (var suite in suites)
            {
                Suite(xml, suite);
            }

            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    private static void Suite(XmlWriter xml, JUnitSuite suite)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Fit(suite.Name));
        Counts(xml, suite.Cases);
        Time(xml, suite.Seconds);
        xml.WriteStartElement("properties");
        foreach (var (name, value) in suite.Properties)
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
        foreach (var each in suite.Cases)
        {
            Case(xml, each);
        }

        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, JUnitCase each)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Fit(each.ClassName));
        xml.WriteAttributeString("name", Fit(each.Name));
        Time(xml, each.Seconds);
        foreach (var flaky in each.Flaky)
        {
            Problem(xml, "flakyFailure", "flaky", flaky, flaky);
        }

        if (each.Kind is { } kind)
        {
            Problem(xml, kind, each.Type, each.Message, each.Detail);
        }
        else
        {
            xml.WriteElementString("system-out", Fit(each.Message));
        }

        xml.WriteEndElement();
    }

    private static void Problem(XmlWriter xml, string kind, string type, string message, string detail)
    {
        xml.WriteStartElement(kind);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("message", Fit(message));
        xml.WriteString(Fit(detail));
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, IReadOnlyList<JUnitCase> cases)
    {
        foreach (var (name, count) in new[] { ("tests", cases.Count), ("failures", cases.Count(static each => each.Kind == "failure")), ("errors", cases.Count(static each => each.Kind == "error")) })
        {
            xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Time(XmlWriter xml, double? seconds)
    {
        if (seconds is { } known)
        {
            xml.WriteAttributeString("time", known.ToString("0.###", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>XML has no way to write most control characters, nor half of a surrogate pair; a model may answer with any.</summary>
    internal static string Fit(string text)
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
