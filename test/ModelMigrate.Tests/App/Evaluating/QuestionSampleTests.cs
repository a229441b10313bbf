using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>The questions of the samples are the writer's own.</summary>
public sealed class QuestionSampleTests
{
    private const string File = "samples/qa/questions.jsonl";

    [Fact]
    public void Questions_OfTheSample_AreWhatTheWriterWrites()
    {
        var written = QuestionWriter.Write(seed: 1);
        if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_WRITE_PAGES") == "1")
        {
            System.IO.File.WriteAllText(Path.Combine(Source.Root, File), written);
        }

        Assert.Equal(written, Source.Text(File));
        Assert.Equal(QuestionWriter.Rows, written.Count(static c => c == '\n'));
    }
}
