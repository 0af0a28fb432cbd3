package io.sluice.cli;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A batch could not begin, or not go on. */
final class BatchFailedException extends SluiceException {

    private BatchFailedException(String message) {
        super(message, null, FailureClass.CALLER, null, false);
    }

    static BatchFailedException input(String name, IOException failure) {
        return new BatchFailedException("cannot read " + name + ": " + reason(failure));
    }

    static BatchFailedException output(Path file, IOException failure) {
        return failure instanceof FileAlreadyExistsException
                ? new BatchFailedException(file
                        + " exists, and holds results; add --resume to go on after them, name another file with -o, or"
                        + " replace it with --overwrite")
                : new BatchFailedException("cannot write " + file + ": " + reason(failure));
    }

    static BatchFailedException matching(Path file, String input, IOException failure) {
        return new BatchFailedException("cannot look up in " + file + " what was done of " + input + ": "
                + reason(failure) + ". Nothing was sent, and no result is lost.");
    }

    static BatchFailedException broken(String name, IOException failure) {
        return new BatchFailedException(
                "the batch broke off: " + name + ": " + reason(failure) + ". What was done before is in the results.");
    }

    static BatchFailedException port(BindException failure) {
        return new BatchFailedException("the simulator cannot open a port of this machine: " + failure.getMessage());
    }

    private static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
