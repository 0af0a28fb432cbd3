package io.sluice.cli;

import java.io.PrintWriter;
import reactor.core.scheduler.Schedulers;

/**
 * An error of the virtual machine, such as no memory, on any thread: what that thread was at will never end, so the program
 * ends, and says so. What was written before stays.
 */
final class FatalErrors {

    private FatalErrors() {}

    static void endTheProgram(PrintWriter err) {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> end(error, err));
        Schedulers.onHandleError("sluice", (thread, error) -> end(error, err));
    }

    private static void end(Throwable error, PrintWriter err) {
        if (error instanceof OutOfMemoryError) {
            err.println("sluice: out of memory; give the program more with java -Xmx, or let it do less at once with"
                    + " --concurrency");
        } else if (error instanceof VirtualMachineError) {
            err.println("sluice: internal error: " + error + ". This is a defect of sluice; please report it.");
        } else {
            return;
        }
        err.flush();
        // Not exit: hooks that wait for calls in flight would wait for what has ended.
        Runtime.getRuntime().halt(ExitCode.INTERNAL);
    }
}
