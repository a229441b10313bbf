using System.Globalization;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Prints a row a scenario and rate while the bench runs: share rolled back, and for a worse target the mean exposed requests.</summary>
internal sealed class ResultTable(TextWriter output)
{
    private ScenarioKind? _kind;

    public async Task BeginAsync(RolloutOptions options)
    {
        await output.WriteLineAsync(
            $"{options.Repetitions} repetitions, seed {options.Seed}; schedule 5 %, 25 %, 50 %, ten minutes each. Cells: rolled back | mean target requests exposed within 30 min; p: promoted.");
        await output.WriteLineAsync($"{"",-26}{"req/s",6}  {string.Join(' ', Workbench.Methods.Select(m => $"{Short(m),13}"))}");
    }

    public async Task AddAsync(IReadOnlyList<Cell> row)
    {
        var first = row[0];
        if (_kind != first.Kind)
        {
            _kind = first.Kind;
            await output.WriteLineAsync($"-- {Heading(first.Kind)}");
        }

        await output.WriteLineAsync($"{first.Scenario,-26}{first.Rate.ToString(CultureInfo.InvariantCulture),6}  {string.Join(' ', row.Select(c => $"{Text(c),13}"))}");
        await output.FlushAsync();
    }

    private static string Text(Cell cell) => cell.Kind switch
    {
        ScenarioKind.Healthy => $"{100 * cell.RollbackRate:0.0}%{(cell.Method == Workbench.Ours ? $" p{100 * cell.PromotionRate:0}" : "")}",
        ScenarioKind.Margin => $"p{100 * cell.PromotionRate:0.0}%",
        ScenarioKind.Harm or ScenarioKind.Reported => $"{100 * cell.RollbackRate:0}%|{cell.MeanExposed:0}",
    };

    private static string Short(string method) => method.Length <= 13 ? method : method[..13];

    private static string Heading(ScenarioKind kind) => kind switch
    {
        ScenarioKind.Healthy => "equal arms: every rollback is false",
        ScenarioKind.Margin => "worse by exactly the margin: every promotion is false",
        ScenarioKind.Harm => "worse: fewer exposed requests are better",
        ScenarioKind.Reported => "reported",
    };
}
