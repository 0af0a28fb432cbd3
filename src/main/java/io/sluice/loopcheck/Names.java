package io.sluice.loopcheck;

import java.util.regex.Pattern;

/** What the name of a function tells that is defined elsewhere. */
final class Names {

    private static final Pattern ENDS = Pattern.compile(
            "(?i)(.*[_.:-])?(die|fatal|abort|bail|panic|croak|fail|usage|errexit|(?:err(?:or)?|exit|quit|die|fail|fatal|log)_?"
                    + "(?:and_?)?(?:exit|die|fatal|abort|quit|fail|error)(?:_?with_?(?:err(?:or)?|msg|message|code))?|exit_with_\\w+"
                    + "|error_?out|show_?usage|print_?usage|show_?help)");

    private static final Pattern SAYS = Pattern.compile(
            "(?i)_*(.*[_.:-])?(echo|echo_?\\w+|print\\w*|log|log_?\\w+|logger|warn|warning|err|error|info|msg|message|notice|notify|debug|say|report|die|fatal|fail\\w*|abort|usage|stderr|e?error|ewarn|einfo|cecho|color_?\\w*)(_?\\w+)?");

    private static final int MOST = 60;

    private Names() {}

    /** By common usage a function of that name ends the script, with a message. */
    static boolean ends(String name) {
        return name.length() < MOST && ENDS.matcher(name).matches();
    }

    /** Unless the script says otherwise, a function that is called so is taken for one that ends it. */
    static void declareIfItEnds(String name, Script script) {
        if (ends(name)) {
            Node.Jump end = new Node.Jump(0, Node.Way.EXIT, null, 1, true, null);
            script.functions.putIfAbsent(name, new Node.Function(0, name, Block.of(end), java.util.Set.of(), true));
        }
    }

    /** By common usage a function of that name tells something. */
    static boolean says(String name) {
        return name.length() < MOST && SAYS.matcher(name).matches();
    }
}
