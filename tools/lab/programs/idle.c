/* Waits, whatever its arguments are. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
  for (;;) pause();
}
