using System.Security.Cryptography;
using System.Text;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>
/// Ids of tool calls for a provider that takes nine letters and digits only. An id that is one already stays; any other always becomes
/// the same one, so that call and result still meet.
/// </summary>
internal static class ShortCallId
{
    private const int Length = 9;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static string Of(string id)
    {
        if (id.Length == Length && id.All(char.IsAsciiLetterOrDigit))
        {
            return id;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(Length, hash, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Letters[bytes[i] % Letters.Length];
            }
        });
    }
}
