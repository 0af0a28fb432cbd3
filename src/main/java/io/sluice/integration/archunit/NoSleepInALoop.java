package io.sluice.integration.archunit;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;

/** Reads the code of a class, because ArchUnit knows calls and not the loops around them. */
final class NoSleepInALoop extends ArchCondition<JavaClass> {

    NoSleepInALoop() {
        super("not sleep in a loop");
    }

    @Override
    public void check(JavaClass one, ConditionEvents events) {
        Optional<URI> source = one.getSource().map(found -> found.getUri());
        boolean mayHold = one.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getName().equals("sleep"));
        if (source.isEmpty() || !mayHold) {
            return;
        }
        try (InputStream in = source.get().toURL().openStream()) {
            for (ClassCode.Call call : ClassCode.callsInLoops(in, NoSleepInALoop::isSleep)) {
                String message = "Method <" + one.getFullName() + "." + call.method() + "> sleeps in a loop in ("
                        + one.getSource().flatMap(found -> found.getFileName()).orElse(one.getSimpleName() + ".java")
                        + ":"
                        + call.line() + ")";
                events.add(SimpleConditionEvent.violated(one, message));
            }
        } catch (IOException unreadable) {
            events.add(SimpleConditionEvent.violated(
                    one, "Class <" + one.getFullName() + "> cannot be read from " + source.get() + ": " + unreadable));
        }
    }

    private static boolean isSleep(String owner, String name) {
        return name.equals("sleep")
                && (owner.equals("java/lang/Thread") || owner.equals("java/util/concurrent/TimeUnit"));
    }
}
