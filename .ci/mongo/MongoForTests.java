import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/** Serves MongoDB's wire protocol from one H2 file: `java MongoForTests <port> <file>`. */
public class MongoForTests {
  /** The library's own versions name an older protocol than the driver accepts; MongoDB 5.0 speaks 13. */
  static class Version5 implements MongoVersion {
    public List<Integer> getVersionArray() { return List.of(5, 0, 0); }
    public int getWireVersion() { return 13; }
  }

  public static void main(String[] args) {
    H2Backend backend = new H2Backend(args[1]);
    // H2 writes in the background once a second; a killed server should lose as little as it can.
    backend.getMvStore().setAutoCommitDelay(20);
    backend.version(new Version5());
    MongoServer server = new MongoServer(backend);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
  }
}
