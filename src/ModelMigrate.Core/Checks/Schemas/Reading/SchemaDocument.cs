using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>One JSON document that holds schemas.</summary>
/// <param name="Uri">Where it was found, absolute and without a fragment.</param>
/// <param name="Root">The whole of it.</param>
internal sealed record SchemaDocument(string Uri, JsonElement Root);
