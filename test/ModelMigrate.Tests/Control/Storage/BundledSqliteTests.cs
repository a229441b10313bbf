using System.Globalization;
using System.Text.RegularExpressions;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Storage;

/// <summary>Both SQLite libraries pass the same kit. A process has one library, so the bundled one gets a process of its own.</summary>
public sealed partial class BundledSqliteTests
{
    private const string Variable = "MODEL_MIGRATE_SQLITE";

    private const string Kit =
        "(FullyQualifiedName~ModelMigrate.Tests.Control|FullyQualifiedName~RefusedStartTests)&kind!=slow";

    [Fact]
    public void Load_AsAsked_BundledIsTheOldestSupported()
    {
        var version = Version.Parse(NativeSqlite.Load());
        Assert.True(version >= new Version(3, 35), version.ToString());
        if (Environment.GetEnvironmentVariable(Variable) == "bundled")
        {
            Assert.Equal((3, 35), (version.Major, version.Minor));
        }
    }

    [Fact]
    [Trait("kind", "slow")]
    public async Task Kit_OnTheBundledLibrary_Passes()
    {
        await using var child = ChildProcess.Start(
            "dotnet", ["vstest", typeof(BundledSqliteTests).Assembly.Location, $"--TestCaseFilter:{Kit}"],
            new Dictionary<string, string> { [Variable] = "bundled", ["VSTEST_CONNECTION_TIMEOUT"] = "300" });
        var code = await child.WaitForExitAsync(TimeSpan.FromMinutes(8));
        Assert.True(code == 0, child.Output);
        var passed = Passed().Match(child.Output);
        // A filter that finds nothing also ends with 0.
        Assert.True(passed.Success && int.Parse(passed.Groups["count"].Value, CultureInfo.InvariantCulture) > 60, child.Output);
    }

    [GeneratedRegex(@"Passed: +(?<count>\d+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Passed();
}
