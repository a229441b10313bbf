namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>What a script may use.</summary>
public sealed record ScriptLimits
{
    /// <summary>For one call; loading its program the first time with it. Default: 10 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Resident bytes of the program that runs it. Default: 512 MB.</summary>
    public long Memory { get; init; } = 512L << 20;
}
