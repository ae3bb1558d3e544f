/** How icecore ends, for scripts. */
export const exitCodes = {
  /** Done; the answer is yes, or there is one. */
  done: 0,
  /** Done; the answer is no: nothing found, or the two differ. */
  no: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** The evidence or the lake cannot be read; there is no result. */
  failed: 3,
  /** Done, but some evidence is damaged or missing: the result says what is not in it. */
  partial: 4,
  /** A defect of icecore itself (EX_SOFTWARE of sysexits). */
  defect: 70,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
