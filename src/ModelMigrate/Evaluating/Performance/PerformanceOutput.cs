using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Performance;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Evaluating.Timing;
using Spectre.Console;

namespace ModelMigrate.Evaluating.Performance;

/// <summary>A measurement as people read it: a table a model, a line a batch size.</summary>
internal static class PerformanceOutput
{
    public static void Say(CommandContext context, PerformanceReport report)
    {
        foreach (var model in report.Models)
        {
            context.Say($"{model.Role} {model.Model}{(model.ReportedVersion is { } version && !model.Model.Contains(version, StringComparison.Ordinal) ? $" ({version})" : "")}{(model.Cost is { } cost and > 0 ? string.Create(CultureInfo.InvariantCulture, $", ${cost:0.00####}") : "")}");
            context.Say(Table(model));
            foreach (var batch in model.Batches.Where(static batch => batch.Errors.Count + batch.WarmupErrors > 0))
            {
                context.Say($"batch {batch.Batch}: {batch.Calls - batch.Answered} of {batch.Calls} calls failed ({TimingWords.Errors(batch.Errors)}){(batch.WarmupErrors > 0 ? $", and {batch.WarmupErrors} of the warm-up" : "")}.");
            }
        }

        var batches = report.Models.SelectMany(static model => model.Batches).ToList();
        context.Say(string.Create(CultureInfo.InvariantCulture, $"Brackets: 95 % interval. A failed call counts as {report.LimitMs:0} ms or more (≥), and as 0 tokens a second."));
        if (batches.Exists(static batch => batch.Latency[1] is { HighMs: null, IsAtLeast: false, Ms: not null }))
        {
            context.Say($"A p99 has an upper bound from {QuantileRanks.CountForUpper(0.99)} calls on (--iterations).");
        }

        if (batches.Sum(static batch => batch.CountedCalls) is > 0 and var counted)
        {
            context.Say($"{counted} answers came without usage: their pieces were counted for tokens.");
        }
    }

    private static Table Table(PerformanceModel model)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("batch", "answered", "latency p50", "p99", "first token p50", "p99", "between p50", "p99", "tokens/s a call", "tokens/s");
        foreach (var batch in model.Batches)
        {
            table.AddRow(new[]
            {
                batch.Batch.ToString(CultureInfo.InvariantCulture), $"{batch.Answered} of {batch.Calls}", TimingWords.WithInterval(batch.Latency[0]), TimingWords.WithInterval(batch.Latency[1]),
                TimingWords.WithInterval(batch.FirstToken[0]), TimingWords.WithInterval(batch.FirstToken[1]), TimingWords.Of(batch.InterToken[0]), TimingWords.Of(batch.InterToken[1]),
                batch.TokensPerSecondOfCall is { } one ? TimingWords.Number(one) : "-", batch.TokensPerSecond is { } all ? TimingWords.Number(all) : "-",
            }.Select(static cell => new Text(cell)));
        }

        return table;
    }
}
