namespace ModelMigrate.Benchmarks.Rollouts.Pictures;

/// <summary>How a method's line looks: Okabe and Ito's colours, which the colour-blind tell apart, and a dash of its own for print.</summary>
internal sealed record MethodStyle(string Color, string Dash, double Width = 1.6)
{
    private static readonly Dictionary<string, MethodStyle> s_styles = new(StringComparer.Ordinal)
    {
        ["fixed-absolute"] = new("#E69F00", ""),
        ["fixed-relative"] = new("#E69F00", "6 3"),
        ["flagger"] = new("#56B4E9", ""),
        ["argo"] = new("#56B4E9", "6 3"),
        ["kayenta"] = new("#009E73", ""),
        ["naive-tests"] = new("#D55E00", ""),
        ["asymptotic-pooled"] = new("#CC79A7", ""),
        ["asymptotic-strata"] = new("#CC79A7", "6 3"),
        ["group-sequential"] = new("#0072B2", "2 2"),
        [Workbench.Ours] = new("#000000", "", Width: 3),
    };

    /// <summary>The style, or null for a method that is not drawn.</summary>
    public static MethodStyle? Of(string method) => s_styles.GetValueOrDefault(method);
}
