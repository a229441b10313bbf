using System.Net;
using System.Net.Sockets;

namespace ModelMigrate.Serving;

/// <summary>Whether an address can be listened at: asked before anything is journalled.</summary>
internal static class FreePort
{
    /// <summary>What is wrong, with the remedy, or null.</summary>
    public static string? Problem(string url)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return $"'{url}' is not an address to listen at. Write for example http://127.0.0.1:8080.";
        }

        if (binding.IsUnixPipe)
        {
            return null;
        }

        var address = IPAddress.TryParse(binding.Host.Trim('[', ']'), out var named) ? named : binding.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(address, binding.Port);
            listener.Start();
            return null;
        }
        catch (SocketException refused)
        {
            return $"Cannot listen at {url}: {refused.Message}. Stop what listens there, or choose another address with --urls.";
        }
    }
}
