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

    @Test
    void theKitIsRunOnEachPublisher() throws ReflectiveOperationException {
        Set<String> written = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.sluice").stream()
                        .filter(type -> type.isAssignableTo(Publisher.class) && !isAbstract(type))
                        .map(JavaClass::getName)
                        .filter(name -> !name.contains("Test$"))
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
