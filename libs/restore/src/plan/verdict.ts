/** One answer of a plan. `unknown`: the archive or what is known of the machine does not tell. */
export interface Verdict {
  readonly subject: VerdictSubject;
  readonly state: 'fits' | 'misfit' | 'unknown';
  /** One sentence, without a full stop. */
  readonly says: string;
}

export type VerdictSubject =
  | 'archive' | 'engine' | 'runtime' | 'architecture' | 'cpu' | 'kernel' | 'criu' | 'page size' | 'base image' | 'bind mount' | 'volume' | 'connection'
  | 'security module' | 'namespace' | 'control groups' | 'device' | 'limits' | 'memory';

export const fits = (subject: VerdictSubject, says: string): Verdict => ({ subject, state: 'fits', says });
export const misfit = (subject: VerdictSubject, says: string): Verdict => ({ subject, state: 'misfit', says });
export const unknown = (subject: VerdictSubject, says: string): Verdict => ({ subject, state: 'unknown', says });
