/*
 * Loaded into criu alone, for what CRIU 4.1 does not expect of this machine:
 * - without CAP_SYS_RESOURCE, prlimit64 on another user's process is refused, while /proc/PID/limits may be read;
 * - since Linux 6.16, SO_PASSCRED and SO_PASSSEC are known to unix sockets only, and others answer EOPNOTSUPP. Off is what
 *   they are there.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

static const char *const names[] = {
  "Max cpu time", "Max file size", "Max data size", "Max stack size", "Max core file size", "Max resident set",
  "Max processes", "Max open files", "Max locked memory", "Max address space", "Max file locks", "Max pending signals",
  "Max msgqueue size", "Max nice priority", "Max realtime priority", "Max realtime timeout",
};

static unsigned long value(const char *word) {
  return strncmp(word, "unlimited", 9) == 0 ? ~0UL : strtoul(word, NULL, 10);
}

static int from_proc(int pid, unsigned resource, unsigned long *limits) {
  char path[64], line[256];
  if (resource >= sizeof names / sizeof *names) return -1;
  snprintf(path, sizeof path, "/proc/%d/limits", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return -1;
  int found = -1;
  while (found != 0 && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, names[resource], strlen(names[resource])) != 0) continue;
    char soft[32], hard[32];
    if (sscanf(line + 26, "%31s %31s", soft, hard) != 2) break;
    limits[0] = value(soft);
    limits[1] = value(hard);
    found = 0;
  }
  fclose(file);
  return found;
}

/* As <dlfcn.h> has it under _GNU_SOURCE, with which <unistd.h> would declare what is defined here. */
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

static long (*next)(long, ...);

/** CRIU asks by number. */
long syscall(long number, long a, long b, long c, long d, long e, long f) {
  if (next == NULL) next = dlsym(RTLD_NEXT, "syscall");
  long result = next(number, a, b, c, d, e, f);
  if (number != SYS_prlimit64 || result == 0 || errno != EPERM || c != 0 || d == 0) return result;
  if (from_proc(a, b, (unsigned long *)d) == 0) return 0;
  errno = EPERM;
  return -1;
}

int getsockopt(int socket, int level, int option, void *value, unsigned *length) {
  int result = syscall(SYS_getsockopt, socket, level, option, (long)value, (long)length, 0);
  if (result == 0 || errno != EOPNOTSUPP || level != 1 || (option != 16 && option != 34)) return result;
  if (*length < sizeof(int)) return result;
  *(int *)value = 0;
  *length = sizeof(int);
  return 0;
}
