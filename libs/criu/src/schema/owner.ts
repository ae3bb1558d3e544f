/* Parts that many images share: who a file signals, points in time. */
import { message, required } from '../message.ts';

export const fownEntry = message('fown_entry', {
  uid: required(1, 'uint32'),
  euid: required(2, 'uint32'),
  signum: required(3, 'uint32'),
  pid_type: required(4, 'uint32'),
  pid: required(5, 'uint32'),
});

export const timeval = message('timeval', {
  tv_sec: required(1, 'uint64'),
  tv_usec: required(2, 'uint64'),
});
