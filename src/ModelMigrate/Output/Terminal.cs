using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace ModelMigrate.Output;

/// <summary>Where a command's words go: people's text to standard output, or to standard error while JSON is asked for.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool live, Func<string, string?> environment, TimeProvider time)
{
    /// <summary>JSON as the admin API writes it: snake_case names, enums as words, nothing escaped that need not be.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions CompactJson { get; } = new(Json) { WriteIndented = false };

    public TextWriter Out => output;

    public TextWriter Error => error;

    /// <summary>Standard input, for the commands that read it.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether a person watches, so that a table may redraw itself. A pipe gets plain lines.</summary>
    public bool Live => live;

    public TimeProvider Time => time;

    public string? Environment(string name) => environment(name) is { Length: > 0 } value ? value : null;

    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, System.Environment.GetEnvironmentVariable, TimeProvider.System);

    /// <summary>A Spectre console over a writer; without a person watching it writes no escape codes and never wraps below 160 columns.</summary>
    public IAnsiConsole ConsoleOver(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!live)
        {
            console.Profile.Width = 160;
        }

        return console;
    }
}
