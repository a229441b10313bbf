namespace ModelMigrate.Recorded.Reading;

/// <summary>What is wrong with one line, and what to write instead.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">One sentence or more.</param>
internal sealed record LineProblem(long Line, string Message);
