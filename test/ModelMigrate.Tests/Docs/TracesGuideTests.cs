using System.Text.RegularExpressions;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Docs;

/// <summary>The page of traces names every attribute that there is, and no other.</summary>
public sealed partial class TracesGuideTests
{
    [Fact]
    public void Table_AgainstTheSpans_SameAttributes() => Assert.Equal(
        typeof(SpanTags).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        Row().Matches(Source.Text("docs/guide/traces.md")).Select(row => row.Groups["name"].Value).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^\| `(?<name>[\w.]+)` \| ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
