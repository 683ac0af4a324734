import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * A Neo4j Community server on the loopback address, log-in required.
 *
 * <p>java -cp "lib/*" StartNeo4j.java DATA_FOLDER PORT [SETTING=VALUE ...] with the password of the user neo4j in the
 * environment variable STARTER_PASSWORD. Prints "READY PORT" and runs until its standard input ends, so that it never
 * outlives the process that started it.
 */
public class StartNeo4j {
  public static void main(String[] arguments) {
    try {
      run(arguments);
      System.exit(0);
    } catch (Throwable problem) {
      System.err.println(problem);
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    Path settings = Path.of(arguments[0], "starter.conf");
    Files.write(settings, Arrays.asList(arguments).subList(2, arguments.length));
    DatabaseManagementService server =
        new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
            .loadPropertiesFromFile(settings)
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1])))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    Path done = Path.of(arguments[0], "password-is-set"); // a server refuses to set the same password again
    if (!Files.exists(done)) {
      server
          .database("system")
          .executeTransactionally(
              "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
              Map.of("password", System.getenv("STARTER_PASSWORD")));
      Files.createFile(done);
    }
    System.out.println("READY " + arguments[1]);
    while (System.in.read() >= 0) {}
  }
}
