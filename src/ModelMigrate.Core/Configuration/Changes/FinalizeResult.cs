namespace ModelMigrate.Core.Configuration.Changes;

/// <summary>The change that makes a configuration file say what is true after a migration ended.</summary>
/// <param name="Text">The whole file after the change.</param>
/// <param name="Diff">The same as a unified diff, for <c>patch -p0</c>; empty when nothing needs to change.</param>
public sealed record FinalizeResult(string Text, string Diff);
