import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { alterImage, type Members, membersOf, tarOf } from './altered-archive.test-support.ts';

/** What an attacker would write into names: each is meant to run, to break out, to reorder or to hide. */
export const attacks: readonly string[] = [
  '<script>window.__pwned=1</script>',
  '"><img src=x onerror="window.__pwned=2">',
  "'><svg/onload=window.__pwned=3>",
  '</script><script>window.__pwned=4</script>',
  '</title></style><script>window.__pwned=5</script>',
  'javascript:window.__pwned=6',
  '<iframe srcdoc="<script>parent.__pwned=7</script>">',
  '<a href="javascript:window.__pwned=8" id=report>click</a>',
  '<style>*{display:none}</style><base href="https://attacker.example/">',
  '<meta http-equiv=refresh content="0;url=https://attacker.example/">',
  '\u202egnp.exe\u2066\u2069\u200b\u200f',
  '\u0000\u0001\u0007\u001b[2J\u001b]0;x\u0007\r\n\t',
  'a\u0301'.repeat(60),
  '\u2028\u2029\ufeff\u{e0041}\u3164',
  '__proto__',
  '${alert(1)}{{constructor.constructor("window.__pwned=9")()}}',
];
const megabyte = 1 << 20;

/** A megabyte in one line, hostile at its beginning. */
export const longLine = `${attacks[0]}${'A'.repeat(megabyte)}`;

/**
 * The archive with names of processes, paths, mount points, metadata, arguments, environments, file changes and logs that
 * are attacks or a megabyte long. What CRIU encodes is encoded as CRIU does it.
 */
export async function hostileArchive(original: Uint8Array): Promise<Buffer> {
  const members = await membersOf(original);
  const snapshot = await openSnapshot(await openArchive(memorySource(original), { spool: memorySpool() }), { spool: memorySpool() });
  let used = 0;
  const attack = (): string => attacks[used++ % attacks.length] ?? '';
  for (const { pid } of snapshot.processes) await alterImage(members, `checkpoint/core-${pid}.img`, (key, value) => (key === 'comm' ? (pid === 24 ? longLine : attack()) : value));
  // One path is a megabyte long, the others are attacks; the files behind them stay where they are.
  let path = 0;
  await alterImage(members, 'checkpoint/files.img', (key, value) => (key === 'name' && typeof value === 'string' && path++ > 0 ? (path === 3 ? `/${longLine}` : `/tmp/${attack()}`) : value));
  const [mountpoints = ''] = [...members.keys()].filter((name) => /mountpoints-\d+\.img$/.test(name));
  await alterImage(members, mountpoints, (key, value) => ((key === 'mountpoint' || key === 'source') && typeof value === 'string' ? `/${attack()}` : value));
  await overwriteText(members, snapshot, attack);
  alterMetadata(members, attack);
  members.set('rootfs-diff.tar', tarOf([...attacks.map((text, i): [string, Uint8Array] => [`tmp/${text.replaceAll('\0', '').replaceAll('\n', '')}${i}`, Buffer.from(`#!/bin/sh\n${text}\n`)]), [`usr/bin/${'B'.repeat(megabyte)}`, Buffer.from('\u007fELF')], ['etc/cron.d/x', Buffer.from(`* * * * * root ${longLine}\n`)], ['root/.ssh/authorized_keys', Buffer.from(`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI ${attacks.join(' ')}\n`)]]));
  members.set('ctr.log', Buffer.from([...attacks, longLine].map((text) => `2026-11-23T07:02:55.000000000Z stdout F ${text.replaceAll('\n', ' ')}\n`).join('')));
  members.set('deleted.files', Buffer.from(JSON.stringify(attacks.map((text) => `/var/log/${text}`))));
  return tarOf(members);
}

/** Writes attacks over the arguments and the environment of each process, in the pages that hold them. */
async function overwriteText(members: Members, { processes }: ContainerSnapshot, attack: () => string): Promise<void> {
  for (const { memory, addresses } of processes) {
    if (memory === undefined || addresses === undefined) continue;
    for (const [start, end] of [addresses.arguments, addresses.environment]) {
      const { parts } = await memory.read(start, Number(end - start));
      for (const part of parts) {
        const pages = part.pagesImage === undefined ? undefined : members.get(`checkpoint/${part.pagesImage}`);
        if (part.state !== 'stored' || pages === undefined || part.offset === undefined) continue;
        const room = Number(part.end - part.start);
        const words = Array.from({ length: 20 }, (_, i) => `${start === addresses.environment[0] ? `${i === 0 ? '<b>' : 'LD_PRELOAD'}=` : ''}${attack()}`).join('\0');
        pages.set(Buffer.concat([Buffer.from(words), Buffer.alloc(room)]).subarray(0, room - 1), part.offset);
      }
    }
  }
}

function alterMetadata(members: Members, attack: () => string): void {
  for (const name of ['config.dump', 'spec.dump']) {
    const text = members.get(name);
    if (text === undefined) continue;
    const hostile = (value: JsonValue, key: string): JsonValue => {
      if (typeof value === 'string') return /^(?:id|createdTime|ociVersion|type|access)$/.test(key) || /^\d{4}-/.test(value) ? value : key === 'hostname' ? longLine : attack();
      if (Array.isArray(value)) return value.map((each: JsonValue) => hostile(each, key));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, hostile(each, inner)]));
    };
    const parsed: JsonValue = JSON.parse(Buffer.from(text).toString('utf8'));
    members.set(name, Buffer.from(JSON.stringify(hostile(parsed, ''))));
  }
}
