using System.CommandLine;
using System.Text.Json;
using ModelMigrate.Output;
using Spectre.Console.Rendering;

namespace ModelMigrate.Commands;

/// <summary>One run of one command: its parsed options and where its words go.</summary>
internal sealed record CommandContext(Terminal Terminal, ParseResult Parsed, CancellationToken Cancellation)
{
    public bool Json => Parsed.GetValue(SharedOptions.Json);

    /// <summary>Where people's text goes: standard error while standard output carries JSON.</summary>
    public TextWriter People => Json ? Terminal.Error : Terminal.Out;

    /// <summary>Who asks, for the journal: the account that runs the command.</summary>
    public string Operator => Terminal.Environment("USER") ?? Terminal.Environment("USERNAME") ?? "operator";

    public void Say(string line) => People.WriteLine(line);

    public void Say(IRenderable table) => Terminal.ConsoleOver(People).Write(table);

    /// <summary>Writes the command's JSON result, when asked for.</summary>
    public void WriteJson<T>(T value)
    {
        if (Json)
        {
            Terminal.Out.WriteLine(JsonSerializer.Serialize(value, Terminal.Json));
        }
    }

    /// <summary>Says what is wrong and what to do about it.</summary>
    public ExitCode Fail(ExitCode code, string message)
    {
        Terminal.Error.WriteLine(message);
        return code;
    }
}
