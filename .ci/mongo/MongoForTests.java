import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * Serves MongoDB's wire protocol from one H2 file: `java MongoForTests <port> <file> [durable]`. Killed, it forgets
 * what it answered in the last 20 ms or so; when durable, nothing, at half the speed.
 */
public class MongoForTests {
  /** The library's own versions name an older protocol than the driver accepts; MongoDB 5.0 speaks 13. */
  static class Version5 implements MongoVersion {
    public List<Integer> getVersionArray() { return List.of(5, 0, 0); }
    public int getWireVersion() { return 13; }
  }

  /**
   * What it has answered, it still knows after `kill -9`, as MongoDB does with `j: true`: a command's changes, and
   * those that it may have seen, are in the file before its answer goes out. H2 is not left to write by itself: it
   * might do so between a document and its entry in an index, and a kill would then leave one without the other.
   */
  static class DurableBackend extends H2Backend {
    private static final Set<String> READS =
        Set.of("find", "getMore", "count", "aggregate", "distinct", "isMaster", "ismaster", "hello", "ping",
            "endSessions", "killCursors");
    /** Read: whoever changes documents, many at a time. Write: whoever writes the file, when none is half done. */
    private final ReentrantReadWriteLock changes = new ReentrantReadWriteLock();

    DurableBackend(MVStore store) { super(store); }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
      boolean mayChange = !READS.contains(command);
      if (mayChange) changes.readLock().lock();
      try {
        return super.handleCommand(channel, database, command, query);
      } finally {
        if (mayChange) changes.readLock().unlock();
        save();
      }
    }

    /** Whoever waited for its turn mostly finds its changes written by the one before. */
    private void save() {
      if (!getMvStore().hasUnsavedChanges()) return;
      changes.writeLock().lock();
      try {
        if (getMvStore().hasUnsavedChanges()) getMvStore().commit();
      } finally {
        changes.writeLock().unlock();
      }
    }
  }

  public static void main(String[] args) {
    boolean isDurable = args.length > 2 && args[2].equals("durable");
    H2Backend backend = isDurable ? durable(args[1]) : fast(args[1]);
    backend.version(new Version5());
    MongoServer server = new MongoServer(backend);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
  }

  private static H2Backend durable(String file) {
    MVStore store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
    // Space of the past is used again after this time: longer than any query takes.
    store.setRetentionTime(10_000);
    return new DurableBackend(store);
  }

  private static H2Backend fast(String file) {
    H2Backend backend = new H2Backend(file);
    // H2 writes in the background once a second; a killed server should lose as little as it can.
    backend.getMvStore().setAutoCommitDelay(20);
    return backend;
  }
}
