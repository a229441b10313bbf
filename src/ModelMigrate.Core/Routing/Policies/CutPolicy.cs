namespace ModelMigrate.Core.Routing.Policies;

/// <summary>What becomes of a stream that breaks after its client has part of it.</summary>
public enum CutPolicy
{
    /// <summary>An error event, and no end mark.</summary>
    Error,

    /// <summary>Plain text is gone on with where a model can; else an error event.</summary>
    Resume,
}
