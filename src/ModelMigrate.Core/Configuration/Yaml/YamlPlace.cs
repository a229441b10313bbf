using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>A place in the text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Index">Characters before it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct YamlPlace(int Line, int Column, int Index)
{
    public static YamlPlace Start { get; } = new(1, 1, 0);
}
