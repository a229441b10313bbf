using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>Counts answers as they are kept, for people who wait. Owned by the run's writer.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private long _began;
    private long _before;
    private long _all;
    private long _added;
    private decimal _spent;

    public void Begin(long done, long all) => (_began, _before, _all) = (time.GetTimestamp(), done, all);

    public RunProgress Add(IReadOnlyList<FinishedAnswer> batch) => Add(batch.Count, batch.Sum(static item => item.Answer.IsCached ? 0 : item.Answer.Cost ?? 0));

    public RunProgress Add(int count, decimal dollars)
    {
        (_added, _spent) = (_added + count, _spent + dollars);
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var rate = seconds > 0 ? _added / seconds : 0;
        var left = rate > 0 ? (_all - _before - _added) / rate : double.NaN;
        return new RunProgress(_before + _added, _all, rate, left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : null, _spent);
    }
}
