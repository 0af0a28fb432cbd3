package io.sluice.loopcheck;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 * <p>A test of whether a limit is wanted at all ({@code timeout != 0}) is taken to say yes. A loop that sleeps, may
 * succeed, and gives up at a limit must say so there or behind it; if not, it gets a warning.
 *
 * <p>Commands that may wait for ever, and have no time-out where they stand, get a warning too. A default of the command's
 * own does not count; {@code timeout DURATION} before it does, and so does an option in a variable that the script sets:
 *
 * <ul>
 *   <li>programs, in shell, PowerShell and cmd: {@code curl}, {@code wget}, {@code nc} ({@code ncat}, {@code netcat}),
 *       {@code ssh}, {@code scp}, {@code sftp}, {@code rsync} of another host, {@code telnet}, {@code ping} without a count,
 *       {@code tail -f}, {@code journalctl -f}, {@code dmesg -w}, {@code watch}, {@code inotifywait}, {@code flock},
 *       {@code mosquitto_sub}, {@code sleep infinity}; {@code docker} and {@code podman} {@code wait}, {@code logs -f},
 *       {@code attach}, {@code events}; {@code kubectl} and {@code oc} {@code wait}, {@code rollout status}, {@code logs -f},
 *       {@code get --watch}, {@code attach}, {@code port-forward}; {@code gh run watch}
 *   <li>shell: {@code wait} for jobs that are not under {@code timeout}; {@code read} with a prompt or from the terminal
 *       without {@code -t}; {@code select}
 *   <li>PowerShell: {@code Invoke-WebRequest}, {@code Invoke-RestMethod}, {@code Wait-Job}, {@code Wait-Process},
 *       {@code Wait-Event}, {@code Start-Process -Wait}, {@code Receive-Job -Wait}, {@code Restart-Computer -Wait},
 *       {@code Get-Content -Wait}, {@code Read-Host}, {@code pause}; the methods {@code WaitForExit()}, {@code WaitOne()},
 *       {@code Wait()}, {@code GetResult()}, {@code WaitForStatus(..)}, {@code AcceptTcpClient()}, {@code ReadKey()},
 *       {@code [Console]::ReadLine()}
 *   <li>cmd: {@code pause}, {@code set /p}, {@code choice} and {@code waitfor} without {@code /t}, {@code start /wait},
 *       {@code ping -t}, {@code timeout /t -1}
 *   <li>Python: {@code subprocess.run}, {@code call}, {@code check_call}, {@code check_output}; {@code communicate()},
 *       {@code wait()}, {@code join()}, {@code acquire()}, {@code get()} of a queue, {@code result()} of a future;
 *       {@code requests} and its sessions, {@code urlopen}, {@code socket.create_connection}, {@code accept} and {@code recv}
 *       of a socket without {@code settimeout}, {@code HTTPConnection}, {@code SMTP}, {@code FTP} and their kin;
 *       {@code asyncio.wait}, {@code select.select}, {@code os.wait}, {@code os.waitpid}, {@code signal.pause},
 *       {@code input()}
 * </ul>
 *
 * <p>A comment {@code sluice:allow H11 <reason>} at a finding's line or on the lines before it suppresses one.
 *
 * <p>Reads files, so it blocks, and uses the common pool to read several at once; safe for use by several threads.
 */
public final class LoopCheck {

    /** The largest script that is looked at, in bytes. */
    public static final int MOST_BYTES = 5 * 1024 * 1024;

    private static final Report NO_SCRIPT = new Report(0, List.of(), List.of(), 0);

    private LoopCheck() {}

    /**
     * The scripts of a project: the files directly in its root, and all in {@code scripts}, {@code bin}, {@code tools},
     * {@code ci} and {@code .github}. Files are named relative to the root.
     */
    public static Report project(Path root) {
        return all(ScriptFiles.ofProject(root), root);
    }

    /**
     * The scripts in a directory and below, or one file. Files are named as they are reached from there, so that a relative
     * path stays one.
     */
    public static Report in(Path given) {
        return all(ScriptFiles.in(given), null);
    }

    /**
     * One script.
     *
     * @param name its file name, by which its language is known where its first line does not tell
     */
    public static Report script(String name, byte[] content) {
        try {
            String text = ScriptText.of(content);
            Language language = Language.of(name, text);
            if (language == null) {
                return NO_SCRIPT;
            }
            Script script = language.parse(text, 1);
            List<Finding> found = ScriptJudge.judge(name, script);
            Suppressions result = Suppressions.apply(name, found, script.allComments());
            return new Report(1, result.left().stream().sorted().toList(), List.of(), result.suppressed());
        } catch (UnreadableScriptException unreadable) {
            return skipped(name, String.valueOf(unreadable.getMessage()));
        } catch (StackOverflowError tooDeep) {
            return skipped(name, "nested too deep");
        }
    }

    private static Report skipped(String name, String reason) {
        return new Report(1, List.of(), List.of(new Skipped(name, reason)), 0);
    }

    private static Report all(ScriptFiles found, @Nullable Path root) {
        // Files do not depend on each other, and there may be many.
        List<Report> reports = List.copyOf(found.files).parallelStream()
                .map(file -> file(file, name(file, root)))
                .toList();
        List<Finding> findings = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        found.unread.forEach(file -> skipped.add(new Skipped(name(file, root), "cannot be read")));
        int files = 0;
        int suppressed = 0;
        for (Report one : reports) {
            files += one.files();
            suppressed += one.suppressed();
            findings.addAll(one.findings());
            skipped.addAll(one.skipped());
        }
        Collections.sort(findings);
        skipped.sort(Comparator.comparing(Skipped::file));
        return new Report(files, findings, skipped, suppressed);
    }

    private static Report file(Path file, String name) {
        try {
            if (Language.ofName(name) == null && !mayBeScript(file)) {
                return NO_SCRIPT;
            }
            return Files.size(file) > MOST_BYTES
                    ? skipped(name, "larger than " + MOST_BYTES / 1024 / 1024 + " MiB")
                    : script(name, Files.readAllBytes(file));
        } catch (IOException failure) {
            return skipped(name, "cannot be read");
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
}
