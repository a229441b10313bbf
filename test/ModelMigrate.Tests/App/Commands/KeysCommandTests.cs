using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Tests.App.Commands;

public sealed class KeysCommandTests
{
    private const string File = """
        providers: { openai: }
        models: { m: openai }
        routes: { chat: m, other: m }
        clientKeys:

        """;

    [Theory]
    [InlineData("shop")]
    [InlineData("a: [strange, name")]
    public async Task New_Key_ItsLineIsReadAndItsHashFits(string name)
    {
        var run = await CliRun.OfAsync($"keys new --name \"{name}\"");

        Assert.Equal(0, run.Code);
        var key = run.Out.Split('\n')[0].Split(": ")[1];
        var config = ConfigReader.Read(File + string.Join('\n', run.Out.Split('\n')[2..]), "f.yaml", _ => null).Config!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        Assert.Equal((name, hash), (Assert.Single(config.ClientKeys).Name, config.ClientKeys[0].Sha256));
        Assert.Equal(1, run.Out.Split(key).Length - 1);
        Assert.Matches("^mm-[A-Za-z0-9_-]{43}$", key);
    }

    [Fact]
    public async Task New_Json_HoldsTheKeyOnce()
    {
        var run = await CliRun.OfAsync("keys new --name shop --json");
        using var made = JsonDocument.Parse(run.Out);
        var key = made.RootElement.GetProperty("key").GetString()!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), made.RootElement.GetProperty("sha256").GetString());
        Assert.Empty(run.Error);
        Assert.NotEqual(run.Out, (await CliRun.OfAsync("keys new --name shop --json")).Out);
    }

    [Fact]
    public async Task List_Configuration_SaysWhatEachMayDo()
    {
        var folder = Directory.CreateTempSubdirectory("mm-keys-");
        var file = Path.Combine(folder.FullName, "f.yaml");
        await System.IO.File.WriteAllTextAsync(file, File + $$"""
              - name: shop
                sha256: {{new string('a', 64)}}
                tenant: acme
                routes: [chat]
                limits: { requestsPerMinute: 60, tokensPerMinute: 5000, maxConcurrent: 4 }
                budgets: [{ per: day, tokens: 100000 }, { per: month, tokens: 1000000 }]
              - { name: old, sha256: {{new string('b', 64)}}, disabled: true }
            """);

        var table = await CliRun.OfAsync($"keys list --config {file}");
        var json = await CliRun.OfAsync($"keys list --config {file} --json");
        folder.Delete(recursive: true);

        Assert.Equal((0, 0), (table.Code, json.Code));
        Assert.Contains("60 requests/min, 5000 tokens/min, 4 at once", table.Out, StringComparison.Ordinal);
        Assert.Contains("100000 tokens a day", table.Out, StringComparison.Ordinal);
        Assert.Contains("disabled", table.Out, StringComparison.Ordinal);
        using var read = JsonDocument.Parse(json.Out);
        Assert.Equal("acme", read.RootElement[0].GetProperty("tenant").GetString());
        Assert.Equal("month", read.RootElement[0].GetProperty("budgets")[1].GetProperty("per").GetString());
    }
}
