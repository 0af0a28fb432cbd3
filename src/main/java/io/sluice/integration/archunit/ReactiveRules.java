package io.sluice.integration.archunit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.reactivestreams.Publisher;

/**
 * Rules for reactive code, to be checked in a project's own tests:
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "com.example")
 * class ReactiveRulesTest {
 *     @ArchTest static final ArchRule blocking = ReactiveRules.BLOCKING_HAS_A_TIMEOUT;
 *     @ArchTest static final ArchRule sleeping = ReactiveRules.NO_SLEEP_IN_A_LOOP;
 *     @ArchTest static final ArchRule subscribing = ReactiveRules.NO_SUBSCRIBE_WHERE_A_PUBLISHER_IS_RETURNED;
 * }
 * }</pre>
 *
 * <p>The rules look at compiled classes. What a lambda does counts for the method that it is written in. Rules without
 * classes to check fail, as always with ArchUnit, unless {@code allowEmptyShould(true)} is added. Immutable, for any thread.
 */
public final class ReactiveRules {

    private static final Set<String> BLOCKING = Set.of("block", "blockOptional", "blockFirst", "blockLast");

    /**
     * Nobody calls {@code block()}, {@code blockOptional()}, {@code blockFirst()} or {@code blockLast()} of Reactor without
     * a time-out: such a call waits for as long as the other side likes.
     */
    public static final ArchRule BLOCKING_HAS_A_TIMEOUT = classes()
            .should(not(callMethodWhere(
                            describe("a blocking method of Reactor without a time-out", ReactiveRules::blocksForEver)))
                    .as("not block without a time-out"))
            .because("a block() without a time-out waits for ever if no signal comes; pass a Duration");

    /**
     * Nobody calls {@code Thread.sleep} or {@code TimeUnit.sleep} within a loop: that is polling, which holds a thread and
     * mostly has no end. Reactor's {@code repeatWhen}, {@code retryWhen} and {@code interval} do it without.
     */
    public static final ArchRule NO_SLEEP_IN_A_LOOP = classes()
            .should(new NoSleepInALoop())
            .because("polling with a sleep holds a thread; use retryWhen, repeatWhen or interval, with a limit");

    /**
     * No method that returns a {@link Publisher} subscribes to one: what is subscribed there is not cancelled with what is
     * returned, has another Context, and its errors go astray. It should be composed, as with {@code flatMap} or
     * {@code then}.
     */
    public static final ArchRule NO_SUBSCRIBE_WHERE_A_PUBLISHER_IS_RETURNED = methods()
            .that()
            .haveRawReturnType(describe("a Publisher", type -> type.isAssignableTo(Publisher.class)))
            .should(notSubscribe())
            .because("what is subscribed inside is not cancelled with what is returned; compose it instead");

    private ReactiveRules() {}

    private static boolean blocksForEver(JavaMethodCall call) {
        return BLOCKING.contains(call.getName())
                && call.getTarget().getRawParameterTypes().isEmpty()
                && isOfPublisher(call.getTarget());
    }

    private static boolean isOfPublisher(MethodCallTarget target) {
        return target.getOwner().isAssignableTo(Publisher.class);
    }

    private static ArchCondition<JavaMethod> notSubscribe() {
        return new ArchCondition<>("not subscribe") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                for (JavaMethodCall call : method.getMethodCallsFromSelf()) {
                    boolean subscribes = call.getName().startsWith("subscribe") && isOfPublisher(call.getTarget());
                    if (subscribes && !"subscribeOn".equals(call.getName())) {
                        events.add(SimpleConditionEvent.violated(method, call.getDescription()));
                    }
                }
            }
        };
    }
}
