namespace ModelMigrate.Tests.Support;

/// <summary>A test that needs promptfoo itself; skipped with the remedy where it is not installed. It is large, and no other test needs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromptfooFactAttribute : FactAttribute
{
    public PromptfooFactAttribute()
    {
        if (!File.Exists(PromptfooProgram.File))
        {
            Skip = $"promptfoo is missing: npm install --prefix {Path.GetRelativePath(Architecture.Source.Root, PromptfooProgram.Folder)} promptfoo@0.121.20.";
        }
    }
}
