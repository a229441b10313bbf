using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>Why a result file cannot be judged.</summary>
internal static class ResultRefusals
{
    /// <summary>Of a result that is not complete.</summary>
    public static string Incomplete(EvaluationResult result, string which) => result.Completeness switch
    {
        DataCompleteness.Complete => "",
        DataCompleteness.Partial => $"{which} is of a run that did not finish. {result.IncompleteBecause} Resume it, or merge its shards.",
        DataCompleteness.Limited => $"{which} is of a part of the data set. {result.IncompleteBecause} Run all of it, or make the part a data set of its own.",
    };
}
