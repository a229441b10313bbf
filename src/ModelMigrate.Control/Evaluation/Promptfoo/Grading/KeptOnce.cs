using System.Diagnostics.CodeAnalysis;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Has each value made once, whoever asks for it at once, and keeps the newest of them. Owns what it keeps.</summary>
/// <param name="most">Values that are kept; the oldest goes first.</param>
/// <param name="isKept">Whether a value is one that another asking need not make again.</param>
internal sealed class KeptOnce<TValue>(int most, Func<TValue, bool> isKept)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<TValue>> _kept = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public async Task<TValue> OfAsync(string key, Func<Task<TValue>> make)
    {
        var mine = new TaskCompletionSource<TValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (IsThere(key, mine.Task, out var earlier))
        {
            return await earlier;
        }

        try
        {
            var value = await make();
            if (!isKept(value))
            {
                Forget(key);
            }

            mine.SetResult(value);
            return value;
        }
        catch
        {
            Forget(key);
            mine.SetCanceled();
            throw;
        }
    }

    private bool IsThere(string key, Task<TValue> mine, [NotNullWhen(true)] out Task<TValue>? earlier)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out earlier))
            {
                return true;
            }

            _kept[key] = mine;
            _order.Enqueue(key);
            if (_order.Count > most)
            {
                _kept.Remove(_order.Dequeue());
            }

            return false;
        }
    }

    private void Forget(string key)
    {
        lock (_lock)
        {
            _kept.Remove(key);
        }
    }
}
