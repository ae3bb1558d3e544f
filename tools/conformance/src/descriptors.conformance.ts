import { eachProcess } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';
import { fieldsIn } from './proc-text.ts';

const closeOnExecFlag = 0o2000000;

eachProcess('descriptors', 'file descriptors', (process, truth, facts) => {
  for (const [fd, expected, found] of paired(truth.fds, (each) => each.fd, process.descriptors, (each) => each.fd)) {
    const subject = `process ${process.pid} fd ${fd}`;
    facts.check(subject, 'presence', expected !== undefined, found !== undefined);
    if (expected === undefined || found === undefined) continue;
    const { file } = found;
    const info = fieldsIn(expected.fdinfo);
    const flags = Number.parseInt(info.get('flags') ?? '', 8);
    facts.check(subject, 'link', expected.link, file.deleted ? `${file.name} (deleted)` : file.name);
    facts.check(subject, 'closeOnExec', (flags & closeOnExecFlag) !== 0, found.closeOnExec);
    facts.check(subject, 'flags', flags & ~closeOnExecFlag, file.flags === undefined ? undefined : file.flags & ~closeOnExecFlag);
    facts.check(subject, 'position', BigInt(info.get('pos') ?? 0), file.position ?? 0n);
    if (file.mountId !== undefined) facts.check(subject, 'mountId', Number(info.get('mnt_id')), file.mountId);
    if (file.mode !== undefined) facts.check(subject, 'mode', Number(expected.mode), file.mode);
    if (file.size !== undefined) facts.check(subject, 'size', BigInt(expected.size), file.size);
  }
});
