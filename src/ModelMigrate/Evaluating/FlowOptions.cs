using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Evaluating;

/// <summary>What of a comparison is not in its description: where it is kept, and how this one run goes about it.</summary>
/// <param name="Out">The folder of the results.</param>
/// <param name="Shard">Which rows.</param>
/// <param name="UsesCache">Whether answers of earlier comparisons in the folder are taken.</param>
/// <param name="RetriesErrors">Whether rows without an answer are asked again.</param>
/// <param name="Models">The configuration that names of models are looked up in.</param>
/// <param name="Folder">What files that metrics name are relative to; null for the caller's folder.</param>
internal sealed record FlowOptions(string Out, Shard Shard, bool UsesCache, bool RetriesErrors, FileInfo Models, string? Folder);
