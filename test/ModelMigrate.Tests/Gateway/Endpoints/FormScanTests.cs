using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress.OpenAi.Audio;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class FormScanTests
{
    private const string Boundary = "----b";

    /// <summary>Files made of what delimiters are made of, the model at any place, and pieces of any size.</summary>
    [Fact]
    public void Append_FormInAnySplit_FindsTheModelAndTheFilesBeginning()
    {
        var files = Gen.Elements("\r", "\n", "-", "--", "\r\n--", "\r\n------b", "------b", "b", "x", "RIFF").ListOf().Select(string.Concat)
            .Where(file => !("\r\n" + file + "\r\n").Contains("\r\n--" + Boundary, StringComparison.Ordinal));
        var cases =
            from file in files
            from at in Gen.Choose(0, 2)
            from sizes in Gen.Choose(1, 40).ListOf(5)
            select (file, at, sizes: sizes.ToList());
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            List<string> parts = [Part("name=\"file\"; filename=\"model\"", sample.file), Part("name=language", "model"), Part("name=response_format", "verbose_json")];
            parts.Insert(sample.at, Part("name=\"model\"", "whisper-ü"));
            var form = Encoding.UTF8.GetBytes(string.Concat(parts) + $"--{Boundary}--\r\nepilogue");
            var scan = new FormScan(Boundary);
            for (var (from, i) = (0, 0); from < form.Length; i++)
            {
                var size = Math.Min(sample.sizes[i % sample.sizes.Count], form.Length - from);
                scan.Append(form.AsSpan(from, size));
                from += size;
            }

            Assert.Null(scan.Problem);
            Assert.True(scan.IsWhole);
            Assert.Equal("whisper-ü", scan.Model);
            Assert.Equal("whisper-ü", Encoding.UTF8.GetString(form.AsSpan((int)scan.ModelPlace.Start, (int)(scan.ModelPlace.End - scan.ModelPlace.Start))));
            Assert.Equal("verbose_json", scan.Format);
            Assert.Equal(sample.file, Encoding.UTF8.GetString(scan.FileHead.Span));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(StickyKey.MaxLength - 1)]
    [InlineData(StickyKey.MaxLength)]
    [InlineData(100_000)]
    public void Append_LongFile_KeepsAsMuchAsAKeyTakes(int length)
    {
        var scan = new FormScan(Boundary);
        scan.Append(Encoding.ASCII.GetBytes(Part("name=file; filename=a.wav", new string('x', length)) + Part("name=model", "m") + $"--{Boundary}--"));

        Assert.Equal(Math.Min(length, StickyKey.MaxLength), scan.FileHead.Length);
        Assert.Equal("m", scan.Model);
    }

    private static string Part(string disposition, string value) => $"--{Boundary}\r\nContent-Type: text/plain\r\nCONTENT-DISPOSITION: form-data; {disposition}\r\n\r\n{value}\r\n";
}
