using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>How one provider's protocol spells what the kit asks of every adapter.</summary>
internal abstract record KitSamples
{
    /// <summary>The provider's keys in a configuration file, but for its address: <c>kind: openai, apiKey: …</c>.</summary>
    public abstract string Configuration { get; }

    /// <summary>The model's keys in that file.</summary>
    public virtual string Model => "name: m-name";

    /// <summary>What follows the stub's address in <c>baseUrl</c>.</summary>
    public virtual string BasePath => "";

    public abstract string CredentialHeader { get; }

    /// <summary>A part of that header's text.</summary>
    public virtual string Credential => KitRig.Key;

    /// <summary>Path and query of a chat request.</summary>
    public abstract string Target { get; }

    public virtual string StreamTarget => Target;

    public abstract string HealthTarget { get; }

    public abstract string InfoTarget { get; }

    /// <summary>"Hi there", seven input tokens of which two were cached, three output tokens.</summary>
    public abstract string Whole { get; }

    /// <summary>The same in events, without the cached tokens.</summary>
    public abstract IReadOnlyList<string> Events { get; }

    /// <summary>How many of the events come before the first content.</summary>
    public abstract int BeforeContent { get; }

    /// <summary>Calls <c>f</c> with <c>{"a":2}</c>.</summary>
    public abstract string ToolAnswer { get; }

    public abstract IReadOnlyList<string> ToolEvents { get; }

    /// <summary>Answers <c>{"a":2}</c> to a request for JSON.</summary>
    public abstract string JsonAnswer { get; }

    public abstract string UsageAnswer { get; }

    /// <summary>What <see cref="UsageAnswer"/> says.</summary>
    public abstract Usage Usage { get; }

    public abstract IReadOnlyList<(string Word, FinishReason Finish)> StopReasons { get; }

    /// <summary>Where in the request what of the greeting must stand: path and JSON.</summary>
    public abstract IReadOnlyList<(string At, string Json)> Basics { get; }

    public abstract IReadOnlyList<(string At, string Json)> Tools { get; }

    public abstract IReadOnlyList<(string At, string Json)> Image { get; }

    public abstract IReadOnlyList<(string At, string Json)> Format { get; }

    /// <summary>A refusal of a prompt that is too long, in the provider's documented words.</summary>
    public abstract string TooLong { get; }

    /// <summary>A refusal by a content policy; null where the provider answers such a prompt with a success.</summary>
    public abstract string? Forbidden { get; }

    /// <summary>What it says of the model <c>m-name</c>.</summary>
    public abstract string Info { get; }

    /// <summary>The context length that <see cref="Info"/> tells.</summary>
    public abstract int? ContextLength { get; }

    public virtual string StreamType => "text/event-stream";

    /// <summary>One event's bytes.</summary>
    public virtual byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public virtual byte[] BrokenEvent => "data: {\"a\"\n\n"u8.ToArray();

    public abstract string Error(string message);

    public abstract byte[] ErrorEvent(string message);

    /// <summary>A whole answer that ended for a reason.</summary>
    public abstract string Ended(string word);

    /// <summary>The texts of the request's system and turns as the provider was sent them.</summary>
    public abstract IReadOnlyList<string> TextsOf(JsonElement body);

    public StubUpstream.Answer Stream(params string[] events) => StubUpstream.Pieces(StreamType, events.Select(Bytes));
}
