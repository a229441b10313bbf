using System.Reflection;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>Finds an evaluator in an assembly on the disk. It is its owner's code and runs with this program's rights.</summary>
public static class EvaluatorAssembly
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>A new one of the type, which needs a constructor without parameters; or null and what is wrong, with what to write.</summary>
    public static object? TryCreate(string file, string type, out string problem)
    {
        problem = "";
        if (!File.Exists(file))
        {
            problem = $"there is no assembly {file}; name the .dll that dotnet build or publish wrote.";
            return null;
        }

        try
        {
            var assembly = new EvaluatorLoad(Path.GetFullPath(file)).LoadFromAssemblyPath(Path.GetFullPath(file));
            if (assembly.GetType(type) is not { } found)
            {
                var evaluators = assembly.GetTypes().Where(static each => each is { IsAbstract: false, IsInterface: false } && EvaluatorShape.Has(each)).Select(static each => each.FullName).Order(StringComparer.Ordinal).ToList();
                problem = $"{Path.GetFileName(file)} has no type {type}; {(evaluators.Count == 0 ? "it has no evaluator at all" : $"its evaluators are {string.Join(", ", evaluators.Take(10))}")}.";
                return null;
            }

            if (found.IsAbstract || found.GetConstructor(Any, Type.EmptyTypes) is not { } made)
            {
                problem = $"{type} cannot be made: it has no constructor without parameters. Give it one, or make a type around it that has.";
                return null;
            }

            return made.Invoke([]);
        }
#pragma warning disable CA1031 // Anybody's code: whatever it throws says that it cannot be loaded.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            problem = $"{Path.GetFileName(file)} cannot be loaded: {(failed is TargetInvocationException { InnerException: { } inner } ? inner : failed).Message}";
            return null;
        }
    }

    /// <summary>Makes a context of a sample's references; or null and what is wrong. The type's constructor takes one text, or any number of them.</summary>
    public static Func<AnswerSample, IEnumerable<object>>? TryContext(object evaluator, string type, out string problem)
    {
        problem = "";
        var assembly = evaluator.GetType().Assembly;
        var found = assembly.GetType(type) ?? assembly.GetReferencedAssemblies().Select(name => TryLoad(evaluator, name)?.GetType(type)).FirstOrDefault(static each => each is not null);
        foreach (var made in found?.GetConstructors(Any) ?? [])
        {
            if (made.GetParameters() is [{ ParameterType: var taken }])
            {
                if (taken == typeof(string))
                {
                    return sample => sample.References is [var first, ..] ? [made.Invoke([first])] : [];
                }

                if (taken.IsAssignableFrom(typeof(string[])))
                {
                    return sample => [made.Invoke([sample.References.ToArray()])];
                }
            }
        }

        problem = found is null ? $"there is no type {type} for the context." : $"{type} is no context of references: it needs a constructor that takes one text or several.";
        return null;
    }

    private static Assembly? TryLoad(object evaluator, AssemblyName name)
    {
        try
        {
            return System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(evaluator.GetType().Assembly)!.LoadFromAssemblyName(name);
        }
        catch (Exception absent) when (absent is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
