package io.sluice.loopcheck;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files are looked at. What a directory's link leads to is not; a link to a file is. */
final class ScriptFiles {

    /** The directories of a project that hold scripts by custom. */
    static final List<String> CUSTOMARY = List.of("scripts", "bin", "tools", "ci", ".github");

    /** What others wrote or a tool made. */
    private static final Set<String> FOREIGN = Set.of(
            ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".terraform", ".gradle");

    /** Files, sorted. */
    final Set<Path> files = new TreeSet<>();
    /** Where it could not be looked. */
    final List<Path> unread = new ArrayList<>();

    /** The files directly in a project's root, and all in its customary directories. */
    static ScriptFiles ofProject(Path root) {
        ScriptFiles found = new ScriptFiles();
        found.add(root, 1);
        CUSTOMARY.forEach(name -> found.add(root.resolve(name), Integer.MAX_VALUE));
        return found;
    }

    /** All files in a directory and those below, or a single file. */
    static ScriptFiles in(Path given) {
        ScriptFiles found = new ScriptFiles();
        found.add(given, Integer.MAX_VALUE);
        return found;
    }

    private void add(Path start, int depth) {
        if (!Files.exists(start)) {
            return;
        }
        try {
            Files.walkFileTree(start, Collections.emptySet(), depth, new SimpleFileVisitor<Path>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    Path name = directory.getFileName();
                    boolean foreign = !directory.equals(start) && name != null && FOREIGN.contains(name.toString());
                    return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    // A pipe or a device would never end.
                    if (attributes.isRegularFile() || (attributes.isSymbolicLink() && Files.isRegularFile(file))) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    unread.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            unread.add(start);
        }
    }
}
