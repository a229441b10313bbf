using System.Xml.Linq;

namespace ModelMigrate.Tests.Architecture;

/// <summary>Holds the arrows of ARCHITECTURE.md: between projects by their references, between rooms by the namespaces they name.</summary>
public sealed class ArrowTests
{
    /// <summary>Room of Core → the rooms that it may name. What is not listed here does not exist yet: give it a row.</summary>
    private static readonly Dictionary<string, string[]> s_core = new()
    {
        ["Statistics"] = [],
        ["Catalog"] = [],
        ["Chat"] = ["Catalog"],
        ["Observing"] = ["Catalog"],
        ["Checks"] = [],
        ["Metrics"] = ["Checks"],
        ["Evaluation"] = ["Statistics", "Metrics"],
        ["Routing"] = ["Catalog", "Observing", "Checks"],
        ["Judging"] = ["Catalog", "Observing"],
        ["Rollouts"] = ["Catalog", "Observing", "Routing", "Judging"],
        ["Plans"] = ["Statistics", "Catalog", "Observing", "Routing", "Judging", "Rollouts"],
        ["Configuration"] = ["Catalog", "Observing", "Checks", "Routing", "Judging", "Rollouts", "Plans"],
        ["Promptfoo"] = ["Catalog", "Chat", "Checks", "Metrics", "Configuration"],
        ["Suites"] = ["Statistics", "Chat", "Checks", "Metrics", "Evaluation", "Configuration", "Promptfoo"],
        ["Api"] = ["Catalog", "Observing", "Routing", "Judging", "Rollouts", "Plans"],
    };

    /// <summary>Project → the projects that it may refer to.</summary>
    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["ModelMigrate.Core"] = [],
        ["ModelMigrate.Providers"] = ["ModelMigrate.Core"],
        ["ModelMigrate.Gateway"] = ["ModelMigrate.Providers"],
        ["ModelMigrate.Control"] = ["ModelMigrate.Providers"],
        ["ModelMigrate"] = ["ModelMigrate.Gateway", "ModelMigrate.Control"],
    };

    [Fact]
    public void Projects_References_FollowTheArrows()
    {
        foreach (var (project, allowed) in s_projects)
        {
            var references = XDocument.Parse(Source.Text($"src/{project}/{project}.csproj")).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.Empty(references.Except(allowed));
        }
    }

    [Theory]
    [InlineData("ModelMigrate.Core", "Microsoft.AspNetCore.App")]
    [InlineData("ModelMigrate.Providers", "Microsoft.AspNetCore.App")]
    public void Projects_WithoutAspNet_StayWithoutIt(string project, string framework) =>
        Assert.DoesNotContain(framework, Source.Text($"src/{project}/{project}.csproj"), StringComparison.Ordinal);

    [Fact]
    public void CoreRooms_Namespaces_FollowTheArrows() => Assert.Empty(
        from file in Source.Files("src/ModelMigrate.Core")
        let room = file.Split('/')[2]
        from named in Source.NamespacesNamed(file)
        where !Allowed(room, named)
        select $"{file} names {named}");

    [Fact]
    public void GatewayAndControl_Namespaces_NeverNameEachOther() => Assert.Empty(
        from pair in new[] { ("Gateway", "Control"), ("Control", "Gateway"), ("Providers", "Gateway"), ("Providers", "Control") }
        from file in Source.Files($"src/ModelMigrate.{pair.Item1}")
        from named in Source.NamespacesNamed(file)
        where named.StartsWith($"ModelMigrate.{pair.Item2}", StringComparison.Ordinal)
        select $"{file} names {named}");

    [Fact]
    public void Core_ClockSocketsAndDatabases_AreNotNamed() => Assert.Empty(
        from file in Source.Files("src/ModelMigrate.Core")
        from banned in new[] { "TimeProvider.System", "System.Net.Sockets", "System.Data", "Microsoft.Data", "Microsoft.AspNetCore" }
        where Source.Text(file).Contains(banned, StringComparison.Ordinal)
        select $"{file} names {banned}");

    private static bool Allowed(string room, string named)
    {
        var parts = named.Split('.');
        return parts is ["ModelMigrate", "Core"]
            || (parts is ["ModelMigrate", "Core", var other] && (other == room || (s_core.TryGetValue(room, out var allowed) && allowed.Contains(other))));
    }
}
