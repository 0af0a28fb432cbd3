package io.sluice.store.file;

import io.sluice.price.ModelPrice;
import io.sluice.price.PriceBook;
import io.sluice.price.PriceList;
import io.sluice.support.AtomicFile;
import java.nio.file.Path;
import java.util.List;

/**
 * The prices that a project declares, in {@code .sluice/model-prices.json}: what it pays instead of the list prices, and what
 * models cost that the library does not know. Only read; a person writes it, see {@link PriceList}.
 *
 * <p>Thread-safe. Blocks on the file system, so it does not belong on an event loop.
 */
public final class PriceFile {

    private final Path path;

    private PriceFile(Path path) {
        this.path = path;
    }

    /** The file of a project. It need not exist. */
    public static PriceFile in(Path projectDirectory) {
        return new PriceFile(projectDirectory.resolve(".sluice").resolve("model-prices.json"));
    }

    /** Where the file is or would be. */
    public Path path() {
        return path;
    }

    /**
     * The prices in the file; none where there is no file. Creates nothing.
     *
     * @throws io.sluice.price.PriceListException if anything in it is wrong: then nothing of it counts
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public List<ModelPrice> read() {
        byte[] content = AtomicFile.read(path);
        return content == null ? List.of() : PriceList.parse(path.toString(), content);
    }

    /**
     * The built-in prices with those of the file in their place.
     *
     * @throws io.sluice.price.PriceListException if anything in it is wrong
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public PriceBook load() {
        return PriceBook.builtin().with(read());
    }
}
