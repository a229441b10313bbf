using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Rollouts.Probing;

/// <summary>Asks a model whether it serves: answers null when it does, else what is wrong, in a sentence. Never throws but for cancellation.</summary>
public delegate Task<string?> SourceProbe(ModelSnapshot model, CancellationToken cancel);
