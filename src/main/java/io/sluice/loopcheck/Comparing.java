package io.sluice.loopcheck;

/** Comparing numbers that stand in the script. */
final class Comparing {

    private Comparing() {}

    static boolean holds(long left, String op, long right) {
        return switch (op) {
            case "<", "-lt", "lss" -> left < right;
            case "<=", "-le", "leq" -> left <= right;
            case ">", "-gt", "gtr" -> left > right;
            case ">=", "-ge", "geq" -> left >= right;
            case "!=", "-ne", "neq" -> left != right;
            default -> left == right;
        };
    }
}
