package io.sluice.integration.archunit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rules find, and what they leave alone. */
class ReactiveRulesTest {

    private static final JavaClasses KEEPING =
            new ClassFileImporter().importClasses(Keeping.class, Keeping.Brick.class);
    private static final JavaClasses BREAKING = new ClassFileImporter().importClasses(Breaking.class);

    private static List<String> broken(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }

    @Test
    void blockingWithoutATimeoutIsFound() {
        assertThat(broken(ReactiveRules.BLOCKING_HAS_A_TIMEOUT, BREAKING))
                .hasSize(4)
                .anyMatch(one -> one.contains("Mono.block()") && one.contains("(Breaking.java:"))
                .anyMatch(one -> one.contains("Mono.blockOptional()"))
                .anyMatch(one -> one.contains("Flux.blockFirst()"))
                .anyMatch(one -> one.contains("Flux.blockLast()"));
        assertThat(broken(ReactiveRules.BLOCKING_HAS_A_TIMEOUT, KEEPING)).isEmpty();
    }

    @Test
    void sleepingInALoopIsFound() {
        assertThat(broken(ReactiveRules.NO_SLEEP_IN_A_LOOP, BREAKING))
                .hasSize(3)
                .anyMatch(one -> one.matches(
                        "Method <.*Breaking\\.sleepInAWhile> sleeps in a loop in \\(Breaking\\.java:[1-9]\\d*\\)"))
                .anyMatch(one -> one.contains("sleepInADo>"))
                .anyMatch(one -> one.contains("sleepInALambda"));
        assertThat(broken(ReactiveRules.NO_SLEEP_IN_A_LOOP, KEEPING)).isEmpty();
    }

    @Test
    void subscribingWhereAPublisherIsReturnedIsFound() {
        assertThat(broken(ReactiveRules.NO_SUBSCRIBE_WHERE_A_PUBLISHER_IS_RETURNED, BREAKING))
                .hasSize(2)
                .anyMatch(one -> one.contains("subscribeInside()"))
                .anyMatch(one -> one.contains("subscribeInALambda()"));
        assertThat(broken(ReactiveRules.NO_SUBSCRIBE_WHERE_A_PUBLISHER_IS_RETURNED, KEEPING))
                .isEmpty();
    }

    @Test
    void aClassFromAJarIsRead() {
        JavaClasses fromJar = new ClassFileImporter().importClasses(reactor.core.publisher.Mono.class);
        assertThat(broken(ReactiveRules.NO_SLEEP_IN_A_LOOP, fromJar)).isEmpty();
    }
}
