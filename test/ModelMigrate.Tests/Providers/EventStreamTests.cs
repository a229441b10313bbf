using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Providers.Bedrock;

namespace ModelMigrate.Tests.Providers;

public sealed class EventStreamTests
{
    /// <summary>The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.</summary>
    [Fact]
    public void Crc32_OfTheCheckText_IsTheKnownValue() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    [Theory]
    [InlineData("basic", "messageStart contentBlockDelta contentBlockDelta contentBlockDelta contentBlockStop messageStop metadata")]
    [InlineData("reasoning", "messageStart contentBlockDelta contentBlockDelta contentBlockDelta messageStop metadata")]
    [InlineData("tool", "messageStart contentBlockDelta contentBlockStop contentBlockStart contentBlockDelta contentBlockDelta contentBlockStop contentBlockStart contentBlockDelta contentBlockStop messageStop metadata")]
    public void TryRead_RecordedStreams_SameMessagesInAnySplit(string name, string types)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens", "bedrock", name + ".bin"));
        foreach (var size in (int[])[1, 2, 3, 7, 64, 100_000])
        {
            var (messages, isBroken, hasPartial) = Read(bytes, [size]);
            Assert.Equal(types, string.Join(' ', messages.Select(message => message.Type)));
            Assert.All(messages, message => Assert.StartsWith("{", message.Payload, StringComparison.Ordinal));
            Assert.Equal((false, false), (isBroken, hasPartial));
        }
    }

    [Fact]
    public void TryRead_AnyMessagesInAnySplit_AreReadAsWritten() =>
        Prop.ForAll(
            (from payloads in Gen.Elements("", "{}", "{\"a\":\"ü\"}", new string('x', 20_000)).ListOf() from sizes in Gen.Choose(1, 5000).NonEmptyListOf() select (payloads, sizes)).ToArbitrary(),
            sample =>
            {
                byte[] bytes = [.. sample.payloads.SelectMany(payload => Encode("t", Encoding.UTF8.GetBytes(payload)))];
                return Read(bytes, [.. sample.sizes]).Messages.Select(message => message.Payload).SequenceEqual(sample.payloads);
            }).QuickCheckThrowOnFailure();

    /// <summary>One flipped bit anywhere is found: by the prelude's checksum, or by the message's.</summary>
    [Fact]
    public void TryRead_AnyFlippedBit_IsBrokenAndNeverRead()
    {
        var whole = Encode("contentBlockDelta", "{\"a\":1}"u8.ToArray());
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            var (messages, isBroken, _) = Read(bytes, [bytes.Length]);

            Assert.Empty(messages);
            Assert.True(isBroken, $"bit {bit}");
        }
    }

    [Fact]
    public void TryRead_LengthsThatCannotBe_AreBroken()
    {
        foreach (var (total, headers) in new[] { (15u, 0u), (16u, 1u), (uint.MaxValue, 0u), (100u, 200u), (64u << 20, 0u) })
        {
            var prelude = new byte[12];
            BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
            BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
            BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.Of(prelude.AsSpan(0, 8)));

            Assert.True(Read(prelude, [12]).IsBroken);
        }
    }

    [Fact]
    public void TryRead_HeadersOfEveryType_AreSkipped()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 0, 9, 1, (byte)'e', 4, 0, 0, 0, 9, 1, (byte)'f', 5, 0, 0, 0, 0, 0, 0, 0, 9,
            1, (byte)'g', 6, 0, 2, 7, 7, 1, (byte)'h', 8, 0, 0, 0, 0, 0, 0, 0, 9, 1, (byte)'i', 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
            .. Header(":event-type", "known"),
        ];

        Assert.Equal("known", Assert.Single(Read(Encode(headers, "{}"u8.ToArray()), [5]).Messages).Type);
        Assert.True(Read(Encode([1, (byte)'a', 10], []), [100]).IsBroken);
        Assert.True(Read(Encode([1, (byte)'a', 7, 0, 200], []), [100]).IsBroken);
    }

    /// <summary>One event as the service writes it; the encoder is the test's own.</summary>
    internal static byte[] Encode(string type, byte[] payload, string message = "event")
    {
        var kind = message switch { "exception" => ":exception-type", "error" => ":error-code", _ => ":event-type" };
        return Encode([.. Header(kind, type), .. Header(":content-type", "application/json"), .. Header(":message-type", message)], payload);
    }

    private static byte[] Encode(byte[] headers, byte[] payload)
    {
        var bytes = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), SlowCrc(bytes.AsSpan(0, 8)));
        headers.CopyTo(bytes, 12);
        payload.CopyTo(bytes, 12 + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), SlowCrc(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }

    private static byte[] Header(string name, string value)
    {
        var (key, text) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        return [(byte)key.Length, .. key, 7, (byte)(text.Length >> 8), (byte)text.Length, .. text];
    }

    /// <summary>Bit by bit, straight from the polynomial.</summary>
    private static uint SlowCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static (List<(string? Type, string Payload)> Messages, bool IsBroken, bool HasPartial) Read(byte[] bytes, List<int> sizes)
    {
        using var stream = new EventStream();
        var messages = new List<(string?, string)>();
        for (var (at, i) = (0, 0); at < bytes.Length && !stream.IsBroken; i++)
        {
            var free = stream.Free();
            var size = Math.Min(Math.Min(sizes[i % sizes.Count], bytes.Length - at), free.Length);
            bytes.AsMemory(at, size).CopyTo(free);
            stream.Advance(size);
            at += size;
            while (stream.TryRead())
            {
                messages.Add((stream.Type, Encoding.UTF8.GetString(stream.Payload)));
            }
        }

        return (messages, stream.IsBroken, stream.HasPartial);
    }
}
