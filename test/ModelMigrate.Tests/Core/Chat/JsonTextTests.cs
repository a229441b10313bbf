using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Tests.Core.Chat;

/// <summary>A text goes through JSON as it stands, and is the same text however it is escaped.</summary>
public sealed class JsonTextTests
{
    private static readonly Gen<string> s_texts = ArbMap.Default.GeneratorFor<string>().Where(static text => text is not null && !text.Any(char.IsSurrogate));

    [Fact]
    public void WriteTo_AnyText_IsReadAsItself() => Prop.ForAll(s_texts.ToArbitrary(), s_texts.ToArbitrary(), (before, text) =>
    {
        Assert.Equal(text, JsonText.Of(text).ToString());
        Assert.Equal(before + text, JsonSerializer.Deserialize<string>(Written(JsonText.Of(text), before)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void WriteTo_Escapes_StayAsTheyStand() => Assert.Equal("""
        "a \"b\"\/\u002bé"
        """, Written(new JsonText("""\/\u002bé"""u8.ToArray()), "a \"b\""));

    [Fact]
    public void WriteTo_AmongOthers_IsOneValueOfThem()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("a"u8, "1");
        json.WritePropertyName("b"u8);
        JsonText.Of("2").WriteTo(json);
        json.WriteString("c"u8, "3");
        json.WriteEndObject();
        json.Flush();

        Assert.Equal("""{"a":"1","b":"2","c":"3"}""", Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    [Theory]
    [InlineData("iVBOR/+==", "iVBOR/+==", true)]
    [InlineData("iVBOR/+==", """iVBOR\/+==""", true)]
    [InlineData("""iVBOR\u002f\u002B==""", """iVBOR\/+==""", true)]
    [InlineData("iVBOR/+==", "iVBOR/+=", false)]
    [InlineData("""iVBOR\/+==""", "iVBOR//==", false)]
    [InlineData("""\\u002f""", "/", false)]
    public void Equals_HoweverEscaped_ComparesTheText(string one, string other, bool areEqual)
    {
        var (left, right) = (Raw(one), Raw(other));

        Assert.Equal(areEqual, left.Equals(right));
        Assert.Equal(areEqual, new ImagePart { Data = left }.Equals(new ImagePart { Data = right }));
        Assert.Equal(areEqual, left.GetHashCode() == right.GetHashCode());
    }

    [Fact]
    public void TextPart_WhereverItStands_IsTheSameText()
    {
        var (standing, text) = (new TextPart(Raw("""a\/\u0062""")), new TextPart("a/b"));

        Assert.Equal(text, standing);
        Assert.Equal(text.GetHashCode(), standing.GetHashCode());
        Assert.NotEqual(new TextPart("a/c"), standing);
        Assert.NotEqual(standing with { Cache = new CacheMark("{}") }, standing);
        Assert.Equal((true, true, false), (new TextPart("").IsEmpty, new TextPart(Raw("")).IsEmpty, standing.IsEmpty));
    }

    private static JsonText Raw(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Written(JsonText text, string before)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        text.WriteTo(json, before);
        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
