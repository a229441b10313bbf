using System.Runtime.InteropServices;
using ModelMigrate.Commands;
using ModelMigrate.Output;

using var stop = new CancellationTokenSource();

// The first signal asks the command to end in its own way (serve drains); the second ends the process at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, Terminal.OfProcess(), stop.Token);
