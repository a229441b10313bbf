using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>Reads the bundled files without reflection. A field that is not known is a mistake in the file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(IReadOnlyList<ProviderPreset>))]
[JsonSerializable(typeof(IReadOnlyList<BundledModel>))]
internal sealed partial class BundledJson : JsonSerializerContext;
