import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Loads a native library as Java programs do: unpacked to a temporary file, which goes when it is loaded. */
public class Unpacked {
  public static void main(String[] args) throws Exception {
    Path library = Files.createTempFile("libnetty_transport_native_epoll_x86_64", ".so");
    Files.copy(Path.of("/srv/lab/bin/preload.so"), library, StandardCopyOption.REPLACE_EXISTING);
    System.load(library.toString());
    Files.delete(library);
    System.out.println("ready");
    Thread.sleep(3_600_000);
  }
}
