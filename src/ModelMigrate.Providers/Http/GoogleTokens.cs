using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Http;

/// <summary>Sends each request with a token of Google Cloud's, fetched when the one before has run out. Asked by any number at once.</summary>
internal sealed class GoogleTokens(GoogleAccess access, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private ITokenAccess? _credential;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string> TokenAsync(CancellationToken cancel)
    {
        try
        {
            var credential = _credential;
            if (credential is null)
            {
                // Several who come first may each make one; one of them stays.
                credential = await CredentialAsync(cancel);
                credential = Interlocked.CompareExchange(ref _credential, credential, comparand: null) ?? credential;
            }

            return await credential.GetAccessTokenForRequestAsync(authUri: null, cancel);
        }
        catch (Exception refused) when (refused is InvalidOperationException or FormatException or ArgumentException or CryptographicException or Newtonsoft.Json.JsonException or TokenResponseException { StatusCode: null or < System.Net.HttpStatusCode.InternalServerError })
        {
            throw new HttpRequestException(HttpRequestError.UserAuthenticationError, $"Google Cloud gives no token: {refused.Message}", refused);
        }
        catch (TokenResponseException failed)
        {
            throw new HttpRequestException($"Google Cloud gives no token: {failed.Message}", failed);
        }
    }

    private async Task<ITokenAccess> CredentialAsync(CancellationToken cancel)
    {
        if (access.Credentials is not { } secret)
        {
            return (await GoogleCredential.GetApplicationDefaultAsync(cancel)).CreateScoped(Scope);
        }

        using var json = JsonDocument.Parse(secret.Reveal());
        return CredentialFactory.FromJson(secret.Reveal(), json.RootElement.GetProperty("type").GetString()!).CreateScoped(Scope);
    }
}
