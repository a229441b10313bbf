namespace ModelMigrate.Tests.EndToEnd;

/// <summary>A test that needs Node and the packages that <c>test.sh</c> installs; skipped with the remedy where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Node.Folder, "node_modules", "ai")))
        {
            Skip = $"Node packages are missing: run ./test.sh, or npm ci --prefix {Path.GetRelativePath(Architecture.Source.Root, Node.Folder)}.";
        }
    }
}
