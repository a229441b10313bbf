using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Output;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Scoring;

/// <summary>
/// Scores a stream, some hundred lines at a time: read, scored by every processor, written in their order. Memory does not grow with the
/// file. Owned by one command.
/// </summary>
internal sealed class ScoreRun(AnswerMetric metric, Terminal terminal)
{
    private const int Together = 512;

    /// <summary>Lines longer than this many bytes are cut, and then are no JSON.</summary>
    private const int LongestLine = 32 << 20;

    /// <summary>So many bytes of lines are scored at once, however few lines they are.</summary>
    private const int MostBytes = 8 << 20;

    private readonly SampleReader _reader = new(metric.Definition);
    private readonly ScoreSummary _summary = new(metric);
    private readonly StringBuilder _scores = new();
    private long _lines;
    private long _wrong;

    public ExitCode Score(Stream stream, string file, CancellationToken cancellation)
    {
        using var lines = new LineReader(stream, LongestLine);
        var batch = new List<ScoredLine>(Together);
        while (Fill(lines, batch))
        {
            cancellation.ThrowIfCancellationRequested();
            Parallel.ForEach(batch, new ParallelOptions { CancellationToken = cancellation }, Score);
            foreach (var line in batch)
            {
                Say(line, file);
            }

            // Standard output is flushed at every write: one for many lines.
            terminal.Out.Write(_scores.ToString());
            _scores.Clear();
        }

        if (_wrong > 0)
        {
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_wrong} of {_lines} lines cannot be scored, so there is no summary."));
            return ExitCode.Usage;
        }

        if (_lines == 0)
        {
            terminal.Error.WriteLine($"{file} has no lines. Write one JSON object a line, for example {{\"prediction\":\"Paris\",\"reference\":\"Paris\"}}.");
            return ExitCode.Usage;
        }

        terminal.Out.WriteLine(JsonSerializer.Serialize(new { Summary = _summary.View() }, Terminal.CompactJson));
        return _summary.Scored > 0 ? ExitCode.Ok : ExitCode.Undecided;
    }

    /// <summary>Blank lines are passed over, but counted.</summary>
    private static bool Fill(LineReader lines, List<ScoredLine> batch)
    {
        batch.Clear();
        for (var bytes = 0; batch.Count < Together && bytes < MostBytes && lines.TryRead(out var line);)
        {
            if (!line.IsEmpty && line.IndexOfAnyExcept(" \t"u8) >= 0)
            {
                batch.Add(new ScoredLine(lines.Number, line.ToArray()));
                bytes += line.Length;
            }
        }

        return batch.Count > 0;
    }

    private void Score(ScoredLine line)
    {
        var sample = _reader.TryRead(line.Text, out var id, out var wrong);
        line.Id = id;
        if (sample is null)
        {
            line.Wrong = wrong;
            return;
        }

        line.Counts = metric.Corpus is { } corpus ? new double[corpus.Width] : null;
        line.Score = metric.Score(sample, line.Counts);
    }

    /// <summary>From the first bad line on no more scores are written, but every bad line is named.</summary>
    private void Say(ScoredLine line, string file)
    {
        _lines++;
        if (line.Wrong is not null)
        {
            _wrong++;
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{line.Number}: {line.Wrong}"));
        }

        if (_wrong > 0)
        {
            return;
        }

        _summary.Add(line);
        var name = line.Id is null ? string.Create(CultureInfo.InvariantCulture, $"\"line\":{line.Number}") : $"\"id\":{line.Id}";
        _scores.Append(line.Score.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{{{name},\"score\":{value:R}}}")
            : $"{{{name},\"score\":null,\"missing\":{JsonSerializer.Serialize(line.Score.Missing, Terminal.CompactJson)}}}").Append('\n');
    }
}
