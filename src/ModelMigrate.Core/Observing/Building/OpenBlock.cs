using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>A block whose requests are not all known to the end: keeps each request, and counts them when asked.</summary>
internal sealed class OpenBlock(BlockKey key, int weightPpm, FrozenQuantiles? quantiles, LatencyQuantile[] counted)
{
    private readonly List<Request> _requests = [];
    private Block? _read;
    private DateTimeOffset _readUntil;
    private int _newSourceKeys;
    private int _newTargetKeys;

    public BlockKey Key { get; private set; } = key;

    public int WeightPpm => weightPpm;

    public long LastSlice => Key.LastSlice;

    public bool Forming { get; private set; } = true;

    public int SourceAdmissions { get; private set; }

    public int TargetAdmissions { get; private set; }

    public int OpenRequests { get; private set; }

    public Arm ArmOf(int index) => _requests[index].Arm;

    public DateTimeOffset AdmittedAt(int index) => _requests[index].At;

    public int Admit(in Admission admission, long slice, bool isNewKey)
    {
        if (slice > Key.LastSlice || slice < Key.FirstSlice)
        {
            Key = Key with { FirstSlice = Math.Min(slice, Key.FirstSlice), LastSlice = Math.Max(slice, Key.LastSlice) };
        }

        if (admission.Arm == Arm.Source)
        {
            SourceAdmissions++;
            _newSourceKeys += isNewKey ? 1 : 0;
        }
        else
        {
            TargetAdmissions++;
            _newTargetKeys += isNewKey ? 1 : 0;
        }

        _requests.Add(new Request(admission.Arm, admission.Key, admission.At));
        OpenRequests++;
        _read = null;
        return _requests.Count - 1;
    }

    public void Close()
    {
        Forming = false;
        _read = null;
    }

    public void End(int index, in Observation observation)
    {
        CollectionsMarshal.AsSpan(_requests)[index].End(observation);
        OpenRequests--;
        _read = null;
    }

    /// <summary>The counts so far. Cheap while nothing happened: what was counted stays until a running request passes a quantile.</summary>
    public Block Read(DateTimeOffset now, bool isEnded)
    {
        if (_read is null || now >= _readUntil)
        {
            _read = Count(now);
        }

        return isEnded ? _read with { Ended = true } : _read;
    }

    private Block Count(DateTimeOffset now)
    {
        var requests = CollectionsMarshal.AsSpan(_requests);
        _readUntil = DateTimeOffset.MaxValue;
        var latency = new LatencyCounter();
        foreach (ref readonly var request in requests)
        {
            latency.Add(request);
        }

        var isComplete = !Forming && OpenRequests == 0;
        return new Block
        {
            Key = Key,
            WeightPpm = weightPpm,
            Ended = false,
            Source = Sum(requests, Arm.Source),
            Target = Sum(requests, Arm.Target),
            Pairs = isComplete ? Pair(requests) : default,
            Quantiles = quantiles,
            Exceedances = quantiles is null ? [] : Exceed(requests, now),
            FailureKeys = KeyTally.Heaviest(requests, static (in r) => r.Arm == Arm.Target && r.IsFailure),
            AdmissionKeys = KeyTally.Notable(requests),
            NewSourceKeys = _newSourceKeys,
            NewTargetKeys = _newTargetKeys,
            SourceLatency = latency.Total(Arm.Source),
            TargetLatency = latency.Total(Arm.Target),
            SourceFirstToken = latency.FirstToken(Arm.Source),
            TargetFirstToken = latency.FirstToken(Arm.Target),
        };
    }

    private static ArmCounts Sum(ReadOnlySpan<Request> requests, Arm arm)
    {
        int admissions = 0, ended = 0, failures = 0, throttled = 0, timeouts = 0, skipped = 0, clientErrors = 0, canceled = 0, rescued = 0, userErrors = 0;
        long input = 0, output = 0;
        decimal cost = 0;
        foreach (ref readonly var request in requests)
        {
            if (request.Arm != arm)
            {
                continue;
            }

            admissions++;
            if (!request.Ended)
            {
                continue;
            }

            ended++;
            failures += request.IsFailure ? 1 : 0;
            throttled += request.Outcome == Outcome.Throttled ? 1 : 0;
            timeouts += request.Outcome == Outcome.Timeout ? 1 : 0;
            skipped += request.Outcome == Outcome.Skipped ? 1 : 0;
            clientErrors += request.Outcome == Outcome.ClientError ? 1 : 0;
            canceled += request.Outcome == Outcome.Canceled ? 1 : 0;
            rescued += request.Rescued ? 1 : 0;
            userErrors += request.UserError ? 1 : 0;
            input += request.InputTokens;
            output += request.OutputTokens;
            cost += request.Cost;
        }

        return new ArmCounts
        {
            Admissions = admissions, Ended = ended, Failures = failures, Throttled = throttled, Timeouts = timeouts, Skipped = skipped,
            ClientErrors = clientErrors, Canceled = canceled, Rescued = rescued, UserErrors = userErrors,
            InputTokens = input, OutputTokens = output, Cost = cost,
        };
    }

    /// <summary>Matches the i-th target request with the i-th source request, of those that the error gate counts.</summary>
    private static PairCounts Pair(ReadOnlySpan<Request> requests)
    {
        long lost = 0, even = 0, won = 0;
        int source = 0, target = 0;
        while (Next(requests, Arm.Target, ref target) && Next(requests, Arm.Source, ref source))
        {
            var failed = requests[target++].IsFailure;
            var sourceFailed = requests[source++].IsFailure;
            lost += failed && !sourceFailed ? 1 : 0;
            won += !failed && sourceFailed ? 1 : 0;
            even += failed == sourceFailed ? 1 : 0;
        }

        return new PairCounts(lost, even, won);
    }

    private static bool Next(ReadOnlySpan<Request> requests, Arm arm, ref int at)
    {
        while (at < requests.Length && (requests[at].Arm != arm || requests[at].Outcome is Outcome.ClientError or Outcome.Canceled))
        {
            at++;
        }

        return at < requests.Length;
    }

    private ExceedanceCounts[] Exceed(ReadOnlySpan<Request> requests, DateTimeOffset now)
    {
        var counts = new ExceedanceCounts[counted.Length];
        for (var i = 0; i < counted.Length; i++)
        {
            var quantile = counted[i];
            var limit = quantiles![quantile];
            var firstToken = quantile is LatencyQuantile.FirstTokenP50 or LatencyQuantile.FirstTokenP90;
            int sourceExposures = 0, sourceEvents = 0, targetExposures = 0, targetEvents = 0;
            var tally = new KeyTally();
            foreach (ref readonly var request in requests)
            {
                var slow = request.Exceeds(limit, firstToken, now);
                if (!request.Ended && slow == false && request.At + limit < _readUntil)
                {
                    _readUntil = request.At + limit + TimeSpan.FromTicks(1);
                }

                if (slow is not { } isSlow)
                {
                    continue;
                }

                if (request.Arm == Arm.Source)
                {
                    sourceExposures++;
                    sourceEvents += isSlow ? 1 : 0;
                }
                else
                {
                    targetExposures++;
                    if (isSlow)
                    {
                        targetEvents++;
                        tally.Add(request.Key, Arm.Target);
                    }
                }
            }

            counts[i] = new ExceedanceCounts(quantile, sourceExposures, sourceEvents, targetExposures, targetEvents) { Keys = tally.Heaviest() };
        }

        return counts;
    }
}
