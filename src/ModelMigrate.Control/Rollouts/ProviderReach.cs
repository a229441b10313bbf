using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Rollouts;

/// <summary>The plainest probe: whether the model's provider answers HTTP at all, with anything but a server error.</summary>
public sealed class ProviderReach(HttpMessageInvoker http)
{
    /// <summary>A <see cref="SourceProbe"/>.</summary>
    public async Task<string?> ProbeAsync(ModelSnapshot model, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, model.Provider.BaseUrl);
            using var response = await http.SendAsync(request, cancel);
            return (int)response.StatusCode < 500 ? null : $"{model.Provider.BaseUrl} answered {(int)response.StatusCode}.";
        }
        catch (HttpRequestException unreachable)
        {
            return $"{model.Provider.BaseUrl} cannot be reached: {unreachable.Message}";
        }
    }
}
