package io.sluice.loopcheck;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks scripts for loops and waits that nothing ends: rule H11. Languages are shell (sh, bash, ksh, zsh), PowerShell, cmd
 * and Python; a script is known by its name ({@code .sh .bash .ksh .zsh .ps1 .psm1 .cmd .bat .py}) or by its first line.
 *
 * <p>A loop is bounded if on each way through a round that can be repeated it passes a test that must turn out otherwise one
 * day, and this leads out: of a counter that moves on that way and is nowhere set back, of the clock against something that
 * stands still, of what is taken from a list or a stack, of a read from an input that ends. What is said in comments,
 * strings and here-documents does not count, except for a here-document that an interpreter is given as its script. A
 * script of another program that stands in a string ({@code bash -c '...'}) is not looked at, nor what is run from another
 * file; of functions defined elsewhere, those are taken for ending the script that are called so by custom: {@code die},
 * {@code fail}, {@code fatal}, {@code usage} and the like.
 *
 * <p>A loop that sleeps, may succeed, and gives up at a limit must say so there or behind it; if not, it gets a warning. So
 * do commands that may wait for ever and have no time-out of their own; {@code docs} lists them.
 *
 * <p>A comment {@code sluice:allow H11 <reason>} at a finding's line or on the lines before it suppresses one.
 *
 * <p>Reads files, so it blocks; safe for use by several threads.
 */
public final class LoopCheck {

    /** The largest script that is looked at, in bytes. */
    public static final int MOST_BYTES = 5 * 1024 * 1024;

    private final List<Finding> findings = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private int files;
    private int suppressed;

    private LoopCheck() {}

    /**
     * The scripts of a project: the files directly in its root, and all in {@code scripts}, {@code bin}, {@code tools},
     * {@code ci} and {@code .github}. Files are named relative to the root.
     */
    public static Report project(Path root) {
        LoopCheck check = new LoopCheck();
        check.all(ScriptFiles.ofProject(root), root);
        return check.report();
    }

    /**
     * The scripts in a directory and below, or one file. Files are named as they are reached from there, so that a relative
     * path stays one.
     */
    public static Report in(Path given) {
        LoopCheck check = new LoopCheck();
        check.all(ScriptFiles.in(given), null);
        return check.report();
    }

    /**
     * One script.
     *
     * @param name its file name, by which its language is known where its first line does not tell
     */
    public static Report script(String name, byte[] content) {
        LoopCheck check = new LoopCheck();
        check.one(name, content);
        return check.report();
    }

    private void all(ScriptFiles found, @Nullable Path root) {
        for (Path file : found.unread) {
            skipped.add(new Skipped(name(file, root), "cannot be read"));
        }
        for (Path file : found.files) {
            String name = name(file, root);
            try {
                Language byName = Language.ofName(name);
                if (byName == null && !mayBeScript(file)) {
                    continue;
                }
                if (Files.size(file) > MOST_BYTES) {
                    files++;
                    skipped.add(new Skipped(name, "larger than " + MOST_BYTES / 1024 / 1024 + " MiB"));
                } else {
                    one(name, Files.readAllBytes(file));
                }
            } catch (IOException failure) {
                files++;
                skipped.add(new Skipped(name, "cannot be read"));
            }
        }
    }

    private static boolean mayBeScript(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ScriptText.mayNameInterpreter(in.readNBytes(6));
        }
    }

    private static String name(Path file, @Nullable Path root) {
        Path path = root == null ? file.normalize() : root.relativize(file);
        return path.toString().replace('\\', '/');
    }

    private void one(String name, byte[] content) {
        files++;
        try {
            String text = ScriptText.of(content);
            Language language = Language.of(name, text);
            if (language == null) {
                files--;
                return;
            }
            Script script = language.parse(text, 1);
            Suppressions result = Suppressions.apply(name, ScriptJudge.judge(name, script), script.allComments());
            findings.addAll(result.left());
            suppressed += result.suppressed();
        } catch (UnreadableScriptException unreadable) {
            skipped.add(new Skipped(name, String.valueOf(unreadable.getMessage())));
        } catch (StackOverflowError tooDeep) {
            skipped.add(new Skipped(name, "nested too deep"));
        }
    }

    private Report report() {
        Collections.sort(findings);
        skipped.sort(java.util.Comparator.comparing(Skipped::file));
        return new Report(files, findings, skipped, suppressed);
    }
}
