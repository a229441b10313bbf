using System.Reflection;
using ModelMigrate.Tests.App.Linting;
using ModelMigrate.Tests.Benchmarks;
using ModelMigrate.Tests.Core.Observing;
using ModelMigrate.Tests.Core.Routing;
using ModelMigrate.Tests.EndToEnd;
using ModelMigrate.Tests.Gateway;
using ModelMigrate.Tests.Gateway.Caching;
using ModelMigrate.Tests.Gateway.Endpoints;
using ModelMigrate.Tests.Gateway.Faults;
using ModelMigrate.Tests.Gateway.Limits;
using ModelMigrate.Tests.Gateway.Routing;
using ModelMigrate.Tests.Gateway.Tracing;
using ModelMigrate.Tests.Gateway.Translation;

namespace ModelMigrate.Tests.Shipped;

/// <summary>
/// The 25 groups of bugs that users of other gateways reported in public, each with the tests that hold it here. A report is named by its project and
/// number on GitHub.
/// </summary>
public sealed class ShippedBugsTests
{
    private static readonly ShippedBug[] s_groups =
    [
        new(1, "A copy to a second model reaches the wrong place, or carries the client's key", "litellm 31888, 34890, Envoy 2137",
        [
            (typeof(HybridTests), nameof(HybridTests.Hybrid_TargetAnswers_SourceIsAskedAfterAndCompared)),
            (typeof(HybridTests), nameof(HybridTests.Hybrid_SourceThatHangs_DelaysNobodyAndSkipsWhatIsTooMuch)),
            (typeof(PassthroughTests), nameof(PassthroughTests.Headers_BothWays_OnlyTheListedOnesCross)),
        ]),
        new(2, "Copies are counted as the client's use", "litellm PR 23542, PR 38631, omi PR 8889",
        [
            (typeof(ShippedLoadTests), nameof(ShippedLoadTests.HybridCopy_LitellmPr23542_IsNeitherTheClientsUseNorItsBudgets)),
            (typeof(RequestTraceTests), nameof(RequestTraceTests.Hybrid_TheCopyToTheSourceStandsBesideTheAnswer)),
        ]),
        new(3, "State of one model breaks the conversation with the next", "UncommonRoute 19, llxprt-code 2335, openclaw 91205",
        [
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.Conversation_UncommonRoute19_GoesToAnotherFamilyAndBack)),
            (typeof(ToolTranslationTests), nameof(ToolTranslationTests.Thinking_OfAnotherFamily_IsStrippedAndReported)),
            (typeof(MessagesTests), nameof(MessagesTests.Native_StateWithAnOrigin_IsTakenOutUnlessItsFamilyGetsIt)),
            (typeof(ResponsesTests), nameof(ResponsesTests.Translated_ThinkingState_GoesBackToItsFamilyOnly)),
        ]),
        new(4, "Requests of one conversation go to models in turn", "litellm 38078, 19143, PR 21763",
        [
            (typeof(EndpointTests), nameof(EndpointTests.Affinity_OneKey_OneEndpointWhateverTheStrategy)),
            (typeof(BucketingTests), nameof(BucketingTests.Bucket_RaisedWeight_MovesKeysOnlyToTheTarget)),
            (typeof(AdmissionTests), nameof(AdmissionTests.StickyHeader_SameUser_AlwaysTheSameArmAndAsPredicted)),
            (typeof(ResponsesTests), nameof(ResponsesTests.Previous_AfterARollback_StaysWithItsHolderUncounted)),
        ]),
        new(5, "The new model rejects a parameter that the old one took", "vault-operator 34, Fabric 2109, raif PR 507",
        [
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.Parameters_Litellm14056_DroppedOnesAreNamed)),
            (typeof(LintCommandTests), nameof(LintCommandTests.SameProtocol_WhatTheEntryRejects_IsLost)),
            (typeof(LintRunTests), nameof(LintRunTests.Findings_EveryRowOfThePage_AreItsChanges)),
        ]),
        new(6, "Parameters are dropped and requests rerouted in silence", "litellm 14056, PR 33738, Skyvern PR 4152",
        [
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.Parameters_Litellm14056_DroppedOnesAreNamed)),
            (typeof(ToolTranslationTests), nameof(ToolTranslationTests.Changes_Rejected_Is400NamingAllAndTheProviderIsNotAsked)),
            (typeof(RequestTraceTests), nameof(RequestTraceTests.Changed_DroppedClampedAndRenamed_OnTheAttempt)),
            (typeof(RequestTraceTests), nameof(RequestTraceTests.FellBack_ToTheRoutesNextModel)),
            (typeof(GatewayMetersTests), nameof(GatewayMetersTests.Requests_BothArms_CountedWithOutcomeRescueTokensAndCost)),
        ]),
        new(7, "A model's end is found in the calendar by hand", "litellm PR 41670", [], ElsewhereReason.SuccessorCalendar),
        new(8, "A cut or stalled stream is a success, or nobody else is asked", "litellm 40404, 6957, bifrost 5395, Portkey 1797",
        [
            (typeof(FaultMatrixTests), nameof(FaultMatrixTests.Fault_OfOneRow_IsSeenCalledTimedAndChargedAsItSays)),
            (typeof(AfterCommitTests), nameof(AfterCommitTests.StreamSilent_AfterCommit_IdleLimitEndsItWithAnErrorEvent)),
            (typeof(BrokenStreamTests), nameof(BrokenStreamTests.NodeSdk_OpenAiProviderBreaks_ApplicationGetsAnError)),
            (typeof(BrokenStreamTests), nameof(BrokenStreamTests.NodeSdk_AnthropicProviderBreaks_ApplicationGetsAnError)),
        ]),
        new(9, "A continuation says things twice, or hides the first error", "litellm PR 32835, 27967, 36267",
        [
            (typeof(ResumeTests), nameof(ResumeTests.Resume_ByPrefill_OneAnswerOfOneIdAndBothCallsCounted)),
            (typeof(ResumeTests), nameof(ResumeTests.Resume_PrefillRejected_ClientSeesTheFirstError)),
        ]),
        new(10, "A client or route that wants no fallback gets one", "litellm 19077, 38610",
        [
            (typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.NoRetries_Litellm19077_NeitherTriedAgainNorRoutedElsewhere)),
            (typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.ContentFilter_FailoverBenchS13_NotRoutedAround)),
        ]),
        new(11, "A 429 in the middle of a stream spins the processor", "litellm 26015",
            [(typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.ThrottledMidStream_Litellm26015_OneErrorEventAndNoFurtherCall))]),
        new(12, "A client that leaves is paid for to the end", "litellm 13774, 17364, 37140",
        [
            (typeof(ClientGoneTests), nameof(ClientGoneTests.Client_HangsUp_ProviderSeesItAndNobodyIsCharged)),
            (typeof(ClientGoneTests), nameof(ClientGoneTests.Client_HangsUpDuringABackOff_NoFurtherCall)),
        ]),
        new(13, "Retries storm and stack", "litellm 40130, 3646, PR 34836, Portkey 1404",
        [
            (typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.Outage_Litellm3646_SecondTriesStayWithinTheRatio)),
            (typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.FailuresInARow_Litellm34836_OutOfRotationAfterFive)),
            (typeof(RescueTests), nameof(RescueTests.Total_Deadline_OneOverAllAttempts)),
            (typeof(RescueTests), nameof(RescueTests.RetryAfter_OnlyModelOfTheRoute_WaitedForAndRetried)),
            (typeof(BreakerTests), nameof(BreakerTests.Outage_TwentyRequests_AllServedAndThePrimaryIsBackWithinThirtySeconds)),
        ]),
        new(14, "A tool call ends as the end of a turn", "bifrost 6123",
        [
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.ToolCall_Bifrost6123_IsNeverAnEndOfTurn)),
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.ToolUse_Bifrost6123_IsNeverAStop)),
        ]),
        new(15, "A call's arguments wait in a buffer", "bifrost 2048, 2786, 4788",
            [(typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.ToolDeltas_Bifrost2048_ReachTheClientBeforeTheNext))]),
        new(16, "Calls are lost, merged or numbered anew, and the choice of tools is ignored", "litellm 25836, 18238, 36262, bifrost PR 3441",
        [
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.ParallelCalls_Litellm25836_StayTwoWithTheirIds)),
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.InterleavedCalls_Litellm18238_KeepTheirOwnArguments)),
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.ToolChoice_Litellm36262_IsCarried)),
        ]),
        new(17, "Usage of streams is lost or counted several times", "litellm 36168, 14849, 42663, Agenta 5711",
        [
            (typeof(ShippedFaultsTests), nameof(ShippedFaultsTests.UsageInEveryEvent_Litellm36168_CountedOnce)),
            (typeof(ShippedTranslationTests), nameof(ShippedTranslationTests.Usage_Litellm14849_EachTokenOnceInEitherDirection)),
            (typeof(PassthroughTests), nameof(PassthroughTests.Streamed_UsageNotAskedFor_ChunkIsFetchedAndWithheld)),
        ]),
        new(18, "Tokens are counted with another model's tokenizer", "openlrc PR 111, stdapi 297, OmniRoute PR 4087",
        [
            (typeof(MessagesTests), nameof(MessagesTests.CountTokens_AnthropicProvider_PassesAndOthersSayTheyCannot)),
            (typeof(ClientLimitTests), nameof(ClientLimitTests.Budget_AfterTheAnswer_HoldsWhatWasReported)),
        ]),
        new(19, "Budgets are looked at first and charged later", "litellm 26672, 34732, 30460",
        [
            (typeof(BudgetLedgerTests), nameof(BudgetLedgerTests.TryReserve_FromManyThreads_NeverSpendsMoreThanTheBudget)),
            (typeof(ClientLimitTests), nameof(ClientLimitTests.Budget_HundredRequestsAtOnce_ProvidersBillNoMore)),
            (typeof(BudgetKillTests), nameof(BudgetKillTests.Budget_KilledAgainAndAgain_ProvidersBillNoMoreThanIt)),
        ]),
        new(20, "Memory and connections leak", "litellm 12685, 15128, 38193",
        [
            (typeof(SoakTests), nameof(SoakTests.Soak_StreamsFaultsAndClientsThatLeave_NothingIsLeftBehind)),
            (typeof(BlockMemoryTests), nameof(BlockMemoryTests.TakeEnded_NineThousandRequestsASecond_NothingLargeIsAllocated)),
        ]),
        new(21, "Latency collapses at a few requests a second", "litellm 13546, 21046, 13541",
            [(typeof(ShippedLoadTests), nameof(ShippedLoadTests.SlowProvider_Litellm13546_TwoHundredRequestsAreWithItAtOnce))]),
        new(22, "A reload drops streams, or forgets which models are sick", "litellm 20409, PR 40035, egg 2987, llama-swap 547",
        [
            (typeof(ReloadUnderStreamsTests), nameof(ReloadUnderStreamsTests.Reload_FiftyTimesUnderAHundredStreams_EveryStreamArrivesWhole)),
            (typeof(BreakerTests), nameof(BreakerTests.Reload_WhileOpen_StaysOpen)),
        ]),
        new(23, "A kept answer is given to another tenant, request or model", "semantic-router 1448, 2134, bifrost PR 5769",
        [
            (typeof(ClientLimitTests), nameof(ClientLimitTests.Tenants_AnswerOfOne_IsNotGivenToTheOther)),
            (typeof(ResponseCacheTests), nameof(ResponseCacheTests.Whole_PromptsThatBeginAlike_AreNotTaken)),
            (typeof(ResponseCacheTests), nameof(ResponseCacheTests.Migration_Running_NobodysAnswerIsGivenAgain)),
            (typeof(ResponseCacheTests), nameof(ResponseCacheTests.Migration_Completed_TheOldModelsAnswerIsNotGiven)),
        ]),
        new(24, "Model servers are not watched over", "llama-swap 946, 612, 281", [], ElsewhereReason.LocalEngines),
        new(25, "A poisoned release of a dependency reaches everybody", "litellm 24512, 24518, 24521",
        [
            (typeof(SupplyChainTests), nameof(SupplyChainTests.Packages_Litellm24512_EachOneExactVersionInOnePlace)),
            (typeof(SupplyChainTests), nameof(SupplyChainTests.Restore_Litellm24512_AnotherVersionThanTheNamedIsAnError)),
            (typeof(SupplyChainTests), nameof(SupplyChainTests.NodePackages_Litellm24512_LockedByHashAndRunNoScriptsOfTheirOwn)),
        ]),
    ];

    [Fact]
    public void Groups_OneToTwentyFive_EachOnceWithTestsOrAReason()
    {
        Assert.Equal(Enumerable.Range(1, 25), s_groups.Select(group => group.Number));
        Assert.All(s_groups, group => Assert.True(group.Tests.Count > 0 == group.Elsewhere is null, $"{group.Number} has neither a test nor a reason, or both"));
        Assert.All(s_groups, group => Assert.True(group is { Title.Length: > 10, Reports.Length: > 5 }, $"{group.Number} does not say what it is"));
    }

    [Fact]
    public void Groups_NamedTests_AreRunByTheRunner() => Assert.Empty(
        from @group in s_groups
        from test in @group.Tests
        let method = test.Class.GetMethod(test.Method, BindingFlags.Public | BindingFlags.Instance)
        where method is null || !test.Class.IsPublic || !method.GetCustomAttributes<FactAttribute>().Any(IsRun)
        select $"{@group.Number}: {test.Class.Name}.{test.Method} is no test");

    /// <summary>Attributes of our own skip a test where its programs are missing; that is no fault of the list.</summary>
    private static bool IsRun(FactAttribute fact) => fact.Skip is null || fact.GetType().Assembly == typeof(ShippedBugsTests).Assembly;
}
