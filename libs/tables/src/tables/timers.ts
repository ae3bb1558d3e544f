import { bigint, nullable, text, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  kind: text('Interface that set the timer: interval for setitimer(2), posix for timer_create(2).'),
  name: text('Name of an interval timer, or the number of a posix timer.'),
  clock: nullable(text('Clock of a posix timer; NULL for an interval timer, whose name tells.')),
  signal: nullable(text('Signal that a posix timer sends; NULL for an interval timer.')),
  notification: nullable(text('How a posix timer notifies; NULL for an interval timer.')),
  remaining_ns: nullable(bigint('Time until the timer expires, in nanoseconds; 0 where it is not armed.')),
  interval_ns: nullable(bigint('Time after which it expires again, in nanoseconds; 0 where it does not.')),
  overrun: nullable(bigint('Expirations of a posix timer that nobody was told of; NULL for an interval timer.')),
};

export const timers = filledTable(
  { name: 'timers', description: 'One timer of a process.', version: 1, columns, sortBy: ['pid', 'kind'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const { pid, timers: of } of byPid(snapshot.processes)) {
      for (const { name, remaining, interval } of of.interval) {
        yield {
          pid: BigInt(pid),
          kind: 'interval',
          name,
          clock: null,
          signal: null,
          notification: null,
          remaining_ns: remaining,
          interval_ns: interval,
          overrun: null,
        };
      }
      for (const { id, clock, signal, notification, remaining, interval, overrun } of of.posix) {
        yield {
          pid: BigInt(pid),
          kind: 'posix',
          name: String(id),
          clock,
          signal,
          notification,
          remaining_ns: remaining,
          interval_ns: interval,
          overrun: BigInt(overrun),
        };
      }
    }
  },
);
