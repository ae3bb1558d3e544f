/* Becomes root where it is setuid, then waits. */
#include <unistd.h>

int main(void) {
  if (setuid(0) != 0) return 1;
  for (;;) pause();
}
