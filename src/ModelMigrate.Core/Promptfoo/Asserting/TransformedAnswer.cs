namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>What an assertion's own transform made of the answer.</summary>
/// <param name="Answer">Null when nothing came of it.</param>
/// <param name="Fault">Why.</param>
public sealed record TransformedAnswer(GradedAnswer? Answer, string Fault);
