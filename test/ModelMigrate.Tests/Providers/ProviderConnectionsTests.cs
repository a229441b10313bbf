using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

public sealed class ProviderConnectionsTests
{
    /// <summary>A connect that is cancelled as it begins is reported as refused, or as aborted, once in a hundred times.</summary>
    private const int Times = 2_000;

    [Fact]
    public async Task Connect_LimitPassesAsItBegins_SaysSoEachTime()
    {
        var clock = new ManualClock();
        using var full = new FullListener();
        using var connections = new ProviderConnections(clock);
        var invoker = connections.For(new ProviderSnapshot { Id = new ProviderId("p"), Kind = ProviderKind.OpenAi, BaseUrl = full.Url });
        for (var i = 0; i < Times; i++)
        {
            using var request = new ProviderRequest(full.Url, content: null, TimeSpan.FromSeconds(3));
            var pending = invoker.SendAsync(request, default);
            while (clock.NextTimer is null)
            {
                await Task.Yield();
            }

            clock.Advance(TimeSpan.FromSeconds(3));
            var failure = await Assert.ThrowsAsync<HttpRequestException>(() => pending);

            Assert.Equal("no connection within 3 s", Assert.IsType<TimeoutException>(failure.InnerException).Message);
        }
    }
}
