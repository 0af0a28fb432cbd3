package io.sluice.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

/** No publisher of this library is left out: the kit is run on each class that implements one. */
class EveryPublisherTest {

    /**
     * Pieces that are no operators by themselves. Those of the governor are within govern and governMany, which the kit is run
     * on; events never end by themselves, so that the kit cannot count them, and their subscription is the source's own.
     */
    private static final Set<String> PIECES = Set.of(
            "io.sluice.governor.EndingFlux",
            "io.sluice.governor.EndingMono",
            "io.sluice.governor.FluxRoute$Sending",
            "io.sluice.governor.MonoRoute$Sending",
            "io.sluice.budget.HeardFlux");

    @Test
    void theKitIsRunOnEachPublisher() throws ReflectiveOperationException {
        Set<String> written = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.sluice").stream()
                        .filter(type -> type.isAssignableTo(Publisher.class) && !isAbstract(type))
                        .map(JavaClass::getName)
                        .filter(name -> !name.contains("Test$") && !PIECES.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> verified = new TreeSet<>();
        for (JavaClass test : new ClassFileImporter().importPackages("io.sluice.tck")) {
            if (test.isAssignableTo(PublisherVerification.class) && !isAbstract(test)) {
                PublisherVerification<?> verification = (PublisherVerification<?>)
                        test.reflect().getDeclaredConstructor().newInstance();
                verified.add(verification.createPublisher(1).getClass().getName());
            }
        }
        assertThat(written).isNotEmpty().isSubsetOf(verified);
    }

    private static boolean isAbstract(JavaClass type) {
        return type.isInterface() || type.getModifiers().contains(JavaModifier.ABSTRACT);
    }
}
