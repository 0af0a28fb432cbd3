package io.sluice;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.sluice.support.Internal;
import io.sluice.support.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The house: which floor a package is on, what it may use, and what nobody may do. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.sluice";

    /** The floor of each package below the root, which itself is under all of them. */
    private static final Map<String, Integer> FLOORS = new TreeMap<>(Map.ofEntries(
            Map.entry("", 0),
            Map.entry("model", 0),
            Map.entry("time", 0),
            Map.entry("support", 0),
            Map.entry("failure", 1),
            Map.entry("tokens", 1),
            Map.entry("call", 1),
            Map.entry("transport", 1),
            Map.entry("ratelimit", 2),
            Map.entry("llm", 4),
            Map.entry("llm.openai", 4),
            Map.entry("simulator", 4),
            Map.entry("store.file", 4),
            Map.entry("batch", 5),
            Map.entry("cli", 7)));

    /** What a package may use of its own floor. */
    private static final Map<String, Set<String>> NEIGHBOURS = Map.of(
            "model", Set.of(""),
            "time", Set.of(""),
            "support", Set.of("", "time"),
            "transport", Set.of("call"),
            "llm.openai", Set.of("llm"));

    /** What a package may not use although it is lower: the judge stays independent of what it judges. */
    private static final Map<String, Set<String>> NEVER = Map.of("simulator", Set.of("ratelimit"));

    @ArchTest
    static final ArchRule packagesOnlyLookDown = ArchRuleDefinition.classes().should(onlyLookDown());

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.cli..")
            .should()
            .callMethodWhere(
                    target(nameMatching("block|blockOptional|blockFirst|blockLast|toIterable|toStream|toFuture"))
                            .and(target(owner(belongToAnyOf(Mono.class, Flux.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("sleep|join")).and(target(owner(belongToAnyOf(Thread.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("wait")).and(target(owner(belongToAnyOf(Object.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("await")).and(target(owner(belongToAnyOf(CountDownLatch.class)))));

    @ArchTest
    static final ArchRule clocksAreReadInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackages("io.sluice.time..", "io.sluice.support..", "io.sluice.store..", "io.sluice.cli..")
            .should()
            .callMethodWhere(
                    target(nameMatching("nanoTime|currentTimeMillis")).and(target(owner(belongToAnyOf(System.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("now")).and(target(owner(belongToAnyOf(Instant.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("system.*")).and(target(owner(belongToAnyOf(Clock.class)))));

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule thereIsOneJsonMapper = noClasses()
            .that()
            .doNotBelongToAnyOf(Json.class)
            .should()
            .callMethodWhere(target(nameMatching("builder|shared")).and(target(owner(belongToAnyOf(JsonMapper.class)))))
            .orShould()
            .callConstructor(JsonMapper.class);

    @ArchTest
    static final ArchRule theLimiterTakesNoLocks = ArchRuleDefinition.noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("io.sluice.ratelimit..", "io.sluice.time..", "io.sluice.call..")
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule internalTypesStayInside = ArchRuleDefinition.methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat(publicAndNotInternal())
            .should(new ArchCondition<>("have no internal types in their signatures") {
                @Override
                public void check(com.tngtech.archunit.core.domain.JavaMethod method, ConditionEvents events) {
                    method.getAllInvolvedRawTypes().stream()
                            .filter(type -> type.isAnnotatedWith(Internal.class))
                            .forEach(type -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " shows the internal " + type.getName())));
                }
            });

    @ArchTest
    static void everyPackageIsNullMarkedAndHasAFloor(com.tngtech.archunit.core.domain.JavaClasses classes) {
        Set<String> packages = new java.util.TreeSet<>();
        classes.forEach(type -> packages.add(type.getPackageName()));

        assertThat(packages).allSatisfy(name -> {
            assertThat(FLOORS).as("the floor of " + name).containsKey(relative(name));
            assertThat(classes.get(name + ".package-info").isAnnotatedWith(NullMarked.class))
                    .as(name + " is @NullMarked")
                    .isTrue();
        });
    }

    @ArchTest
    static void onlyOneClassHasAMain(com.tngtech.archunit.core.domain.JavaClasses classes) {
        List<String> mains = classes.stream()
                .filter(type -> type.getMethods().stream()
                        .anyMatch(method -> method.getName().equals("main")
                                && method.getModifiers().contains(JavaModifier.STATIC)))
                .map(JavaClass::getName)
                .toList();

        assertThat(mains).containsExactly("io.sluice.cli.Main");
    }

    private static DescribedPredicate<JavaClass> publicAndNotInternal() {
        return DescribedPredicate.describe(
                "are public and not internal",
                type -> type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isAnnotatedWith(Internal.class));
    }

    private static ArchCondition<JavaClass> onlyLookDown() {
        return new ArchCondition<>("use lower floors only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String from = relative(type.getPackageName());
                for (Dependency use : type.getDirectDependenciesFromSelf()) {
                    String name = use.getTargetClass().getBaseComponentType().getPackageName();
                    if ((name.equals(ROOT) || name.startsWith(ROOT + ".")) && !mayUse(from, relative(name))) {
                        events.add(SimpleConditionEvent.violated(type, use.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean mayUse(String from, String to) {
        if (from.equals(to)) {
            return true;
        }
        if (NEVER.getOrDefault(from, Set.of()).contains(to)) {
            return false;
        }
        int mine = FLOORS.getOrDefault(from, -1);
        int other = FLOORS.getOrDefault(to, Integer.MAX_VALUE);
        return other < mine || NEIGHBOURS.getOrDefault(from, Set.of()).contains(to);
    }

    private static String relative(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }
}
