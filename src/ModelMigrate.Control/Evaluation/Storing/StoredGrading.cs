namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>What judging one answer or one pair took. A row of the query; Dapper writes its properties.</summary>
internal sealed class StoredGrading
{
    public long Calls { get; set; }

    public long Retries { get; set; }

    public long Malformed { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>Billionths of a dollar; null when a price or a usage is unknown.</summary>
    public long? NanoCost { get; set; }

    /// <summary>With line feeds between them.</summary>
    public string Versions { get; set; } = "";

    /// <summary>What the judge said, as JSON; null without a verdict.</summary>
    public string? Detail { get; set; }

    /// <summary>The score, or null.</summary>
    public double? Value { get; set; }
}
