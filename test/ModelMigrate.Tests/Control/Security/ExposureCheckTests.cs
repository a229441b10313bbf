using ModelMigrate.Control.Security;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;

namespace ModelMigrate.Tests.Control.Security;

public sealed class ExposureCheckTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.9.9.9", true)]
    [InlineData("http://localhost:8080/", true)]
    [InlineData("https://[::1]:8080", true)]
    [InlineData("http://unix:/run/mm.sock", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://10.0.0.5:8080", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://127.0.0.1.evil.example:80", false)]
    [InlineData("8080", false)]
    public void IsLoopback_Url_AsTheTableSays(string url, bool loopback) => Assert.Equal(loopback, ExposureCheck.IsLoopback(url));

    [Theory]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1", false, false, false, 0)]
    [InlineData("http://0.0.0.0:1", "http://0.0.0.0:1", false, false, false, 2)]
    [InlineData("http://0.0.0.0:1", "http://0.0.0.0:1", true, false, false, 1)]
    [InlineData("http://0.0.0.0:1", "http://0.0.0.0:1", true, true, false, 0)]
    [InlineData("http://0.0.0.0:1", "http://0.0.0.0:1", true, false, true, 0)]
    [InlineData("http://0.0.0.0:1", "http://127.0.0.1:2", false, true, false, 0)]
    [InlineData("http://127.0.0.1:1", "http://0.0.0.0:2", false, true, false, 1)]
    public void Problems_ByWhatIsSet_AsTheTableSays(string gateway, string admin, bool token, bool keys, bool anonymous, int problems)
    {
        var config = new ModelMigrateConfig
        {
            Admin = new AdminConfig { Token = token ? new Secret("t") : null },
            ClientKeys = keys ? [new ClientKeyConfig("app", "00")] : [],
            AllowAnonymousClients = anonymous,
        };
        Assert.Equal(problems, ExposureCheck.Problems(config, [gateway], [admin]).Count);
    }
}
