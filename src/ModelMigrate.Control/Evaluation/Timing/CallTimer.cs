using System.Globalization;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Timing;

/// <summary>Asks one model for streams, once each, and notes when what arrived. A failure is never tried again here: a retry would hide it. Thread-safe.</summary>
internal sealed class CallTimer(ModelSnapshot model, Func<ModelSnapshot, IModelClient> open, TimeSpan limit, TimeProvider time)
{
    private const string Empty = "empty";

    private readonly IModelClient[] _clients = [.. model.Calls.Select(open)];

    /// <param name="request">What is asked.</param>
    /// <param name="number">Of the call: a model that is served in several places is asked in turn.</param>
    /// <param name="cancel">Ends the measurement, and is thrown; the time limit is not.</param>
    public async Task<TimedCall> AskAsync(ChatRequest request, long number, CancellationToken cancel)
    {
        var place = (int)(number % _clients.Length);
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        var arrived = new Arrivals(time);
        try
        {
            await foreach (var delta in _clients[place].StreamAsync(new ModelCall { Model = model.Calls[place], Request = request }, both.Token))
            {
                arrived.Take(delta);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            arrived.Take(new ChatDelta { Error = new ChatError(ChatErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"Not whole within {limit.TotalSeconds:0.###} s.")) });
        }

        return arrived.Call(model);
    }

    /// <summary>What came of one call so far.</summary>
    private sealed class Arrivals(TimeProvider time)
    {
        private readonly long _began = time.GetTimestamp();
        private readonly List<double> _gaps = [];
        private long? _first;
        private long _last;
        private Usage? _usage;
        private ChatError? _error;
        private string? _model;

        public void Take(in ChatDelta delta)
        {
            _usage = delta.Usage ?? _usage;
            _error = delta.Error ?? _error;
            _model = delta.Model ?? _model;
            if (!delta.HasContent)
            {
                return;
            }

            var now = time.GetTimestamp();
            if (_first is null)
            {
                _first = now;
            }
            else
            {
                _gaps.Add(time.GetElapsedTime(_last, now).TotalMilliseconds);
            }

            _last = now;
        }

        public TimedCall Call(ModelSnapshot model) => new()
        {
            Error = _error is { } error ? ModelAsker.Word(error.Kind) : _first is null ? Empty : null,
            Message = _error is { } told ? told.Message : _first is null ? "The answer has no content." : null,
            FirstTokenMs = _first is { } first ? time.GetElapsedTime(_began, first).TotalMilliseconds : null,
            WholeMs = _error is null && _first is not null ? time.GetElapsedTime(_began).TotalMilliseconds : null,
            GapsMs = _gaps,
            InputTokens = _usage?.InputTokens,
            OutputTokens = _usage?.OutputTokens ?? (_first is null ? 0 : _gaps.Count + 1),
            IsCounted = _usage is null,
            Model = _model,
            Cost = _usage is { } usage ? model.Cost(usage.InputTokens, usage.OutputTokens) : null,
        };
    }
}
