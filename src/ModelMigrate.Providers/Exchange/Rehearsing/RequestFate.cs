namespace ModelMigrate.Providers.Exchange.Rehearsing;

/// <summary>What would become of a part of a request, worst first.</summary>
public enum RequestFate
{
    /// <summary>The model cannot be asked, or its provider would refuse.</summary>
    Fails,

    /// <summary>The model would be asked without it.</summary>
    Loses,

    /// <summary>The model would be asked something near to it.</summary>
    Changes,
}
