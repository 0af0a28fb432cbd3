package io.sluice.approval;

import io.sluice.FailureClass;
import java.util.List;

/** Edited arguments are not such as the request may be carried out with. Over HTTP: 422. */
public final class EditRefusedException extends ApprovalException {

    private final List<String> problems;

    /**
     * @param id the request
     * @param problems what is wrong with the arguments, each in words that do not repeat them; at least one
     */
    public EditRefusedException(String id, List<String> problems) {
        super(
                id,
                "The edited arguments of " + id + " were refused: " + String.join("; ", problems)
                        + ". Correct them, or decide about those asked for.",
                FailureClass.CALLER);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong with them. */
    public List<String> problems() {
        return problems;
    }
}
