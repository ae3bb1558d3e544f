/* Runs a copy of a program from memory: memfd-exec NAME PROGRAM ARGV0 [ARGUMENT…] */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int source = open(argv[2], O_RDONLY);
  int memory = memfd_create(argv[1], MFD_CLOEXEC);
  if (source < 0 || memory < 0) return perror("open"), 1;
  char block[65536];
  for (ssize_t count; (count = read(source, block, sizeof block)) > 0;)
    if (write(memory, block, count) != count) return perror("write"), 1;
  close(source);
  puts("ready");
  fflush(stdout);
  fexecve(memory, argv + 3, environ);
  return perror("fexecve"), 1;
}
