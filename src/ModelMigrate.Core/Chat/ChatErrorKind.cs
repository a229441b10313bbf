namespace ModelMigrate.Core.Chat;

/// <summary>What sort of failure a call of a model was, by whom it concerns.</summary>
public enum ChatErrorKind
{
    /// <summary>The request is wrong; another model would refuse it too.</summary>
    Request,

    /// <summary>No connection, or it broke before the answer was whole.</summary>
    Connection,

    /// <summary>A time limit passed.</summary>
    Timeout,

    /// <summary>The provider asks to slow down.</summary>
    Throttled,

    /// <summary>The provider answered with a failure of its own.</summary>
    Provider,

    /// <summary>The provider refuses our credentials, or answers at no such address: the configuration's mistake, of which clients learn no more.</summary>
    Configuration,

    /// <summary>The provider says that it does not know our model: the configuration's mistake too, told in the provider's words.</summary>
    UnknownModel,

    /// <summary>The answer does not follow the protocol.</summary>
    Malformed,

    /// <summary>We ourselves stop serving the request: shutdown, or a rollback that cuts.</summary>
    Unavailable,
}
