using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>budgets</c>, of a client key or of a route.</summary>
internal static class BudgetSection
{
    private const double MostTokens = 1e15;
    private const double MostCost = 1e9;

    /// <summary>Below a hundredth of a cent nothing can be asked.</summary>
    private const double LeastCost = 0.0001;

    public static IReadOnlyList<Budget> Read(MapReader owner)
    {
        var budgets = new List<Budget>();
        foreach (var (node, path) in owner.Items("budgets") ?? [])
        {
            if (node is not YamlMapping || owner.Of(node, node, path) is not { } budget)
            {
                owner.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {per: day, cost: 25}.");
                continue;
            }

            var per = budget.Choice("per", ("day", BudgetPeriod.Day), ("month", BudgetPeriod.Month));
            budget.Missing("per", "Write 'per: day' or 'per: month'.");
            var tokens = budget.Number("tokens", 1, MostTokens);
            var cost = budget.Number("cost", LeastCost, MostCost);
            if (!budget.Has("tokens") && !budget.Has("cost"))
            {
                owner.Problems.Error(budget.Place, path, "missing-key", $"{path} has neither 'tokens' nor 'cost'.", "Write how much may be spent, for example 'cost: 25' in US dollars.");
            }

            budget.Finish();
            foreach (var read in Of(per ?? BudgetPeriod.Day, tokens, cost))
            {
                if (budgets.Exists(other => other.Per == read.Per && other.Unit == read.Unit))
                {
                    owner.Problems.Error(
                        node, path, "duplicate-budget", $"{path} limits what an earlier budget of the same period limits.", "Keep the one that is meant.");
                }

                budgets.Add(read);
            }
        }

        return budgets;
    }

    /// <summary>A budget in dollars over a model whose price nobody knows would hold nothing: refused, for keys and for routes.</summary>
    public static void CheckPrices(MapReader file, ModelMigrateConfig config)
    {
        foreach (var route in config.Routes.Where(static route => InCost(route.Budgets)))
        {
            CheckPrices(file.Group("routes").Group(route.Id.Value), [route], config);
        }

        if (!config.ClientKeys.Any(static key => InCost(key.Budgets)))
        {
            return;
        }

        var keys = file.Items("clientKeys")!.Where(static item => item.Node is YamlMapping).ToList();
        for (var i = 0; i < Math.Min(keys.Count, config.ClientKeys.Count); i++)
        {
            var key = config.ClientKeys[i];
            if (InCost(key.Budgets) && file.Of(keys[i].Node, keys[i].Node, keys[i].Path) is { } reader)
            {
                CheckPrices(reader, [.. config.Routes.Where(route => key.Routes is null || key.Routes.Contains(route.Id))], config);
            }
        }
    }

    private static void CheckPrices(MapReader owner, IReadOnlyList<RouteConfig> routes, ModelMigrateConfig config)
    {
        var met = routes.SelectMany(route => (IEnumerable<ModelId?>)
            [route.Model, .. route.Fallback, route.LargerContext, .. config.Migrations.Where(migration => migration.Route == route.Id).Select(static migration => migration.To),
                .. config.Hybrids.Where(hybrid => hybrid.Route == route.Id).Select(static hybrid => hybrid.To)]);
        foreach (var model in met.OfType<ModelId>().Distinct().Select(config.FindModel).OfType<ModelConfig>())
        {
            if (model.InputCostPer1K is null || model.OutputCostPer1K is null)
            {
                owner.Problems.Error(
                    owner.At("budgets"), owner.PathOf("budgets"), "unpriced-model",
                    $"{owner.PathOf("budgets")} limits US dollars, and '{MapReader.Shown(model.Id.Value)}', which can answer, has no price.",
                    "Give the model inputCostPer1k and outputCostPer1k, 0 when it costs nothing, or limit tokens.");
            }
        }
    }

    private static bool InCost(IReadOnlyList<Budget> budgets) => budgets.Any(static budget => budget.Unit == BudgetUnit.Cost);

    private static IEnumerable<Budget> Of(BudgetPeriod per, double? tokens, double? cost)
    {
        if (tokens is { } most)
        {
            yield return new Budget(per, BudgetUnit.Tokens, (decimal)Math.Floor(most));
        }

        if (cost is { } dollars)
        {
            yield return new Budget(per, BudgetUnit.Cost, (decimal)dollars);
        }
    }
}
