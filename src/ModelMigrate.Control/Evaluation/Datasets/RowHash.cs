using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>What a row's content is known by: every text with its length before it, so that no two contents run together alike.</summary>
internal static class RowHash
{
    /// <summary>SHA-256 over messages, references and cluster.</summary>
    public static byte[] Of(DatasetRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Messages(hash, row);
        foreach (var reference in row.References)
        {
            Add(hash, 'r', reference);
        }

        Add(hash, 'c', row.Cluster ?? "");
        return hash.GetHashAndReset();
    }

    /// <summary>Over the messages alone.</summary>
    public static ulong OfMessages(DatasetRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Messages(hash, row);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>Over the messages and what else decides an answer.</summary>
    public static byte[] WithMessages(string decides, DatasetRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, 'k', decides);
        Messages(hash, row);
        return hash.GetHashAndReset();
    }

    public static ulong Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes));

    private static void Messages(IncrementalHash hash, DatasetRow row)
    {
        foreach (var message in row.Messages)
        {
            Add(hash, (char)('0' + (int)message.Role), message.Text);
        }
    }

    private static void Add(IncrementalHash hash, char kind, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        hash.AppendData(head);
        hash.AppendData(bytes);
    }
}
