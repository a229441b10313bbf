using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Shipped;

/// <summary>A poisoned release of a dependency reached everybody who took the newest (litellm 24512, 24518, 24521): here nothing moves by itself.</summary>
public sealed partial class SupplyChainTests
{
    [Fact]
    public void Packages_Litellm24512_EachOneExactVersionInOnePlace()
    {
        var versions = XDocument.Parse(Source.Text("Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Version")!.Value).ToList();
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Matches(ExactVersion(), version));

        foreach (var project in Directory.EnumerateFiles(Source.Root, "*.csproj", SearchOption.AllDirectories).Where(p => !p.Contains("node_modules", StringComparison.Ordinal)))
        {
            Assert.All(XDocument.Load(project).Descendants("PackageReference"), reference => Assert.Null(reference.Attribute("Version") ?? reference.Attribute("VersionOverride")));
        }
    }

    [Fact]
    public void Restore_Litellm24512_AnotherVersionThanTheNamedIsAnError()
    {
        Assert.Contains("<WarningsAsErrors>$(WarningsAsErrors);NU1603</WarningsAsErrors>", Source.Text("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("<CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled>", Source.Text("Directory.Packages.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void NodePackages_Litellm24512_LockedByHashAndRunNoScriptsOfTheirOwn()
    {
        const string Folder = "test/ModelMigrate.Tests/EndToEnd/node/";
        using var wanted = JsonDocument.Parse(Source.Text(Folder + "package.json"));
        Assert.All(wanted.RootElement.GetProperty("dependencies"u8).EnumerateObject(), package => Assert.Matches(@"^\d+\.\d+\.\d+$", package.Value.GetString()));
        using var locked = JsonDocument.Parse(Source.Text(Folder + "package-lock.json"));
        Assert.All(
            locked.RootElement.GetProperty("packages"u8).EnumerateObject().Where(package => package.Name.Length > 0),
            package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity"u8).GetString(), StringComparison.Ordinal));
        Assert.All(NpmCall().Matches(Source.Text("test.sh")), call => Assert.Contains("--ignore-scripts", call.Value, StringComparison.Ordinal));
    }

    /// <summary>One version and no other: <c>[1.2.3]</c>.</summary>
    [GeneratedRegex(@"^\[\d+(\.\d+){1,3}(-[\w.]+)?\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"^\s*npm (ci|install) .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NpmCall();
}
