namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>Two runs that are to be compared, each with the file that it is of; of one file both may be.</summary>
public sealed record RunPair(ImportedEvaluation SourceFile, ImportedRun Source, ImportedEvaluation TargetFile, ImportedRun Target);
