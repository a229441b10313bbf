using System.Collections.Frozen;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;

namespace ModelMigrate.Control.Publishing;

/// <summary>A good configuration with its catalog; replaced whole.</summary>
internal sealed class LoadedConfig(ModelMigrateConfig config)
{
    public ModelMigrateConfig Config { get; } = config;

    public FrozenDictionary<ModelId, ModelSnapshot> Catalog { get; } = CatalogCompiler.Compile(config);
}
