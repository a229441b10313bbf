using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>Reads what the gateway must know of an answer while its bytes pass through: content, finish, usage, model version, error.</summary>
internal abstract class AnswerScanner
{
    public Usage? Usage { get; protected set; }

    /// <summary>The model version that the provider reports.</summary>
    public string? ModelVersion { get; protected set; }

    /// <summary>The provider's words when it reported an error.</summary>
    public string? ErrorMessage { get; protected set; }

    public string? ErrorCode { get; protected set; }

    /// <summary>The id of an answer that its provider keeps, or null.</summary>
    public string? Held { get; protected set; }

    /// <summary>Why the answer ended; of several choices, the last. Null where it did not, or its protocol does not say.</summary>
    public FinishReason? Finish { get; protected set; }

    /// <summary>Whether the answer refuses to answer.</summary>
    public bool Refused { get; protected set; }

    /// <summary>Whether as many choices ended as were asked for.</summary>
    public abstract bool HasFinished(int choices);

    /// <summary>Whether nothing is to be waited for any more: the protocol's finish is its end. An end mark that came with it still passes.</summary>
    public virtual bool HasEnded => false;

    /// <summary>Whether a whole answer may be of this media type; asked before it is read.</summary>
    public virtual bool Takes(string? mediaType) => true;

    /// <summary>Reads one event of a stream.</summary>
    public abstract AnswerSigns Scan(ReadOnlySpan<byte> data);

    /// <summary>Reads a whole answer.</summary>
    public abstract AnswerSigns ScanBody(ReadOnlySpan<byte> body);

    /// <summary>The error that was read from an answer with this status.</summary>
    public abstract ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter);

    /// <summary>The error that was read from an answer with a good status.</summary>
    public abstract ChatError Reported(ProviderSnapshot provider);
}
