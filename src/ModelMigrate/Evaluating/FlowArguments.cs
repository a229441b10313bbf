using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Evaluating;

/// <summary>The options that <c>compare</c> and <c>evaluate</c> share.</summary>
internal sealed class FlowArguments
{
    private readonly Option<string> _shard = new("--shard")
    {
        Description = "Ask every n-th row only, beginning with the i-th; merge then puts the folders of all shards together.", HelpName = "I/N", DefaultValueFactory = _ => "1/1",
    };

    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Take no answer that the folder keeps from an earlier comparison." };

    private readonly Option<bool> _retryErrors = new("--retry-errors") { Description = "Ask the rows again whose answer was an error, and what a judge could not be asked." };

    public static Option<string> Out() => new("--out", "-o")
    {
        Description = "The folder of the results. The same command on the same folder goes on where it stopped.", HelpName = "DIR", DefaultValueFactory = _ => "model-migrate-evaluation",
    };

    private readonly Option<string> _out = Out();

    public FlowArguments() => _shard.Validators.Add(result =>
    {
        if (!result.Errors.Any() && result.GetValueOrDefault<string>() is { } text && Shard.TryParse(text) is null)
        {
            result.AddError($"--shard: '{text}' is no part of several; write 1/4 for the first of four.");
        }
    });

    public void AddTo(Command command)
    {
        command.Add(_out);
        command.Add(_shard);
        command.Add(_noCache);
        command.Add(_retryErrors);
    }

    public Option<string> Folder => _out;

    public FlowOptions Of(CommandContext context, FileInfo models, string? folder = null) => new(
        context.Parsed.GetValue(_out)!, Shard.TryParse(context.Parsed.GetValue(_shard)!)!.Value, !context.Parsed.GetValue(_noCache), context.Parsed.GetValue(_retryErrors), models, folder);
}
