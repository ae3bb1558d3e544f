/** The first moment a timestamp column can hold, 0001-01-01T00:00:00.000Z, in milliseconds since the epoch. */
export const firstMoment = -62_135_596_800_000;
/** The last moment a timestamp column can hold, 9999-12-31T23:59:59.999Z, in milliseconds since the epoch. */
export const lastMoment = 253_402_300_799_999;

/**
 * The moment that many milliseconds after the epoch, or null where it lies outside the years 1 to 9999. For times
 * in evidence, which may hold any 64 bits. A fraction of a millisecond is cut off towards the past.
 */
export function momentOrNull(milliseconds: number | bigint): Date | null {
  const value = typeof milliseconds === 'bigint' ? Number(milliseconds) : Math.floor(milliseconds);
  return value >= firstMoment && value <= lastMoment ? new Date(value) : null;
}
