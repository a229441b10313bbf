namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>What an assertion's value may be.</summary>
internal enum ValueShape
{
    /// <summary>None; one that is written is not looked at.</summary>
    None,

    /// <summary>A text or a number, not empty.</summary>
    Text,

    /// <summary>A list of texts, or a text with commas.</summary>
    List,

    /// <summary>A text, or a list of texts of which the best counts.</summary>
    References,

    /// <summary>A JSON Schema, as a group of keys or as text; or none.</summary>
    Schema,

    /// <summary>Names in a list or a text with commas, under <c>requiredElements</c>, or none.</summary>
    Names,

    /// <summary>A number, or a group with <c>min</c> and <c>max</c>.</summary>
    Range,

    /// <summary>Anything that is there.</summary>
    Any,
}
