using Microsoft.Extensions.Options;

namespace Quicprochat.Server.Hosting;

/// <summary>Lets a host refuse to start with all faults of the options.</summary>
internal sealed class QpcServerOptionsCheck : IValidateOptions<QpcServerOptions>
{
    public ValidateOptionsResult Validate(string? name, QpcServerOptions options) =>
        options.Validate() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
