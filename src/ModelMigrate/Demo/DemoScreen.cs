using System.Globalization;
using ModelMigrate.Core.Api;
using ModelMigrate.Output;
using Spectre.Console;

namespace ModelMigrate.Demo;

/// <summary>Shows a demo as it runs: a table that redraws itself for a person, a line a second for a pipe.</summary>
internal sealed class DemoScreen(Terminal terminal, TextWriter people, bool live)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole _console = terminal.ConsoleOver(people);
    private TimeSpan _nextLine;

    /// <summary>Runs <paramref name="body"/>, which calls its argument with what to show.</summary>
    public Task ShowAsync(Func<Action<MigrationDetail, DemoTally, TimeSpan>, Task> body) =>
        live
            ? _console.Live(new Text("")).StartAsync(screen => body((m, tally, elapsed) =>
            {
                screen.UpdateTarget(new Rows(new Text(Client(tally, elapsed)), MigrationTables.Detail(m)));
                screen.Refresh();
            }))
            : body(WriteLine);

    private void WriteLine(MigrationDetail m, DemoTally tally, TimeSpan elapsed)
    {
        if (elapsed >= _nextLine)
        {
            people.WriteLine($"{Seconds(elapsed),6}  {MigrationTables.Line(m)}  user errors {tally.UserErrors}");
            _nextLine = elapsed + LineEvery - TimeSpan.FromMilliseconds(100);
        }
    }

    private static string Client(DemoTally tally, TimeSpan elapsed) =>
        $"{Seconds(elapsed)}   client: {tally.Sent} sent, {tally.Finished} answered, {tally.UserErrors} user errors";

    private static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s");
}
