public class Loop {
  public static void main(String[] arguments) throws Exception {
    long sum = 0;
    for (long i = 0; i < 50_000_000L; i += 1) sum = (sum * 31 + i) ^ (sum >>> 7);
    System.out.println("ready " + sum);
    while (true) {
      Thread.sleep(100);
      sum += System.nanoTime() % 7;
    }
  }
}
