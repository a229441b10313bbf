using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Forwarded;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>Finds the provider that holds an answer: from memory, else by asking those that could.</summary>
internal sealed class AnswerHolders(ExchangeRunner exchanges)
{
    /// <summary>Providers that are asked about one answer.</summary>
    public const int MostAsked = 8;

    /// <summary>A model of each provider that may hold an answer, the likeliest first.</summary>
    public List<ModelSnapshot> Candidates(string id, IEnumerable<ModelSnapshot> models)
    {
        var holder = exchanges.Held.Find(id);
        return [.. models.SelectMany(static model => model.Calls).Where(model => model.TakesResponses).DistinctBy(model => model.Provider.Id).OrderByDescending(model => model.Provider.Id == holder).Take(MostAsked)];
    }

    /// <summary>Null when none of the route's providers holds the answer, or the one that does has gone from the route.</summary>
    public async Task<ProviderId?> FindAsync(string id, RouteSnapshot route, CancellationToken aborted)
    {
        var models = Candidates(id, route.Models);
        if (exchanges.Held.Find(id) is { } known)
        {
            return models.Exists(model => model.Provider.Id == known) ? known : null;
        }

        if (models.Count == 1)
        {
            // It will say itself whether it does.
            return models[0].Provider.Id;
        }

        foreach (var model in models)
        {
            using var answer = await exchanges.ForwardAsync(
                new ForwardedRequest { Model = model, Method = HttpMethod.Get, Path = "/responses/" + Uri.EscapeDataString(id), Limits = route.Limits }, aborted);
            if (answer.Response is { IsSuccessStatusCode: true })
            {
                exchanges.Held.Add(id, model.Provider.Id);
                return model.Provider.Id;
            }
        }

        return null;
    }
}
