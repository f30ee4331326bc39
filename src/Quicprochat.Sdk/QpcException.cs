using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Sdk;

/// <summary>Something a person can do something about. The message says what is wrong, <see cref="Remedy"/> what to do.</summary>
[SuppressMessage("Design", "CA1032", Justification = "An exception without an error and a remedy would help nobody.")]
public sealed class QpcException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="error">For programs.</param>
    /// <param name="message">A sentence that says what is wrong.</param>
    /// <param name="remedy">A sentence that says what to do about it.</param>
    /// <param name="innerException">What caused it.</param>
    public QpcException(QpcError error, string message, string remedy, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
        Remedy = remedy;
    }

    /// <summary>For programs.</summary>
    public QpcError Error { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>The server's stable code (docs/protocol/errors.md), where the server refused; null otherwise.</summary>
    public string? ServerCode { get; init; }
}
