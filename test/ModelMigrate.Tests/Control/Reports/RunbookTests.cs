using ModelMigrate.Commands;
using ModelMigrate.Control.Reports;
using ModelMigrate.Output;

namespace ModelMigrate.Tests.Control.Reports;

public sealed class RunbookTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("https://migrate.example.com", true)]
    public void Write_EveryCommandOfOurs_Parses(string server, bool needsToken)
    {
        using var writer = new StringWriter();
        var root = CommandLine.Create(new Terminal(writer, writer, live: false, _ => null, TimeProvider.System));
        var commands = Commands(server, needsToken).Where(line => line.StartsWith("model-migrate ", StringComparison.Ordinal)).ToList();

        Assert.True(commands.Count >= 7);
        Assert.All(commands, command => Assert.Empty(root.Parse(command["model-migrate ".Length..]).Errors));
        Assert.All(commands, command => Assert.Equal(server != "http://127.0.0.1:8080", command.EndsWith($" --server {server}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_WithToken_NamesTheVariableAndNeverAValue()
    {
        Assert.Contains(
            "curl -sS -X POST https://migrate.example.com/api/v1/rollback -H \"Content-Type: application/json\" -H \"Authorization: Bearer $MODEL_MIGRATE_ADMIN_TOKEN\" "
                + "-d '{\"migration_id\":\"MIG-chat\",\"reason\":\"operator request\"}'",
            Commands("https://migrate.example.com", needsToken: true));
        Assert.DoesNotContain(Commands("http://127.0.0.1:8080", needsToken: false), line => line.Contains("TOKEN", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_OnlyVerbsThatAreAcceptedNow_Printed()
    {
        var commands = Commands("http://127.0.0.1:8080", needsToken: false);

        Assert.Contains("model-migrate migrations pause MIG-chat", commands);
        Assert.DoesNotContain("model-migrate migrations start MIG-chat", commands);
    }

    [Fact]
    public void Write_AddressThatWouldRunInAShell_Replaced() =>
        Assert.DoesNotContain("touch", Runbook.Write(ReportSamples.Detail(), "http://x;touch$IFS/tmp/y", needsToken: false, ReportSamples.Now), StringComparison.Ordinal);

    private static List<string> Commands(string server, bool needsToken)
    {
        var isCode = false;
        var commands = new List<string>();
        foreach (var line in Runbook.Write(ReportSamples.Detail(), server, needsToken, ReportSamples.Now).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode)
            {
                commands.Add(line);
            }
        }

        return commands;
    }
}
