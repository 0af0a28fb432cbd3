package io.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sluice.support.Internal;
import io.sluice.support.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The rules of the house, over the classes as they are compiled. */
class ArchitectureTest {

    private static final String ROOT = "io.sluice";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static String packageOf(JavaClass one) {
        String name = one.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static boolean isOurs(JavaClass one) {
        return one.getPackageName().equals(ROOT) || one.getPackageName().startsWith(ROOT + ".");
    }

    // ---- packages ----

    @Test
    void everyPackageHasItsFloor() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            if (!Floors.isKnown(packageOf(one))) {
                unknown.add(one.getPackageName());
            }
        }
        assertThat(unknown)
                .as("packages that stand on no floor; put them into Floors, and into the architecture page")
                .isEmpty();
    }

    @Test
    void everyPackageUsesOnlyWhatItsFloorMayUse() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            String user = packageOf(one);
            one.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String used = isOurs(target) ? packageOf(target) : user;
                if (!Floors.mayUse(user, used)) {
                    wrong.add(one.getName() + " (" + user + ", floor " + Floors.floorOf(user) + ") uses "
                            + target.getName() + " (floor " + Floors.floorOf(used) + ")");
                }
            });
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.sluice.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void thePureCheckerOfScriptsUsesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.sluice.loopcheck")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.sluice.loopcheck", "java..", "org.jspecify..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(one -> packages.add(one.getPackageName()));
        List<String> unmarked = new ArrayList<>();
        for (String one : packages) {
            JavaClass info = CLASSES.contain(one + ".package-info") ? CLASSES.get(one + ".package-info") : null;
            if (info == null || !info.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(one);
            }
        }
        assertThat(unmarked)
                .as("packages without a package-info that is @NullMarked")
                .isEmpty();
    }

    // ---- what is called ----

    private static DescribedPredicate<JavaAccess<?>> call(Class<?> owner, String namePattern) {
        Pattern names = Pattern.compile(namePattern);
        return describe("a call of " + owner.getSimpleName() + "." + namePattern, access -> {
            AccessTarget target = access.getTarget();
            return names.matcher(target.getName()).matches()
                    && target.getOwner().isAssignableTo(owner);
        });
    }

    private static void nobodyCalls(Class<?> owner, String namePattern, String because, String... exceptPackages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(exceptPackages)
                .should()
                .accessTargetWhere(call(owner, namePattern))
                .because(because)
                .check(CLASSES);
    }

    @Test
    void nobodyBlocksOutsideTheCommandLine() {
        String because = "a blocked event loop stops everybody; only the command line may wait";
        String cli = "io.sluice.cli..";
        // Callbacks of JUnit are synchronous, on threads of its own; the one class there waits for a port.
        nobodyCalls(Mono.class, "block|blockOptional|toFuture", because, cli, "io.sluice.integration.junit");
        nobodyCalls(Flux.class, "blockFirst|blockLast|toIterable|toStream", because, cli);
        nobodyCalls(Thread.class, "sleep|join|yield|onSpinWait", because, cli);
        nobodyCalls(Object.class, "wait", because, cli);
        nobodyCalls(CountDownLatch.class, "await", because, cli);
        nobodyCalls(Future.class, "get|join|sync|syncUninterruptibly|await|awaitUninterruptibly", because, cli);
    }

    @Test
    void onlyTheLockOfAFileParks() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.sluice.support.WriteLock")
                .and()
                .resideOutsideOfPackage("io.sluice.cli..")
                .should()
                .accessTargetWhere(call(LockSupport.class, "park.*"))
                .because("files are written on threads that may block, and wait for other processes; nothing else does")
                .check(CLASSES);
    }

    @Test
    void nobodySubscribesWithoutListening() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.sluice.cli..")
                .should()
                .accessTargetWhere(describe(
                        "a bare subscribe()",
                        access -> access.getTarget() instanceof AccessTarget.CodeUnitCallTarget target
                                && target.getName().equals("subscribe")
                                && target.getRawParameterTypes().isEmpty()
                                && (target.getOwner().isAssignableTo(Mono.class)
                                        || target.getOwner().isAssignableTo(Flux.class))))
                .because("its errors would be heard by nobody")
                .check(CLASSES);
    }

    @Test
    void clocksAreReadInFewPlaces() {
        String because = "everything waits on the one clock of its scheduler, so that virtual time works";
        String[] exempt = {"io.sluice.time..", "io.sluice.store..", "io.sluice.cli..", "io.sluice.console.."};
        noClasses()
                .that()
                .resideOutsideOfPackages(exempt)
                .and()
                // Waits for other processes in real time, which no scheduler can virtualise.
                .doNotHaveFullyQualifiedName("io.sluice.support.WriteLock")
                .should()
                .accessTargetWhere(call(System.class, "nanoTime|currentTimeMillis"))
                .because(because)
                .check(CLASSES);
        nobodyCalls(Clock.class, "system.*|tick.*", because, exempt);
        noClasses()
                .that()
                .resideOutsideOfPackages(exempt)
                .should()
                .accessTargetWhere(describe(
                        "a call of now() of java.time",
                        access -> access.getTarget() instanceof AccessTarget.CodeUnitCallTarget target
                                && target.getName().equals("now")
                                && target.getOwner().getPackageName().equals(Instant.class.getPackageName())
                                && target.getRawParameterTypes().stream()
                                        .noneMatch(type -> type.isAssignableTo(Clock.class))))
                .because(because)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineHasAMain() {
        assertThat(CLASSES.stream()
                        .flatMap(one -> one.getMethods().stream())
                        .filter(method -> method.getName().equals("main")
                                && method.getModifiers().contains(JavaModifier.STATIC))
                        .map(method -> method.getOwner().getName()))
                .containsExactly("io.sluice.cli.Main");
    }

    @Test
    void onlyTheCommandLineTalksToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.sluice.cli..")
                .should()
                .accessTargetWhere(call(System.class, "out|err|in|exit|console"))
                .check(CLASSES);
    }

    @Test
    void thereIsOneJsonMapper() {
        DescribedPredicate<JavaAccess<?>> makes = describe("the making of a JSON mapper", access -> {
            AccessTarget target = access.getTarget();
            boolean maker = target.getName().matches("builder.*|shared|<init>|rebuild");
            return maker && target.getOwner().isAssignableTo(ObjectMapper.class);
        });
        noClasses()
                .that()
                .doNotBelongToAnyOf(Json.class)
                .should()
                .accessTargetWhere(makes)
                .because("what one part writes, the others read; take " + JsonMapper.class.getSimpleName()
                        + " from Json.mapper()")
                .check(CLASSES);
    }

    /** There a lock guards arithmetic or a file, and nobody signals while holding it. */
    private static final List<String> MAY_LOCK = List.of(
            "io.sluice.simulator", "io.sluice.batch", "io.sluice.store..", "io.sluice.console", "io.sluice.cli");

    @Test
    void noMethodLocksItsObject() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(MAY_LOCK.toArray(String[]::new))
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .because("a lock around an emission stops whoever else emits")
                .check(CLASSES);
    }

    /** The compiler leaves no name to look for in a class, so this looks at the sources. */
    @Test
    void noBlockLocksAnObject() throws IOException {
        Pattern block = Pattern.compile("^[^*/\"]*\\bsynchronized\\s*\\(");
        List<PackageMatcher> mayLock = MAY_LOCK.stream().map(PackageMatcher::of).toList();
        List<String> found = new ArrayList<>();
        Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = sources.relativize(file).toString();
                String packageName =
                        sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.');
                if (mayLock.stream().noneMatch(allowed -> allowed.matches(packageName))
                        && Files.readAllLines(file).stream()
                                .anyMatch(line -> block.matcher(line).find())) {
                    found.add(name);
                }
            }
        }
        assertThat(found).as("files with a synchronized block").isEmpty();
    }

    // ---- what users see ----

    private static boolean isInternal(JavaClass one) {
        return one.isAnnotatedWith(Internal.class)
                || one.getEnclosingClass().map(ArchitectureTest::isInternal).orElse(false);
    }

    private static boolean isPublic(JavaClass one) {
        return one.getModifiers().contains(JavaModifier.PUBLIC)
                && one.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    private static boolean isOpen(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || (member.getModifiers().contains(JavaModifier.PROTECTED)
                        && !member.getOwner().getModifiers().contains(JavaModifier.FINAL));
    }

    /** Every type of ours that the signature of a member holds, arguments of generic types included. */
    private static Set<JavaClass> signature(JavaMember member) {
        Set<JavaClass> types = new LinkedHashSet<>();
        if (member instanceof JavaField field) {
            types.addAll(field.getType().getAllInvolvedRawTypes());
        } else if (member instanceof JavaCodeUnit unit) {
            types.addAll(unit.getReturnType().getAllInvolvedRawTypes());
            unit.getParameterTypes().forEach(type -> types.addAll(type.getAllInvolvedRawTypes()));
            unit.getTypeParameters().forEach(type -> types.addAll(type.getAllInvolvedRawTypes()));
            types.addAll(unit.getExceptionTypes());
        }
        types.removeIf(type -> !isOurs(type.getBaseComponentType()));
        return types;
    }

    private static Set<String> signaturesWith(
            DescribedPredicate<JavaClass> owners, BiPredicate<JavaClass, JavaClass> ownerAndType) {
        Set<String> found = new TreeSet<>();
        for (JavaClass owner : CLASSES) {
            if (isPublic(owner) && owners.test(owner)) {
                for (JavaMember member : owner.getMembers()) {
                    boolean seen = isOpen(member)
                            && !member.isAnnotatedWith(Internal.class)
                            && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
                    for (JavaClass type : seen ? signature(member) : Set.<JavaClass>of()) {
                        if (ownerAndType.test(owner, type.getBaseComponentType())) {
                            found.add(member.getFullName() + " shows " + type.getName());
                        }
                    }
                }
            }
        }
        return found;
    }

    @Test
    void whatIsNotPublicIsInNoPublicSignature() {
        assertThat(signaturesWith(describe("any", owner -> true), (owner, type) -> !isPublic(type)))
                .isEmpty();
    }

    @Test
    void whatIsInternalIsInNoSignatureThatUsersSee() {
        assertThat(signaturesWith(
                        describe(
                                "outside support",
                                owner -> !isInternal(owner) && !packageOf(owner).equals("support")),
                        (owner, type) -> isInternal(type)))
                .isEmpty();
    }

    @Test
    void everythingPublicInSupportIsInternal() {
        assertThat(CLASSES.stream()
                        .filter(one -> packageOf(one).equals("support") && isPublic(one))
                        .filter(one -> !isInternal(one) && !one.isAnnotation())
                        .map(JavaClass::getName))
                .isEmpty();
    }
}
