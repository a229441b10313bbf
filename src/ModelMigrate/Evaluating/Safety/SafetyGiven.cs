using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Safety;

namespace ModelMigrate.Evaluating.Safety;

/// <summary>What a safety run was asked for, looked up and read.</summary>
/// <param name="Target">Null when it is wrong.</param>
/// <param name="Prompts">All suites'.</param>
/// <param name="Options">How.</param>
/// <param name="Out">The folder of the results.</param>
/// <param name="IsFresh">Whether answers of earlier runs in that folder are deleted.</param>
/// <param name="Models">Where other models are looked up.</param>
internal sealed record SafetyGiven(ComparedArm? Target, SafetyPrompts Prompts, SafetyOptions Options, string Out, bool IsFresh, ArmChoice Models);
