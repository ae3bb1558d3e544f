// A server that answers, and now and then runs a command for its work.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

class JobServer {
  public static void main(String[] arguments) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    server.start();
    long sum = 0;
    for (int round = 0; round < 50_000_000; round++) sum = sum * 31 + round;
    new ProcessBuilder("sh", "-c", "sleep 3600").start();
    Thread.sleep(300);
    System.out.println("ready " + (sum & 1));
    Thread.sleep(3600_000);
  }
}
