using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>A model of Vertex AI's, as the protocol that it is asked in has it.</summary>
/// <param name="Kind">The entry of the bundled table whose protocol that is.</param>
/// <param name="Name">What the protocol calls the model.</param>
/// <param name="BaseUrl">Where the protocol's paths begin.</param>
/// <param name="Google">Whose tokens it is asked with; null for a key.</param>
/// <param name="Key">The key of express mode; null for tokens.</param>
/// <param name="IsPriced">Whether it costs there what it costs at its maker's.</param>
internal sealed record VertexModel(string Kind, string Name, Uri BaseUrl, GoogleAccess? Google, string? Key, bool IsPriced);
