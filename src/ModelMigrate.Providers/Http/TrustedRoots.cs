using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ModelMigrate.Providers.Http;

/// <summary>Certificate authorities that are trusted beside the system's, from a PEM file.</summary>
internal sealed class TrustedRoots(X509Certificate2Collection roots)
{
    public static TrustedRoots Load(string file)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return new TrustedRoots(roots);
    }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // Any other error, such as a wrong host name, is not a matter of whom we trust.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        for (var i = 0; i < chain?.ChainElements.Count; i++)
        {
            own.ChainPolicy.ExtraStore.Add(chain.ChainElements[i].Certificate);
        }

        return own.Build(leaf);
    }
}
