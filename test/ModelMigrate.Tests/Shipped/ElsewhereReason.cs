namespace ModelMigrate.Tests.Shipped;

/// <summary>Why a group of bugs has no test here. The list is closed: anything else is tested.</summary>
internal enum ElsewhereReason
{
    /// <summary>It is about planning migrations by a calendar of models that end, which no request meets.</summary>
    SuccessorCalendar,

    /// <summary>It is about starting and stopping model servers, which the gateway does not do.</summary>
    LocalEngines,
}
