namespace Quicprochat.Server.Hosting;

/// <summary>The server cannot start. Its message is a sentence for people that says what to change.</summary>
public sealed class QpcServerException(QpcServerError error, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why.</summary>
    public QpcServerError Error => error;
}
