using System.Reflection;
using System.Runtime.Loader;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>Loads an evaluator's assembly with the parts that stand beside it, apart from this program's own versions of them.</summary>
internal sealed class EvaluatorLoad(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    private readonly AssemblyDependencyResolver _parts = new(file);

    protected override Assembly? Load(AssemblyName assemblyName) => _parts.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
}
