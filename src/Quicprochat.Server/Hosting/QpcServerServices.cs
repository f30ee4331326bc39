using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Quicprochat.Server.Hosting;

/// <summary>Adds a server to a host.</summary>
public static class QpcServerServices
{
    /// <summary>Adds a server that starts and stops with the host, which refuses to start when the options are wrong. <see cref="QpcServerService"/> gives access to it.</summary>
    public static IServiceCollection AddQpcServer(this IServiceCollection services, Action<QpcServerOptions>? configure = null)
    {
        services.AddSingleton<IValidateOptions<QpcServerOptions>, QpcServerOptionsCheck>();
        services.AddOptions<QpcServerOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.AddSingleton<QpcServerService>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<QpcServerService>());
        return services;
    }

    /// <summary>Adds a server with these options.</summary>
    public static IServiceCollection AddQpcServer(this IServiceCollection services, QpcServerOptions options)
    {
        services.AddQpcServer();
        services.AddSingleton(Options.Create(options));
        return services;
    }
}
