namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>The parameters <c>tokenize</c> and <c>lowercase</c> of the metrics that have them.</summary>
internal static class TokenizerParameter
{
    public static MetricParameter Tokenize { get; } = MetricParameter.Word("tokenize", "how a text becomes tokens", "13a", "none", "char");

    public static MetricParameter Lowercase(bool otherwise) => MetricParameter.Flag("lowercase", otherwise, "whether case is dropped first");

    public static Tokenizer Of(MetricArguments arguments) => arguments.Text("tokenize") switch
    {
        "none" => new WordTokenizer(),
        "char" => new CharTokenizer(),
        _ => new MtevalTokenizer(),
    };
}
