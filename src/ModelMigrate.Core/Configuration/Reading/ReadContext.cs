namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>What every part of one reading needs: where problems go, and where variables come from.</summary>
internal sealed record ReadContext(ProblemList Problems, Func<string, string?> Environment);
