import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.EmptyIndex;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Serves MongoDB's wire protocol from one H2 file: `java MongoForTests <port> <file> [durable]`. Killed, it forgets
 * what it answered in the last 20 ms or so; when durable, nothing, at half the speed.
 */
public class MongoForTests {
  /** The one file. Static, since H2Backend and H2Database open what is in it while they are constructed. */
  private static MVStore store;

  /** The library's own versions name an older protocol than the driver accepts; MongoDB 5.0 speaks 13. */
  static class Version5 implements MongoVersion {
    public List<Integer> getVersionArray() { return List.of(5, 0, 0); }
    public int getWireVersion() { return 13; }
  }

  /**
   * Finds by _id what is also asked for something else, as MongoDB does. The library looks at every document then, so
   * that each guarded update would cost more the more documents there are.
   */
  static class CollectionById extends H2Collection {
    CollectionById(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
      super(database, name, options, mapOf("databases.", database, name), mapOf("meta.", database, name), cursors);
    }

    /** The maps by which H2Database knows a collection. */
    private static <K, V> MVMap<K, V> mapOf(String kind, MongoDatabase database, String name) {
      return store.openMap(kind + database.getDatabaseName() + "." + name);
    }

    @Override
    protected QueryResult queryDocuments(
        Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
      if (query.containsKey("_id")) {
        Document byId = new Document("_id", query.get("_id"));
        for (Index<Object> index : getIndexes()) {
          if (!index.canHandle(byId)) continue;
          return matchDocuments(query, index.getPositions(byId), orderBy, skip, limit, batchSize, fields);
        }
      }
      return super.queryDocuments(query, orderBy, skip, limit, batchSize, fields);
    }
  }

  /**
   * A sparse index that is not unique, which the library accepts and does not keep: here it knows which documents have
   * the field. So a look for the few that wait for something does not read all that do not.
   */
  static class SparseIndex extends EmptyIndex<Object> {
    private static final Set<String> RANGES = Set.of("$lt", "$lte", "$gt", "$gte");
    private final String field;
    private final Set<Object> positions = ConcurrentHashMap.newKeySet();

    SparseIndex(String name, List<IndexKey> keys) {
      super(name, keys);
      field = keys.get(0).getKey();
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
      if (document.containsKey(field)) positions.add(position);
      else positions.remove(position);
    }

    @Override
    public void updateInPlace(Document before, Document now, Object position, MongoCollection<Object> collection) {
      add(now, position, collection);
    }

    @Override
    public Object remove(Document document) {
      positions.remove(document.get("_id"));
      return super.remove(document);
    }

    @Override
    public boolean canHandle(Document query) {
      return query.get(field) instanceof Document range && RANGES.containsAll(range.keySet());
    }

    @Override
    public Iterable<Object> getPositions(Document query) { return List.copyOf(positions); }
  }

  static class DatabaseById extends H2Database {
    DatabaseById(String name, MVStore store, CursorRegistry cursors) { super(name, store, cursors); }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
      return new CollectionById(this, name, options, cursorRegistry);
    }

    @Override
    protected Index<Object> openOrCreateSecondaryIndex(
        String collection, String name, List<IndexKey> keys, boolean sparse) {
      boolean isKept = sparse && keys.size() == 1 && !keys.get(0).getKey().contains(".");
      return isKept ? new SparseIndex(name, keys) : super.openOrCreateSecondaryIndex(collection, name, keys, sparse);
    }
  }

  static class BackendById extends H2Backend {
    private static final Set<String> DEFINITIONS = Set.of("create", "createIndexes", "drop", "dropDatabase", "dropIndexes");

    BackendById() { super(store); }

    /** One definition at a time: two at once, on a database that is not there yet, may leave it broken for good. */
    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
      if (!DEFINITIONS.contains(command)) return super.handleCommand(channel, database, command, query);
      synchronized (this) {
        return super.handleCommand(channel, database, command, query);
      }
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
      return new DatabaseById(name, store, getCursorRegistry());
    }
  }

  /**
   * What it has answered, it still knows after `kill -9`, as MongoDB does with `j: true`: a command's changes, and
   * those that it may have seen, are in the file before its answer goes out. H2 is not left to write by itself: it
   * might do so between a document and its entry in an index, and a kill would then leave one without the other.
   */
  static class DurableBackend extends BackendById {
    private static final Set<String> READS =
        Set.of("find", "getMore", "count", "aggregate", "distinct", "isMaster", "ismaster", "hello", "ping",
            "endSessions", "killCursors");
    /** Read: whoever changes documents, many at a time. Write: whoever writes the file, when none is half done. */
    private final ReentrantReadWriteLock changes = new ReentrantReadWriteLock();

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
    store = isDurable ? openDurable(args[1]) : openFast(args[1]);
    H2Backend backend = isDurable ? new DurableBackend() : new BackendById();
    backend.version(new Version5());
    MongoServer server = new MongoServer(backend);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
  }

  /** So much of the file is kept in memory: 100,000 products, where H2's own 16 MB would read each again. */
  private static final int CACHE_MB = 160;

  private static MVStore openDurable(String file) {
    MVStore opened = new MVStore.Builder().fileName(file).cacheSize(CACHE_MB).autoCommitDisabled().open();
    // Space of the past is used again after this time: longer than any query takes.
    opened.setRetentionTime(10_000);
    return opened;
  }

  private static MVStore openFast(String file) {
    MVStore opened = new MVStore.Builder().fileName(file).cacheSize(CACHE_MB).open();
    // H2 writes in the background once a second; a killed server should lose as little as it can.
    opened.setAutoCommitDelay(20);
    return opened;
  }
}
