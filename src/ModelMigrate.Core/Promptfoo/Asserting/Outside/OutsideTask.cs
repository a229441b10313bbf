namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>What must be found out before an answer can be graded.</summary>
/// <param name="Assertion">For which assertion.</param>
/// <param name="Value">Its value with the variables in place; empty for none.</param>
public sealed record OutsideTask(PromptfooAssertion Assertion, string Value);
