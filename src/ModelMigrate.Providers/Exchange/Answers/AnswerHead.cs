using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>What is known when an answer begins.</summary>
public readonly record struct AnswerHead
{
    public required Assignment Assignment { get; init; }

    /// <summary>The model that answers; another one than the assigned after a rescue or a fallback.</summary>
    public required ModelSnapshot Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>The provider's content type when its bytes pass through, else null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Length of the body to come, or null for a stream.</summary>
    public int? ContentLength { get; init; }

    /// <summary>The provider's headers that the client gets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>What the model was asked otherwise than the client asked, as <see cref="Core.Chat.Changes.ChangeList"/> writes it; null for nothing.</summary>
    public string? Changes { get; init; }

    /// <summary>The request field for which the target could not be asked, or null.</summary>
    public string? Untranslatable { get; init; }
}
