import { LakeError } from './errors.ts';
import { layoutFolder } from './layout.ts';

/** What the path of a part tells: one file of one table, with rows of one capture. */
export interface Part {
  readonly table: string;
  /** Whose data this is; what one tenant sees ends here. */
  readonly tenant: string;
  /**
   * Date of the capture in UTC, `YYYY-MM-DD`. There is no partition for an unknown date: where the evidence does
   * not tell when it was captured, whoever adds it names the date it shall be found under, and `captured_at` in
   * the rows stays NULL.
   */
  readonly date: string;
  readonly captureId: string;
  /** Counts from 0; up to 99999. */
  readonly part: number;
}

/** Most parts that one capture may have in one table. */
export const maxPartCount = 100_000;

const safeName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?$/;
const partPattern = /^([^/]+)\/([a-z0-9_]+)\/tenant=([^/]+)\/dt=([^/]+)\/([^/]+)-(\d{5})\.parquet$/;

/**
 * Path of a part in a lake: `v1/<table>/tenant=<tenant>/dt=<date>/<capture>-<part>.parquet`. Throws a `LakeError`
 * (`invalid_name`) for a name that is not safe as part of a path or of a query.
 */
export function partPath(part: Part): string {
  const folder = `tenant=${requireSafeName(part.tenant, 'tenant')}/dt=${requireDate(part.date)}`;
  const file = `${requireSafeName(part.captureId, 'capture id')}-${partNumber(part.part)}.parquet`;
  return `${tableFolder(part.table)}${folder}/${file}`;
}

/** What a path tells, or undefined where it is not the path of a part of this layout. */
export function parsePartPath(path: string): Part | undefined {
  const match = partPattern.exec(path);
  const [, layout, table, tenant, date, captureId, part] = match ?? [];
  if (layout !== layoutFolder || table === undefined || tenant === undefined) return undefined;
  if (date === undefined || captureId === undefined || part === undefined) return undefined;
  if (!safeName.test(tenant) || !safeName.test(captureId) || !isDate(date)) return undefined;
  return { table, tenant, date, captureId, part: Number(part) };
}

/** Folder of a table's parts, with a slash at the end: `v1/<table>/`. */
export function tableFolder(table: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(table)) throw new LakeError('invalid_name', `table ${JSON.stringify(table)} is not a table's name`);
  return `${layoutFolder}/${table}/`;
}

/** The date in UTC of a moment, as partitions spell it. */
export function partitionDate(moment: Date): string {
  const date = Number.isNaN(moment.getTime()) ? 'invalid' : moment.toISOString().slice(0, 10);
  return requireDate(date);
}

/**
 * The name itself where it is safe in paths and queries: 1 to 128 letters, digits, `.`, `_` and `-`, beginning
 * with a letter or digit and not ending in a dot. Throws a `LakeError` (`invalid_name`) else.
 */
export function requireSafeName(name: string, role: string): string {
  if (!safeName.test(name) || name.includes('..')) {
    throw new LakeError('invalid_name', `${role} ${JSON.stringify(name)} must be 1 to 128 letters, digits, '.', '_' or '-'`);
  }
  return name;
}

function requireDate(date: string): string {
  if (!isDate(date)) throw new LakeError('invalid_name', `date ${JSON.stringify(date)} is not a date of the form YYYY-MM-DD`);
  return date;
}

function partNumber(part: number): string {
  if (Number.isInteger(part) && part >= 0 && part < maxPartCount) return String(part).padStart(5, '0');
  throw new LakeError('invalid_name', `part ${part} is not a number from 0 to ${maxPartCount - 1}`);
}

function isDate(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const moment = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
}
