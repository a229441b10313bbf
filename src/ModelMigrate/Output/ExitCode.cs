namespace ModelMigrate.Output;

/// <summary>What a command's end means to a script.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The command worked and its answer is no: rolled back, rejected, not the outcome asked for.</summary>
    Negative = 1,

    /// <summary>The command line or the configuration is wrong.</summary>
    Usage = 2,

    /// <summary>The server is not there, a port or file is taken, a file cannot be read.</summary>
    Infrastructure = 3,

    /// <summary>The evidence does not decide yet.</summary>
    Undecided = 4,
}
