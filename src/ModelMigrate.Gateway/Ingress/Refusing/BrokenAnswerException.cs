namespace ModelMigrate.Gateway.Ingress.Refusing;

/// <summary>
/// Makes the server end a response without its end mark, after everything written was sent. Some client libraries pass over an error
/// event, and would take an orderly end for a whole answer; an abort of the connection could lose the event itself.
/// </summary>
internal sealed class BrokenAnswerException() : Exception(
    "The answer broke off after it had begun; the response ends without its end mark, so that the client sees a failure.")
{
    /// <summary>One line in the server's log: this is no bug of ours.</summary>
    public override string ToString() => Message;
}
