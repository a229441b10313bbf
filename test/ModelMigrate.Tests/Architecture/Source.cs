using System.Text.RegularExpressions;

namespace ModelMigrate.Tests.Architecture;

/// <summary>The repository's own source files, as the architecture tests read them.</summary>
internal static partial class Source
{
    /// <summary>The repository's root: the nearest folder upwards that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>C# files under a folder of the repository, with forward slashes, relative to it.</summary>
    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The namespaces of this product that a file names, in usings or in full.</summary>
    public static IEnumerable<string> NamespacesNamed(string file) =>
        NamespacePattern().Matches(Text(file)).Select(m => m.Value).Distinct();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ModelMigrate.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the tests from a build inside the repository.");
    }

    [GeneratedRegex(@"ModelMigrate\.(Core|Providers|Gateway|Control)(\.[A-Z][A-Za-z]+)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamespacePattern();
}
