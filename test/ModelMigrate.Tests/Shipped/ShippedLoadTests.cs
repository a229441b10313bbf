using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Shipped;

/// <summary>Bugs that other gateways shipped and that show with many requests, or in what they are said to have cost.</summary>
public sealed class ShippedLoadTests
{
    /// <summary>
    /// Fifteen requests a second were too many (litellm 13546, 21046): something stood in a row. Here a slow provider has two hundred requests at
    /// once before it answers the first of them.
    /// </summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task SlowProvider_Litellm13546_TwoHundredRequestsAreWithItAtOnce(ProviderKind kind)
    {
        const int Many = 200;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var here = 0;
        await using var upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            if (Interlocked.Increment(ref here) == Many)
            {
                all.SetResult();
            }

            await all.Task;
            await StubUpstream.Json(kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer)(context, received);
        });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => gateway.PostAsync(ChatSamples.Plain))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    /// <summary>
    /// Copies to a second model were counted as the client's (litellm PR 23542, omi PR 8889): here the client and its budget pay for the answer
    /// that it got, and the copy is metered by itself.
    /// </summary>
    [Fact]
    public async Task HybridCopy_LitellmPr23542_IsNeitherTheClientsUseNorItsBudgets()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Migrating(GatewayHost.Model("s", old), GatewayHost.Model("t", young));
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Publish(
            [new ClientSnapshot { Name = "shop", Tenant = "shop", Budgets = [new Budget(BudgetPeriod.Day, BudgetUnit.Tokens, 100_000)] }],
            route with { Split = route.Split! with { Hybrid = HybridMode.Hybrid } });
        var copies = 0;
        gateway.Services.GetRequiredService<ExchangeRunner>().Compared += _ => Interlocked.Increment(ref copies);

        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("Authorization", "Bearer shop"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await Waiting.UntilAsync(() => Volatile.Read(ref copies) == 5);
        var account = Assert.Single(gateway.Services.GetRequiredService<BudgetLedger>().Accounts);

        // Ten tokens an answer, and five answers; not ten.
        await Waiting.UntilAsync(() => Math.Abs(account.Used - (50.0 / 100_000)) < 1e-12);
        Assert.Equal((5, 5), (old.Requests.Count, young.Requests.Count));
    }
}
