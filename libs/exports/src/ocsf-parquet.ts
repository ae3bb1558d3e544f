import { type Field, nestedParquet } from './nested-parquet.ts';
import type { DetectionFinding } from './ocsf.ts';

/** Where a custom source of Security Lake keeps its files. */
export interface SecurityLakeSource {
  /** Name of the custom source: `icecore`. */
  readonly source: string;
  readonly region: string;
  /** Account that the findings are about, 12 digits, or `external_` and a name. */
  readonly accountId: string;
}

/** A file of a custom source. */
export interface SecurityLakeFile {
  /** Key in the lake's bucket. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const struct = (fields: Readonly<Record<string, Field>>): Field => ({ fields });
const list = (of: Field): Field => ({ list: of });
const named = struct({ uid: 'text', name: 'text' });
const file = struct({ name: 'text', path: 'text', type_id: 'integer' });

const columns: Readonly<Record<keyof DetectionFinding, Field>> = {
  activity_id: 'integer',
  activity_name: 'text',
  category_uid: 'integer',
  category_name: 'text',
  class_uid: 'integer',
  class_name: 'text',
  type_uid: 'long',
  type_name: 'text',
  time: 'long',
  severity_id: 'integer',
  severity: 'text',
  confidence_id: 'integer',
  confidence: 'text',
  status_id: 'integer',
  status: 'text',
  timezone_offset: 'integer',
  message: 'text',
  metadata: struct({ version: 'text', uid: 'text', product: struct({ name: 'text', vendor_name: 'text', version: 'text' }) }),
  finding_info: struct({
    uid: 'text',
    title: 'text',
    desc: 'text',
    types: list('text'),
    created_time: 'long',
    first_seen_time: 'long',
    last_seen_time: 'long',
    analytic: struct({ uid: 'text', name: 'text', type_id: 'integer', type: 'text', version: 'text' }),
    attacks: list(struct({ version: 'text', tactic: struct({ name: 'text' }), technique: named, sub_technique: named })),
    data_sources: list('text'),
  }),
  evidences: list(
    struct({
      process: struct({ pid: 'integer', name: 'text', cmd_line: 'text', user: struct({ uid: 'text' }), file }),
      file,
      dst_endpoint: struct({ ip: 'text', port: 'integer' }),
      container: struct({ uid: 'text', name: 'text', image: named, runtime: 'text' }),
      data: 'json',
    }),
  ),
  resources: list(struct({ uid: 'text', name: 'text', type: 'text', namespace: 'text' })),
  observables: list(struct({ name: 'text', type_id: 'integer', type: 'text', value: 'text' })),
  unmapped: 'json',
};

/**
 * Findings as files of a custom source of Security Lake: one a day of the findings' time in UTC, rows by time. The same
 * findings give the same files. Throws a `RangeError` for a source, region or account that is none.
 */
export function securityLakeFiles(findings: readonly DetectionFinding[], { source, region, accountId }: SecurityLakeSource): readonly SecurityLakeFile[] {
  if (!/^[\w-]{1,20}$/.test(source)) throw new RangeError(`the source ${JSON.stringify(source)} must be 1 to 20 letters, digits, - or _`);
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region)) throw new RangeError(`${JSON.stringify(region)} is no AWS region`);
  if (!/^(?:\d{12}|external_[\w-]{1,100})$/.test(accountId)) throw new RangeError(`${JSON.stringify(accountId)} is no account id of 12 digits, and does not begin with external_`);
  const byDay = Map.groupBy([...findings].sort((a, b) => a.time - b.time), ({ time }) => new Date(time).toISOString().slice(0, 10).replaceAll('-', ''));
  return [...byDay].map(([day, rows]) => ({
    path: `ext/${source}/region=${region}/accountId=${accountId}/eventDay=${day}/detection-findings.parquet`,
    bytes: nestedParquet(columns, rows),
  }));
}
