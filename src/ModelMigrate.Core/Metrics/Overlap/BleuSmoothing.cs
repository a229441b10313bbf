namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>What BLEU takes for the precision of n-grams of which none matches.</summary>
internal enum BleuSmoothing
{
    /// <summary>1 / (2^k · total) for the k-th such length (Lin and Och 2004; sacrebleu's default).</summary>
    Exponential = 0,

    /// <summary>0, and so BLEU is 0.</summary>
    None = 1,

    /// <summary>value / total.</summary>
    Floor = 2,

    /// <summary>Adds the value to matches and total of every length above 1.</summary>
    AddK = 3,

    /// <summary>ln(length of the answer) / (5 · 2^k · total): method 4 of Chen and Cherry 2014, as NLTK has it.</summary>
    Method4 = 4,
}
