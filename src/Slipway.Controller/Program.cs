using System.Runtime.InteropServices;
using Slipway.Configuration;
using Slipway.Controller;
using Slipway.Controller.Options;
using Slipway.Kube;

// The image's entry point. `slipway run` is the same with a command line; here everything comes from the environment, as a Deployment
// gives it.
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    await ControllerHost.RunAsync(EnvironmentOptions.Read(Environment.GetEnvironmentVariable), stopping.Token);
    return 0;
}
catch (ConfigurationException e)
{
    await Console.Error.WriteLineAsync($"slipway-controller: {e.Message}");
    return 2;
}
catch (ConnectionException e)
{
    await Console.Error.WriteLineAsync($"slipway-controller: {e.Message}");
    return 3;
}

void Stop(PosixSignalContext signal)
{
    // The process ends by itself when its last pass has ended.
    signal.Cancel = true;
    stopping.Cancel();
}
