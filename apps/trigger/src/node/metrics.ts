import { checkNames, type CheckName } from '@icecore/capture';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of the node role; labels are phases and reasons of icecore's own. */
export function nodeMetrics(waiting: () => number, freeBytes: () => Promise<number>, faults: () => readonly CheckName[]) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'icecore_' });
  const registers = [registry];
  new Gauge({ name: 'icecore_captures_waiting', help: 'Captures of this node that are not at their end', registers, collect() {
    this.set(waiting());
  } });
  new Gauge({ name: 'icecore_checkpoint_folder_free_bytes', help: 'Bytes that are free where the node keeps archives', registers, async collect() {
    const free = await freeBytes().catch(() => undefined);
    if (free !== undefined) this.set(free);
  } });
  new Gauge({ name: 'icecore_preflight_faults', help: '1 where a capture of this node would fail for it', labelNames: ['check'], registers, collect() {
    const found = new Set(faults());
    for (const check of checkNames) this.set({ check }, found.has(check) ? 1 : 0);
  } });
  return {
    registry,
    phaseSeconds: new Histogram({ name: 'icecore_phase_seconds', help: 'Time in a phase', labelNames: ['phase'], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300], registers }),
    finished: new Counter({ name: 'icecore_captures_finished_total', help: 'Captures at their end, by how and why', labelNames: ['phase', 'reason'], registers }),
    archiveBytes: new Counter({ name: 'icecore_archive_bytes_total', help: 'Bytes of archives that were sealed', registers }),
    errors: new Counter({ name: 'icecore_node_errors_total', help: 'Times that something did not answer and was tried again', registers }),
  };
}

export type NodeMetrics = ReturnType<typeof nodeMetrics>;
