namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Prints the goals, each with what speaks against it.</summary>
internal static class GoalReport
{
    public static async Task WriteAsync(IReadOnlyList<Goal> goals, TextWriter output)
    {
        await output.WriteLineAsync();
        foreach (var goal in goals)
        {
            await output.WriteLineAsync($"{(goal.IsMet ? "PASS" : "FAIL")}  {goal.Text}");
            foreach (var against in goal.Against)
            {
                await output.WriteLineAsync($"        {against}");
            }
        }
    }
}
