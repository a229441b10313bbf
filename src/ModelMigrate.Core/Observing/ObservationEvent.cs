namespace ModelMigrate.Core.Observing;

/// <summary>One entry of the observation stream: an admission, or the end of an admitted request. A class, so that a queue of them stays small.</summary>
public sealed class ObservationEvent
{
    private ObservationEvent(Admission admission, Observation ended, bool isAdmission)
    {
        Admission = admission;
        Ended = ended;
        IsAdmission = isAdmission;
    }

    public bool IsAdmission { get; }

    /// <summary>Set when <see cref="IsAdmission"/>.</summary>
    public Admission Admission { get; }

    /// <summary>Set unless <see cref="IsAdmission"/>.</summary>
    public Observation Ended { get; }

    public static ObservationEvent Of(in Admission admission) => new(admission, default, isAdmission: true);

    public static ObservationEvent Of(in Observation ended) => new(default, ended, isAdmission: false);
}
