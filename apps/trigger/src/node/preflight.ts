import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, examineNode, gatherNodeReport, type NodeReport, type NodeReportPorts, noSight, parseNode } from '@icecore/capture';

export interface PreflightOptions extends NodeReportPorts {
  /** Writes the report to where `icecore doctor` reads it. */
  publish(report: NodeReport): Promise<void>;
  /** The node as the API has it. */
  rawNode(): Promise<unknown>;
  /** Least space that a capture must leave, in bytes. */
  readonly freeBytes: number;
  readonly everyMs: number;
  /** Told when what is wrong changed. */
  onFaults(faults: readonly Check[]): void;
  onTrouble(error: unknown): void;
}

/** Looks again and again at whether a capture of this node would succeed. */
export interface Preflight {
  /** Why one would not, with what helps; undefined before the first look. */
  readonly faults: readonly Check[] | undefined;
  /** Looks again soon, for something happened that may bear on it. */
  lookSoon(): void;
  /** Resolves when the signal is given. */
  run(signal: AbortSignal): Promise<void>;
}

/** How long `lookSoon` waits, so that many failures lead to one look, in milliseconds. */
const soonMs = 2000;

/** How soon it is tried again where the report could not be made, in milliseconds. */
const afterTroubleMs = 15_000;

export function preflight(options: PreflightOptions): Preflight {
  const { node, freeBytes, everyMs, now } = options;
  let faults: readonly Check[] | undefined;
  let waked = new AbortController();

  const look = async (): Promise<void> => {
    const report = await gatherNodeReport(options);
    const object = parseNode(await options.rawNode()) ?? { metadata: { name: node, labels: {} }, spec: {}, status: { conditions: [] } };
    const { checks } = examineNode({ node: object, report, gate: noSight('the report tells it'), access: noSight('a role may not ask'), freeBytes, now: now() });
    const found = checks.filter(({ state }) => state === 'bad');
    const changed = JSON.stringify(found.map(({ check }) => check)) !== JSON.stringify(faults?.map(({ check }) => check));
    faults = found;
    if (changed) options.onFaults(found);
    await options.publish(report);
  };

  return {
    get faults() {
      return faults;
    },
    lookSoon: () => waked.abort(),
    async run(signal) {
      while (!signal.aborted) {
        let waitMs = everyMs;
        await look().catch((error: unknown) => {
          waitMs = Math.min(everyMs, afterTroubleMs);
          options.onTrouble(error);
        });
        await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, waked.signal]) }).catch(() => undefined);
        if (waked.signal.aborted) await sleep(Math.min(soonMs, everyMs), undefined, { signal }).catch(() => undefined);
        waked = new AbortController();
      }
    },
  };
}
