namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>What one event of a chat completions stream holds.</summary>
[Flags]
internal enum AnswerSigns
{
    None = 0,

    /// <summary>Text, refusal, tool call, audio: something of the answer itself.</summary>
    Content = 1,

    /// <summary>A choice ended.</summary>
    Finish = 2,

    /// <summary>The extra chunk with nothing but usage.</summary>
    UsageOnly = 4,

    /// <summary><c>[DONE]</c>.</summary>
    Done = 8,

    /// <summary>The provider reports an error.</summary>
    Error = 16,

    /// <summary>Not the protocol.</summary>
    Malformed = 32,
}
