using System.Globalization;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Observing;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>
/// The fault matrix: what a client of each protocol sees of each fault of a provider, how often who was called, how long it took, and
/// whom it is charged to, towards providers of each protocol. The guide's table is checked against the same rows.
/// </summary>
public sealed partial class FaultMatrixTests
{
    private static readonly string[] s_protocols = ["chat", "messages", "responses"];

    public static TheoryData<string, string, string, bool> Cases()
    {
        var cases = new TheoryData<string, string, string, bool>();
        foreach (var row in FaultMatrix.Rows)
        {
            foreach (var (client, provider) in from client in s_protocols
                from provider in s_protocols where row.Pairs(FaultClient.Of(client), FaultProtocol.Of(provider)) select (client, provider))
            {
                foreach (var stream in row.Streamed is { } only ? [only] : new[] { false, true })
                {
                    cases.Add(row.Name, client, provider, stream);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Fault_OfOneRow_IsSeenCalledTimedAndChargedAsItSays(string name, string client, string provider, bool stream)
    {
        var row = FaultMatrix.Rows.Single(row => row.Name == name);

        var run = await FaultRun.OfAsync(row, FaultClient.Of(client), FaultProtocol.Of(provider), stream);

        // The messages protocol has no codes for errors that pass through; the status is the same.
        Assert.StartsWith(client != "messages" ? row.Sees : CodeOfAStatus().Replace(row.Sees, "${status}"), run.Sees, StringComparison.Ordinal);
        Assert.Equal((row.Calls, row.Charged), (run.Calls, run.Observation.Outcome));
        Assert.InRange(run.Seconds, row.Took.Least, row.Took.Most);
        Assert.Equal((row.Calls.Other > 0, !row.Sees.StartsWith("the whole answer", StringComparison.Ordinal) && row.Charged is not (Outcome.ClientError or Outcome.Ok)),
            (run.Observation.Rescued, run.Observation.UserError));
    }

    [Fact]
    public void Rows_Names_EachOnce() => Assert.Equal(FaultMatrix.Rows.Count, FaultMatrix.Rows.DistinctBy(row => row.Name).Count());

    [Fact]
    public void Guide_Table_IsTheMatrix()
    {
        // On a difference, what the rows say is the page to write: MODEL_MIGRATE_WRITE_PAGES=1 writes it.
        const string Head = "| fault | with | request | the client sees | calls | time | charged |\n|---|---|---|---|---|---|---|\n";
        var page = Source.Text("docs/guide/faults.md");
        var shown = page.Split(Head)[1].Split("\n\n")[0];
        var rows = string.Join('\n', FaultMatrix.Rows.Select(Line));
        if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_WRITE_PAGES") == "1")
        {
            File.WriteAllText(Path.Combine(Source.Root, "docs/guide/faults.md"), page.Replace(shown, rows, StringComparison.Ordinal));
            return;
        }

        Assert.Equal(rows, shown);
    }

    private static string Line(FaultRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Fault} | {row.With} | {(row.Streamed switch { null => "any", true => "streamed", false => "whole" })} | {row.Sees} "
        + $"| {row.Calls.Model}{(row.Calls.Other > 0 ? $" + {row.Calls.Other}" : "")} | {Words(row.Took)} | {Words(row.Charged)} |");

    private static string Words((double Least, double Most) took) =>
        took.Most == 0 ? "at once" : took.Most < 1 ? "back-off" : string.Create(CultureInfo.InvariantCulture, $"{took.Least} s");

    private static string Words(Outcome outcome) => outcome switch
    {
        Outcome.Ok => "ok",
        Outcome.ClientError => "nobody",
        Outcome.Error => "error",
        Outcome.Throttled => "throttled",
        Outcome.Timeout => "timeout",
        Outcome.Skipped => "skipped",
        Outcome.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    [GeneratedRegex(@"^(?<status>error \d+).*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeOfAStatus();
}
