using System.Reflection;
using System.Text.RegularExpressions;

namespace ModelMigrate.Tests.Architecture;

/// <summary>Holds the house rules of CONTRIBUTING.md that a machine can see.</summary>
public sealed partial class HouseRuleTests
{
    private const int MaxLines = 400;

    private static readonly string[] s_assemblies = ["ModelMigrate.Core", "ModelMigrate.Providers", "ModelMigrate.Gateway", "ModelMigrate.Control", "model-migrate"];

    [Fact]
    public void Files_Length_WithinLimit() => Assert.Empty(
        from file in Source.Files("src").Concat(Source.Files("test"))
        let lines = Source.Text(file).Count(c => c == '\n')
        where lines > MaxLines
        select $"{file}: {lines} lines");

    [Fact]
    public void Files_TypeInside_IsTheOneNamed() => Assert.Empty(
        from file in Source.Files("src")
        where !file.EndsWith("/Program.cs", StringComparison.Ordinal)
        let named = Path.GetFileNameWithoutExtension(file).Split('.')[0]
        let declared = TopLevelType().Matches(Source.Text(file)).Select(m => m.Groups["name"].Value).Distinct().ToList()
        where declared.Count != 1 || declared[0] != named
        select $"{file} declares {string.Join(", ", declared)}");

    [Fact]
    public void Types_Names_SayWhatTheyAre() => Assert.Empty(
        from type in Types()
        let name = type.Name.Split('`')[0]
        from ending in new[] { "Manager", "Helper", "Helpers", "Utils", "Util", "Impl", "Service", "Common", "Base" }
        where name.EndsWith(ending, StringComparison.Ordinal)
        select $"{type.FullName} ends in {ending}");

    [Fact]
    public void Classes_NotAbstract_AreSealed()
    {
        var types = Types().ToList();
        Assert.Empty(
            from type in types
            where type is { IsClass: true, IsAbstract: false, IsSealed: false } && !types.Any(t => t.BaseType == type)
            select type.FullName);
    }

    [Fact]
    public void Interfaces_Implementations_MoreThanOne()
    {
        var types = Types().ToList();
        Assert.Empty(
            from contract in types
            where contract.IsInterface && types.Count(t => t.IsClass && contract.IsAssignableFrom(t)) == 1
            select $"{contract.FullName} has one implementation");
    }

    private static IEnumerable<Type> Types() =>
        s_assemblies.Select(Assembly.Load).SelectMany(a => a.GetTypes())
            .Where(t => t.Namespace?.StartsWith("ModelMigrate", StringComparison.Ordinal) == true && !t.Name.Contains('<', StringComparison.Ordinal)
                && !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false)
                && t.DeclaringType?.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false) != true);

    [GeneratedRegex(
        @"^(public|internal) ((abstract|sealed|static|partial|readonly|ref|unsafe) )*(class|record struct|record class|record|struct|interface|enum|delegate [\w<>?\[\]]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TopLevelType();
}
