import type { Secret } from '@icecore/secrets';

/** A process that has scanned memory mapped, and where the hit begins in its address space. */
export interface MemoryOwner {
  /** Undefined where no process of the dump has the segment mapped. */
  readonly pid: number | undefined;
  readonly address: bigint;
}

/** What a stretch of memory is, as far as the dump tells. */
export type RegionKind =
  | 'arguments'
  | 'environment'
  | 'heap'
  | 'stack'
  | 'anonymous'
  | 'file_private'
  | 'file_shared'
  | 'shared'
  | 'memfd'
  | 'sysv'
  | 'vdso'
  | 'other';

/** Where the bytes of a hit are, so that a reader can go to them. */
export type HitPlace =
  | {
      readonly kind: 'memory';
      /** Every process that has the bytes, by ascending pid and address; never empty. */
      readonly owners: readonly MemoryOwner[];
      readonly region: RegionKind;
      /** Permissions as in `/proc/PID/maps`, of the first owner's mapping. */
      readonly permissions: string;
      /** The pages image, and the offset of the hit in it (meaningless where pages are compressed). */
      readonly image: string;
      readonly offset: number;
    }
  | {
      readonly kind: 'file';
      readonly origin: 'deleted' | 'memfd' | 'shared_memory' | 'sysv' | 'rootfs' | 'tmpfs' | 'shm' | 'volume' | 'log' | 'archive';
      /** Path in the container. */
      readonly path: string;
      /** Archive entry or CRIU image that holds the content. */
      readonly entry: string;
      readonly offset: number;
      /** Processes that hold the file, ascending; empty for a file of a file system. */
      readonly pids: readonly number[];
    }
  | {
      readonly kind: 'queue';
      /** `tcp receive queue of socket 4711`, `pipe 12`. */
      readonly subject: string;
      /** Open files (ids of the dump) that the queue belongs to. */
      readonly fileIds: readonly number[];
      readonly pids: readonly number[];
      readonly image: string;
      readonly offset: number;
    };

export type TextEncodingName = 'ascii' | 'utf-16le';

export type IndicatorType = 'url' | 'domain' | 'ipv4' | 'ipv6' | 'email' | 'md5' | 'sha1' | 'sha256' | 'wallet' | 'mining_pool' | 'path' | 'command_line' | 'onion' | 'mac_address';

/** Something to pivot on. */
export interface IndicatorHit {
  readonly kind: 'indicator';
  readonly type: IndicatorType;
  /** Normalised: lower-case host, canonical address; secrets in it are masked. */
  readonly value: string;
  readonly encoding: TextEncodingName;
  /** How often it stands in the block that `place` is in, which is its first place there. */
  readonly count: number;
  readonly place: HitPlace;
}

export interface SecretHit {
  readonly kind: 'secret';
  readonly secret: Secret;
  readonly encoding: TextEncodingName;
  /** Bytes that the value takes. */
  readonly byteLength: number;
  readonly place: HitPlace;
  /** The region holds many unrelated rules' words: a scanner's own rules, not use of the secret. */
  readonly ruleCorpus: boolean;
}

/** Content that begins at a hit: a file format's magic with a sane header behind it. */
export interface MagicHit {
  readonly kind: 'magic';
  readonly format: 'elf' | 'script' | 'pe' | 'gzip' | 'zip' | 'zstd' | 'sqlite' | 'upx' | 'java_class' | 'ffi_closures' | 'pcap' | 'python_bytecode' | 'tar' | 'xz' | 'pdf';
  /** What the header says: `ET_EXEC x86_64, 2 program headers`; the interpreter of a script. */
  readonly description: string;
  /** An address in memory that is a page's first byte, or offset 0 of a file. */
  readonly atStart: boolean;
  readonly place: HitPlace;
}

/** An expanded AES key in memory; the key itself is a secret and only its HMAC is told. */
export interface KeyScheduleHit {
  readonly kind: 'key_schedule';
  readonly algorithm: 'aes-128' | 'aes-192' | 'aes-256';
  readonly hmac: string;
  readonly hmacKeyId: string;
  readonly place: HitPlace;
}

/** A line of a shell's history in memory. */
export interface HistoryHit {
  readonly kind: 'history';
  readonly pid: number;
  /** The command with secrets masked. */
  readonly command: string;
  /** When it was entered, by the shell's own note. */
  readonly enteredAt: Date | undefined;
  readonly place: HitPlace;
}

/** A word of the fixed lists that detectors look for: miners, tunnels, scanners, agents, cloud metadata, … */
export interface KeywordHit {
  readonly kind: 'keyword';
  /** Which list: `miner`, `tunnel`, `cloud_metadata`, `token_path`, `reverse_shell`, `exfiltration`, `anti_forensics`, … */
  readonly list: string;
  /** The word of the list. */
  readonly word: string;
  /** The printable text around it, secrets masked, at most 256 characters. */
  readonly context: string;
  readonly encoding: TextEncodingName;
  readonly place: HitPlace;
  readonly ruleCorpus: boolean;
}

/** One of the user's own indicators. */
export interface WatchHit {
  readonly kind: 'watch';
  /** The indicator as the user's list spells it. */
  readonly indicator: string;
  readonly type: 'string' | 'domain' | 'hash' | 'ip';
  readonly encoding: TextEncodingName | 'bytes';
  readonly place: HitPlace;
}

export interface YaraHit {
  readonly kind: 'yara';
  readonly rule: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** Identifier of the string in the rule that matched here; undefined for a rule without strings. */
  readonly string: string | undefined;
  readonly byteLength: number;
  readonly place: HitPlace;
}

export type ScanHit = IndicatorHit | SecretHit | MagicHit | KeyScheduleHit | HistoryHit | KeywordHit | WatchHit | YaraHit;
