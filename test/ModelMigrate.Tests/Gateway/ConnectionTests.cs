using System.Net;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>How the gateway reaches a provider: through a proxy, over TLS, within its connect limit.</summary>
public sealed class ConnectionTests
{
    private static readonly RouteLimits Once = new() { Retries = 0, Connect = TimeSpan.FromSeconds(3) };

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Proxy_OfThePlainProvider_CarriesTheRequestInAbsoluteForm(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer));
        await using var proxy = new ForwardProxy();
        var model = With(GatewayHost.Model("m", upstream, kind), p => p with { Proxy = proxy.Url });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model, Once));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Contains("Hi there", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var path = kind == ProviderKind.OpenAi ? "v1/chat/completions" : "v1/messages";
        Assert.Equal($"POST {upstream.Url}{path} HTTP/1.1", Assert.Single(proxy.Requests));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Proxy_OfTheTlsProvider_IsATunnelThatSeesNothing()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("127.0.0.1");
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks), certificate);
        await using var proxy = new ForwardProxy();
        var model = With(GatewayHost.Model("m", upstream), p => p with { Proxy = proxy.Url, CaFile = authority.File });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model, Once));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);

        Assert.EndsWith("[DONE]\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal($"CONNECT {upstream.Url.Authority} HTTP/1.1", Assert.Single(proxy.Requests));
    }

    [Fact]
    public async Task Proxy_AsksCredentials_ThoseOfItsAddressAreSent()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var proxy = new ForwardProxy { AsksCredentials = true };
        var url = new UriBuilder(proxy.Url) { UserName = "user", Password = "p%40ss" }.Uri;
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(With(GatewayHost.Model("m", upstream), p => p with { Proxy = url }), Once));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Proxy-Authorization: Basic " + Convert.ToBase64String("user:p@ss"u8), Assert.Single(proxy.Credentials));
        Assert.Equal("Bearer m-key", upstream.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task CaFile_OfTheIssuer_CertificateAccepted()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("127.0.0.1");
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer), certificate);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(With(GatewayHost.Model("m", upstream), p => p with { CaFile = authority.File }), Once));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(ChatSamples.Answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task CaFile_Missing_RefusedWithTheRemedy(ProviderKind kind)
    {
        using var authority = new TestAuthority();
        var text = await RefusedAsync(authority.Issue("127.0.0.1"), kind, caFile: null);

        Assert.Contains("its certificate is not trusted", text, StringComparison.Ordinal);
        Assert.Contains("name that authority's PEM file as the provider's caFile.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaFile_OfAnother_Refused()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("Another authority");
        var text = await RefusedAsync(authority.Issue("127.0.0.1"), ProviderKind.OpenAi, other.File);

        Assert.Contains($"issued by no authority of the system or of the caFile '{other.File}'", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaFile_RightIssuerWrongHost_Refused()
    {
        using var authority = new TestAuthority();
        var text = await RefusedAsync(authority.Issue("elsewhere.test"), ProviderKind.OpenAi, authority.File);

        Assert.Contains("or not for the host '127.0.0.1'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_NobodyAccepts_LimitPassesAndSourceAnswers(bool rescued)
    {
        using var full = new FullListener();
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var target = With(GatewayHost.Model("t", source), p => p with { BaseUrl = full.Url });
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), target, Once with { Retries = rescued ? 1 : 0 }));
        var limit = gateway.Clock.GetUtcNow() + Once.Connect;

        var pending = gateway.PostAsync(ChatSamples.Plain);
        while (gateway.Clock.NextTimer != limit)
        {
            await Task.Yield();
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(pending.IsCompleted);
        gateway.Clock.Advance(TimeSpan.FromSeconds(0.1));
        using var response = await pending;
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(rescued ? HttpStatusCode.OK : HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains(rescued ? "Hi there" : "could not be reached: no connection within 3 s.", text, StringComparison.Ordinal);
        Assert.Equal(rescued ? 1 : 0, source.Requests.Count);
        Assert.Equal(Outcome.Error, gateway.Ended().Single().Outcome);
    }

    private static async Task<string> RefusedAsync(
        System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, ProviderKind kind, string? caFile)
    {
        using (certificate)
        {
            await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer), certificate);
            await using var gateway = await GatewayHost.StartAsync(
                GatewayHost.Route(With(GatewayHost.Model("m", upstream, kind), p => p with { CaFile = caFile }), Once));
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            var text = await response.Content.ReadAsStringAsync();

            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Contains("\"upstream_unreachable\"", text, StringComparison.Ordinal);
            Assert.Empty(upstream.Requests);
            return text;
        }
    }

    private static ModelSnapshot With(ModelSnapshot model, Func<ProviderSnapshot, ProviderSnapshot> change) => model with { Provider = change(model.Provider) };
}
