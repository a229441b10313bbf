using ModelMigrate.Core.Observing;

namespace ModelMigrate.Control.Intake;

/// <summary>Drains the observation stream and hands every entry to the ledger that it belongs to. Owned by the rollout loop.</summary>
internal sealed class ObservationIntake(ObservationStream stream)
{
    private readonly List<ObservationEvent> _drained = [];
    private readonly Dictionary<long, (EvidenceLedger Ledger, Arm Arm)> _open = [];
    private List<(EvidenceLedger Ledger, Arm Arm, string Version)> _changed = [];

    /// <summary>Requests whose end is awaited.</summary>
    public int Open => _open.Count;

    /// <summary>Takes in what waits; <paramref name="find"/> knows the ledger of a migration, or null.</summary>
    public void Drain(Func<MigrationId, EvidenceLedger?> find)
    {
        _drained.Clear();
        stream.Drain(_drained);
        foreach (var item in _drained)
        {
            if (item.IsAdmission)
            {
                var admission = item.Admission;
                // One of an attempt that ended meanwhile belongs to nobody.
                if (find(admission.Migration) is { } ledger && ledger.Attempt == admission.Attempt)
                {
                    _open[admission.Ticket] = (ledger, admission.Arm);
                    ledger.Accept(item, admission.Arm);
                }
            }
            else if (_open.Remove(item.Ended.Ticket, out var admitted)
                && admitted.Ledger.Accept(item, admitted.Arm) is { } version)
            {
                _changed.Add((admitted.Ledger, admitted.Arm, version));
            }
        }

        // What was drained must not be kept alive until the next time.
        _drained.Clear();
    }

    /// <summary>The arms whose provider put another model version behind the same name since the last call.</summary>
    public IReadOnlyList<(EvidenceLedger Ledger, Arm Arm, string Version)> TakeChanged()
    {
        if (_changed.Count == 0)
        {
            return [];
        }

        var changed = _changed;
        _changed = [];
        return changed;
    }
}
